"""Blocks that several pages share."""

from collections import Counter
from collections.abc import Mapping, Sequence

from contracode.support.html.blocks import Block, Curve, Map, Point, Text
from contracode.support.html.projection_2d import MapPoint

_PROJECTS = 12
"""Maximum number of groups of a map; more colours and shapes cannot be distinguished."""


def curve(name: str, history: Sequence[Mapping[str, float]], metric: str) -> Curve:
    """Return a metric over the steps as a curve; rows without the metric are skipped."""
    rows = [row for row in history if metric in row]
    return Curve(name, [row["step"] for row in rows], [row[metric] for row in rows])


def settings_rows(settings: Mapping[str, object]) -> list[list[str]]:
    """Return settings as rows of name and value; sections are prefixes."""
    rows: list[list[str]] = []
    for name, value in settings.items():
        if isinstance(value, Mapping):
            rows += [[f"{name}.{key}", text] for key, text in settings_rows(value)]
        else:
            rows.append([name, str(value)])
    return rows


def embedding_map(places: Sequence[MapPoint], explained: float | None) -> list[Block]:
    """Return a map of embeddings with its caption, coloured by project.

    The largest projects have colours of their own; the others share one.

    Args:
        places: the functions and their coordinates.
        explained: share of the variance that the two principal components explain; None for a
            projection by UMAP.
    """
    sizes = Counter(place.project for place in places)
    ranked = sorted(sizes, key=lambda project: (-sizes[project], project))
    kept = set(ranked if len(ranked) <= _PROJECTS else ranked[: _PROJECTS - 1])
    points = [
        Point(
            one.x,
            one.y,
            (one.project or "no repository")
            if one.project in kept
            else f"{len(ranked) - len(kept)} others",
            ": ".join(filter(None, [one.name, "/".join(filter(None, [one.project, one.path]))])),
        )
        for one in places
    ]
    method = (
        "The projection by UMAP keeps neighbours together; distances have no meaning."
        if explained is None
        else f"The two principal components explain {explained:.0%} of the variance."
    )
    text = (
        "Each point is a function; the closer two points, the more similar their embeddings. "
        f"Hover over a point to see its name. {method}"
    )
    return [Text(text), Map("Functions by project", points)]
