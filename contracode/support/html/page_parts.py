"""Parts that the pages of the demo and of runs share."""

from collections import Counter
from collections.abc import Mapping, Sequence

from contracode.support.html.blocks import Block, Curve, Map, Point, Text
from contracode.support.html.projection_2d import MapPoint

_PROJECTS = 12
"""Groups of a map at most: of more, nobody can tell the colours and shapes apart."""


def curve(name: str, history: Sequence[Mapping[str, float]], metric: str) -> Curve:
    """Return a column of a history as a curve over the steps; rows without it are left out."""
    rows = [row for row in history if metric in row]
    return Curve(name, [row["step"] for row in rows], [row[metric] for row in rows])


def settings_rows(settings: Mapping[str, object]) -> list[list[str]]:
    """Return settings, in sections or without, as rows of name and value."""
    rows: list[list[str]] = []
    for name, value in settings.items():
        if isinstance(value, Mapping):
            rows += [[f"{name}.{key}", text] for key, text in settings_rows(value)]
        else:
            rows.append([name, str(value)])
    return rows


def embedding_map(places: Sequence[MapPoint], explained: float | None) -> list[Block]:
    """Return the map of embeddings, coloured by project: the largest ones have a colour of their
    own.

    Args:
        places: of the functions.
        explained: share of the variance that two principal components have; None where UMAP has
            laid out the plane.
    """
    sizes = Counter(place.project for place in places)
    ranked = sorted(sizes, key=lambda project: (-sizes[project], project))
    kept = set(ranked if len(ranked) <= _PROJECTS else ranked[: _PROJECTS - 1])
    points = [
        Point(
            one.x,
            one.y,
            (one.project or "no repository named")
            if one.project in kept
            else f"{len(ranked) - len(kept)} others",
            ": ".join(filter(None, [one.name, "/".join(filter(None, [one.project, one.path]))])),
        )
        for one in places
    ]
    shown = (
        "UMAP has laid out the plane: who is near to whom is kept, distances are not."
        if explained is None
        else f"The two principal components shown have {explained:.0%} of the variance."
    )
    text = f"Each point is a function; functions that the model holds to be alike are close. Hover over one for its name. {shown}"
    return [Text(text), Map("Functions by project", points)]
