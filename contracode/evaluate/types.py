"""Figures of type prediction: accuracy at 1 and 5 beside counting tables, calibration, what the threshold shows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from contracode.evaluate import metrics
from contracode.evaluate.baselines import CountingTable, Keys
from contracode.evaluate.report import Report


class TypeItem(NamedTuple):
    """A name with its true type, and the file or repository it is from."""

    kind: str
    name: str
    label: str
    group: str


class Answer(NamedTuple):
    """What a model said to an item: types, best first, and the probability of the best."""

    ranked: Sequence[str]
    confidence: float


BASELINES: dict[str, int] = {"most frequent": 2, "by name": 0}
"""Counting tables, each by the first of `_keys` that it knows."""


def _keys(item: TypeItem) -> Keys:
    return [(item.kind, item.name), (item.kind,), ()]


def evaluate_types(
    items: Sequence[TypeItem],
    answers: Mapping[str, Sequence[Answer]],
    training: Sequence[TypeItem],
    *,
    threshold: float,
    seed: int = 0,
) -> Report:
    """Score answers beside "most frequent" and "by name" tables counted on the training split.

    Types that a method cannot say count as wrong. `shown` is the share of items whose best type reaches the threshold, and
    `right of shown` how many of those are right; `ECE` is the expected calibration error.

    Args:
        items: what was asked.
        answers: of each method, in the order of the items.
        training: items of the training split.
        threshold: confidence from which a type is shown.
        seed: of the bootstrap.
    """
    labels = [item.label for item in items]
    groups = [item.group for item in items]
    report = Report(task="types", num_items=len(items), num_groups=len(set(groups)))
    table = CountingTable((_keys(item), item.label) for item in training)
    ranked = {
        baseline: [table.rank(_keys(item)[first:]) for item in items] for baseline, first in BASELINES.items()
    } | {method: [answer.ranked for answer in said] for method, said in answers.items()}
    for method, candidates in ranked.items():
        for k in (1, 5):
            hits_N = metrics.hits(candidates, labels, k=k)
            report.add(method, f"acc@{k}", lambda i, h=hits_N: float(h[i].mean()), groups, seed=seed)
    for method, said in answers.items():
        right_N = metrics.hits(ranked[method], labels, k=1)
        confidence_N = np.asarray([answer.confidence for answer in said])
        shown_N = confidence_N >= threshold
        report.add(method, "shown", lambda i, s=shown_N: float(s[i].mean()), groups, seed=seed)
        report.add(method, "right of shown", lambda i, s=shown_N, r=right_N: _share(r[i][s[i]]), groups, seed=seed)
        report.add(
            method, "ECE", lambda i, c=confidence_N, r=right_N: metrics.calibration_error(c[i], r[i]), groups, seed=seed
        )
    return report


def _share(right: np.ndarray) -> float:
    return float(right.mean()) if len(right) else float("nan")
