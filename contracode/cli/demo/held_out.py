"""Stages of `contracode demo` after training: measure on the held-out projects, predict types, draw
the map.

Legend: N functions, D embedding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from contracode.cli.demo.results import Hinted, Sample, Watch
from contracode.corpus.labels.datasets import NamedFunction
from contracode.evaluate.clones.views import Embedder, ViewPair, embedders, view_pairs
from contracode.evaluate.labels import name_answers, type_answers
from contracode.evaluate.report import Report
from contracode.inference.model import Model
from contracode.products.annotate.draw_hints import draw, shown
from contracode.support import metrics
from contracode.support.html.projection_2d import MapPoint, map_points, principal_plane

COMPARED = ("acc@1", "acc@5", "F1", "exact")
"""Figures of the heads that are shown; `contracode evaluate` has more."""

GUESSES = 10
"""Hints that are drawn at least, sure or not."""


def compare(
    model: Model, baseline: Model, sample: Sample, *, seed: int, watch: Watch
) -> list[Report]:
    """Measure both models and the counting baselines on the projects that were held out.

    The intervals draw files, for which every held-out item gets one repository: two projects are
    too few to draw from.

    Returns:
        Reports of types, names and retrieval; in the last, each function's rewritten view is sought
        among those of the whole sample.
    """
    files = [
        msgspec.structs.replace(file, repo="", path=f"{file.repo}/{file.path}")
        for file in sample.files_of("test")
    ]
    functions = [
        one._replace(repo="", path=f"{one.repo}/{one.path}") for one in sample.functions_of("test")
    ]
    training = sample.files_of("train"), sample.functions_of("train")
    types = type_answers.types(model, files, training[0], against=[baseline], seed=seed)
    watch(1, 3, {})
    names = name_answers.names(model, functions, training[1], against=[baseline], seed=seed)
    watch(2, 3, {})
    others = [function for function in sample.functions if function.partition != "test"]
    pairs, distractors = (
        view_pairs([(f.source, f.path) for f in chosen], seed=seed)
        for chosen in (functions, others)
    )
    found = retrieval(
        pairs, [pair.second for pair in distractors], embedders(model, seed=seed), seed=seed
    )
    watch(3, 3, {})
    return [_kept(types), _kept(names), found]


def _kept(report: Report) -> Report:
    """Return a report with the figures that the page compares."""
    return msgspec.structs.replace(
        report, figures=[one for one in report.figures if one.metric in COMPARED]
    )


def retrieval(
    pairs: Sequence[ViewPair],
    distractors: Sequence[str],
    embedders: Mapping[str, Embedder],
    *,
    seed: int,
) -> Report:
    """Seek each pair's second view by its first among all second views and the distractors."""
    groups = [pair.group for pair in pairs]
    report = Report(task="retrieval", num_items=len(pairs), num_groups=len(set(groups)))
    for method, embed in embedders.items():
        queries_ND = embed([pair.first for pair in pairs])
        ranks_N = metrics.partner_ranks(
            queries_ND, embed([*(pair.second for pair in pairs), *distractors])
        )
        report.add(
            method,
            "P@1",
            lambda i, r=ranks_N: metrics.retrieval(r[i]).precision_at_1,
            groups,
            seed=seed,
        )
        report.add(
            method, "MRR", lambda i, r=ranks_N: metrics.retrieval(r[i]).mrr, groups, seed=seed
        )
    return report


def hint(model: Model, sample: Sample) -> Hinted:
    """Predict the types of a held-out JavaScript file: the one in which the model is surest.

    A model of so little data is rarely as sure as an editor asks for; the surest guesses are drawn
    all the same, and marked.
    """
    threshold = model.metadata.threshold
    found: list[tuple[int, float, Hinted]] = []
    for project in sorted({function.repo for function in sample.functions_of("test")}):
        for path in sorted((sample.folder / "javascript" / project).glob("*.js")):
            source = path.read_text("utf-8")
            predictions = [
                one for one in model.predict_types(source) if not one.written and not one.obvious
            ]
            sure = len(shown(predictions, threshold))
            ranked = sorted(shown(predictions, 0.0), key=lambda one: -one.candidates[0].probability)
            chosen = ranked[: max(sure, GUESSES)]
            parts = [
                part
                if part.probability is None or part.probability >= threshold
                else part._replace(text=part.text + "?")
                for part in draw(source, chosen)
            ]
            hinted = Hinted(
                path.relative_to(sample.folder).as_posix(),
                parts,
                threshold,
                len(chosen),
                sure,
                len(predictions) - len(chosen),
            )
            found.append((sure, sum(one.candidates[0].probability for one in chosen), hinted))
    return max(found, key=lambda entry: entry[:2])[2]


def place(model: Model, functions: Sequence[NamedFunction]) -> tuple[list[MapPoint], float]:
    """Lay the embeddings of functions into the plane of their two principal components.

    Returns:
        The places, and the share of the variance that the plane shows.
    """
    plane_N2, explained = principal_plane(model.embed([function.source for function in functions]))
    named = [(function.name, function.repo, function.path) for function in functions]
    return map_points(plane_N2, named), explained
