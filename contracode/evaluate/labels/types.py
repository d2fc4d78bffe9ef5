"""Scores predicted types: accuracy, calibration, selective prediction; counting tables.

Legend: N items.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from contracode.evaluate.labels.counting_table import CountingTable, Keys
from contracode.evaluate.report import Report
from contracode.support import metrics

ANY = "any"

CONFUSED = 12
"""Number of types in the confusion table; all others share one more row and column."""

BINS = 15
"""Number of bins of the reliability diagram, as of the expected calibration error."""


class TypeItem(NamedTuple):
    """A name with its true type, its file or repository, and the tokens around its declaration."""

    kind: str
    name: str
    label: str
    group: str
    left: str = ""
    right: str = ""


class Answer(NamedTuple):
    """Predicted types of an item, best first, and the probability of the best."""

    ranked: Sequence[str]
    confidence: float


BASELINES: dict[str, Callable[[TypeItem], Keys]] = {
    "most frequent": lambda item: [(item.kind,), ()],
    "by name": lambda item: [(item.kind, item.name), (item.kind,), ()],
    "by name and context": lambda item: [
        (item.kind, item.name, item.left, item.right),
        (item.kind, item.name),
        (item.kind,),
        (),
    ],
}
"""Keys of the counting tables; a table answers by the first key that occurs in training."""


def evaluate_types(
    items: Sequence[TypeItem],
    answers: Mapping[str, Sequence[Answer]],
    training: Sequence[TypeItem],
    *,
    thresholds: Mapping[str, float],
    models: Sequence[str] = (),
    silent: Mapping[str, Sequence[str | None]] | None = None,
    seed: int = 0,
) -> Report:
    """Score answers, and counting tables of the training split as baselines.

    A type that a method cannot predict counts as wrong. The metrics are:

    - `acc@k`: accuracy among the first k candidates, without `any` in labels and candidates;
    - `acc@k all`: the same with `any`, reported if some label is `any`;
    - `shown`: share of items whose best type reaches the threshold;
    - `right of shown`: precision of the shown types;
    - `ECE`: expected calibration error;
    - `over counting`: paired difference in acc@1 from "by name and context".

    The last four leave out items with the label `any`.

    Args:
        items: names with their types, `any` included.
        answers: answers of each method in the order of the items.
        training: items of the training split.
        thresholds: lowest confidence at which a type of each method is shown.
        models: methods whose paired differences in acc@1 from the others are reported.
        silent: answers of tools that predict one type, or None to abstain.
        seed: seed of the bootstrap.
    """
    scorer = _TypeScorer(items, seed)
    counted_N = np.zeros(len(scorer.asked), np.bool_)
    for name, keys in BASELINES.items():
        table = CountingTable((keys(item), item.label) for item in training)
        counted_N = scorer.accuracy(name, [table.rank(keys(item), k=6) for item in items])
    for tool, found in (silent or {}).items():
        scorer.accuracy(tool, [[] if one is None else [one] for one in found])
    rights: dict[str, np.ndarray] = {}
    for method, found in answers.items():
        rights[method] = scorer.accuracy(method, [answer.ranked for answer in found])
        scorer.difference(method, rights[method], counted_N)
        scorer.confidence(method, found, rights[method], thresholds[method])
    for method in models:
        for other in rights:
            if other not in models:
                scorer.compare(method, other, rights)
    return scorer.report


class _TypeScorer:
    """Adds the figures of methods to one report.

    Args:
        items: names with their types.
        seed: seed of the bootstrap.

    Attributes:
        asked: indices of the items whose label is not `any`.
        report: the report with the figures so far.
    """

    def __init__(self, items: Sequence[TypeItem], seed: int) -> None:
        self._items = items
        self._seed = seed
        self.asked = [number for number, item in enumerate(items) if item.label != ANY]
        self._labels = [items[number].label for number in self.asked]
        self._groups = [items[number].group for number in self.asked]
        self._best: dict[str, list[str]] = {}
        self.report = Report(
            task="types", num_items=len(self.asked), num_groups=len(set(self._groups))
        )

    def accuracy(self, method: str, candidates: Sequence[Sequence[str]]) -> np.ndarray:
        """Add accuracies, and return which items have the right type first: bool (N,)."""
        chosen = [[one for one in candidates[number] if one != ANY] for number in self.asked]
        self._best[method] = [one[0] if one else "" for one in chosen]
        for k in (1, 5):
            hits_N = metrics.hits(chosen, self._labels, k=k)
            self._add(method, f"acc@{k}", lambda i, h=hits_N: _share(h[i]))
            if len(self.asked) < len(self._items):
                all_N = metrics.hits(candidates, [item.label for item in self._items], k=k)
                groups = [item.group for item in self._items]
                self.report.add(
                    method,
                    f"acc@{k} all",
                    lambda i, h=all_N: _share(h[i]),
                    groups,
                    seed=self._seed,
                )
        return metrics.hits(chosen, self._labels, k=1)

    def difference(self, method: str, right_N: np.ndarray, counted_N: np.ndarray) -> None:
        """Add the difference of a method from counting."""
        self._add(
            method,
            "over counting",
            lambda i: float(right_N[i].mean() - counted_N[i].mean()) if len(i) else float("nan"),
        )

    def confidence(
        self, method: str, answers: Sequence[Answer], right_N: np.ndarray, threshold: float
    ) -> None:
        """Add calibration and selective prediction, with details for the page."""
        confidence_N = np.asarray([answers[number].confidence for number in self.asked])
        shown_N = confidence_N >= threshold
        self._add(method, "shown", lambda i: _share(shown_N[i]))
        self._add(method, "right of shown", lambda i: _share(right_N[i][shown_N[i]]))
        self._add(method, "ECE", lambda i: metrics.calibration_error(confidence_N[i], right_N[i]))
        kinds = [self._items[number].kind for number in self.asked]
        self.report.details[method] = {
            "threshold": threshold,
            "risk_coverage": risk_coverage(confidence_N, right_N),
            "reliability": reliability(confidence_N, right_N),
            "confusion": confusion(self._labels, self._best[method]),
            "by_kind": {
                kind: by_kind(kinds, kind, right_N, shown_N) for kind in dict.fromkeys(kinds)
            },
        }

    def compare(self, method: str, other: str, rights: Mapping[str, np.ndarray]) -> None:
        """Add the paired difference of two methods."""
        one_N, other_N = rights[method], rights[other]
        self.report.compare(
            method,
            other,
            "acc@1",
            lambda i: _share(one_N[i]) - _share(other_N[i]),
            self._groups,
            seed=self._seed,
        )

    def _add(self, method: str, metric: str, statistic: Callable[[np.ndarray], float]) -> None:
        self.report.add(method, metric, statistic, self._groups, seed=self._seed)


def risk_coverage(
    confidence_N: np.ndarray, right_N: np.ndarray, *, points: int = 100
) -> list[tuple[float, float, float]]:
    """Return (coverage, risk, threshold) for thresholds from high to low.

    Coverage is the share of items that reach the threshold, risk the share of wrong answers among
    these items.
    """
    order = np.argsort(-confidence_N, kind="stable")
    # Items with equal confidence reach the same thresholds.
    ends = np.flatnonzero(np.diff(confidence_N[order], append=np.nan) != 0)
    wrong = np.cumsum(~right_N[order])
    if len(ends) > points:
        ends = ends[np.linspace(0, len(ends) - 1, points).astype(np.int64)]
    return [
        (
            float((end + 1) / len(order)),
            float(wrong[end] / (end + 1)),
            float(confidence_N[order][end]),
        )
        for end in ends
    ]


def reliability(confidence_N: np.ndarray, right_N: np.ndarray) -> list[tuple[float, float, int]]:
    """Return (mean confidence, accuracy, number of items) of each bin that is not empty."""
    index_N = np.minimum((confidence_N * BINS).astype(np.int64), BINS - 1)
    return [
        (
            float(confidence_N[index_N == b].mean()),
            float(right_N[index_N == b].mean()),
            int((index_N == b).sum()),
        )
        for b in range(BINS)
        if (index_N == b).any()
    ]


def confusion(labels: Sequence[str], best: Sequence[str]) -> dict[str, object]:
    """Count confusions of the most frequent types.

    `counts[i][j]` is the number of items of type i that are predicted as type j.
    """
    common = [
        name
        for name, _ in sorted(Counter(labels).items(), key=lambda item: (-item[1], item[0]))[
            :CONFUSED
        ]
    ]
    number = {name: at for at, name in enumerate(common)}
    counts = np.zeros((len(common) + 1, len(common) + 1), np.int64)
    for label, answer in zip(labels, best, strict=True):
        counts[number.get(label, len(common)), number.get(answer, len(common))] += 1
    return {"types": [*common, "others"], "counts": counts.tolist()}


def by_kind(
    kinds: Sequence[str], kind: str, right_N: np.ndarray, shown_N: np.ndarray
) -> dict[str, float]:
    """Return figures of a kind: number of items, accuracy, coverage, precision of shown types."""
    mine_N = np.asarray([one == kind for one in kinds])
    return {
        "items": int(mine_N.sum()),
        "acc@1": float(right_N[mine_N].mean()),
        "shown": float(shown_N[mine_N].mean()),
        "right_of_shown": _share(right_N[mine_N & shown_N]),
    }


def _share(right: np.ndarray) -> float:
    return float(right.mean()) if len(right) else float("nan")
