"""Figures of type prediction: accuracy at 1 and 5 beside counting tables, calibration, what the
threshold shows.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from contracode.evaluate.baselines import CountingTable, Keys
from contracode.evaluate.report import Report
from contracode.support import metrics

ANY = "any"

CONFUSED = 12
"""Types of the confusion table; the rest is one more row and column."""

BINS = 15
"""Of the reliability diagram, as of the expected calibration error."""


class TypeItem(NamedTuple):
    """A name with its true type, the file or repository it is from, and the tokens before and
    behind its declaration.
    """

    kind: str
    name: str
    label: str
    group: str
    left: str = ""
    right: str = ""


class Answer(NamedTuple):
    """What a model said to an item: types, best first, and the probability of the best."""

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
"""Counting tables, each by the first of these keys that it knows."""


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
    """Score answers beside tables counted on the training split.

    Types that a method cannot say count as wrong. `acc@k` leaves `any` out of labels and
    candidates, `acc@k all` counts it as a type like others (it is there only if a label is `any`).
    Of what is not `any`: `shown` is the share of items whose best type reaches the threshold, and
    `right of shown` how many of those are right; `ECE` is the expected calibration error; `over
    counting` is what acc@1 has more than "by name and context", paired by item.

    Args:
        items: what was asked, `any` too.
        answers: of each method, in the order of the items.
        training: items of the training split.
        thresholds: confidence from which a type of each method is shown.
        models: of the methods, those whose differences in acc@1 from the others of them are
            reported, paired by item.
        silent: answers of tools that say one type or nothing.
        seed: of the bootstrap.
    """
    told = [number for number, item in enumerate(items) if item.label != ANY]
    groups = [items[number].group for number in told]
    every_group = [item.group for item in items]
    report = Report(task="types", num_items=len(told), num_groups=len(set(groups)))
    ranked: dict[str, list[Sequence[str]]] = {}
    for baseline, keys in BASELINES.items():
        table = CountingTable((keys(item), item.label) for item in training)
        ranked[baseline] = [table.rank(keys(item), k=6) for item in items]
    for tool, said in (silent or {}).items():
        ranked[tool] = [[] if one is None else [one] for one in said]
    for method, said in answers.items():
        ranked[method] = [answer.ranked for answer in said]
    labels = [items[number].label for number in told]
    counted_N = np.zeros(len(told), np.bool_)
    rights: dict[str, np.ndarray] = {}
    for method, candidates in ranked.items():
        chosen = [[one for one in candidates[number] if one != ANY] for number in told]
        for k in (1, 5):
            hits_N = metrics.hits(chosen, labels, k=k)
            report.add(method, f"acc@{k}", lambda i, h=hits_N: _share(h[i]), groups, seed=seed)
            if len(told) < len(items):
                all_N = metrics.hits(candidates, [item.label for item in items], k=k)
                report.add(
                    method, f"acc@{k} all", lambda i, h=all_N: _share(h[i]), every_group, seed=seed
                )
        right_N = metrics.hits(chosen, labels, k=1)
        if method == "by name and context":
            counted_N = right_N
        if method not in answers:
            continue
        rights[method] = right_N
        report.add(
            method,
            "over counting",
            lambda i, r=right_N, c=counted_N: (
                float(r[i].mean() - c[i].mean()) if len(i) else float("nan")
            ),
            groups,
            seed=seed,
        )
        confidence_N = np.asarray([answers[method][number].confidence for number in told])
        shown_N = confidence_N >= thresholds[method]
        report.add(method, "shown", lambda i, s=shown_N: _share(s[i]), groups, seed=seed)
        report.add(
            method,
            "right of shown",
            lambda i, s=shown_N, r=right_N: _share(r[i][s[i]]),
            groups,
            seed=seed,
        )
        report.add(
            method,
            "ECE",
            lambda i, c=confidence_N, r=right_N: metrics.calibration_error(c[i], r[i]),
            groups,
            seed=seed,
        )
        best = [one[0] if one else "" for one in chosen]
        kinds = [items[number].kind for number in told]
        report.details[method] = {
            "threshold": thresholds[method],
            "risk_coverage": risk_coverage(confidence_N, right_N),
            "reliability": reliability(confidence_N, right_N),
            "confusion": confusion(labels, best),
            "by_kind": {
                kind: by_kind(kinds, kind, right_N, shown_N) for kind in dict.fromkeys(kinds)
            },
        }
    for method, other in (
        (method, other) for method in models for other in rights if other not in models
    ):
        report.compare(
            method,
            other,
            "acc@1",
            lambda i, a=rights[method], b=rights[other]: _share(a[i]) - _share(b[i]),
            groups,
            seed=seed,
        )
    return report


def risk_coverage(
    confidence_N: np.ndarray, right_N: np.ndarray, *, points: int = 100
) -> list[tuple[float, float, float]]:
    """Return (coverage, risk, threshold) for thresholds from high to low: the share of items that
    reach it, and of these the wrong.
    """
    order = np.argsort(-confidence_N, kind="stable")
    ends = np.flatnonzero(
        np.diff(confidence_N[order], append=np.nan) != 0
    )  # items of equal confidence go together
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
    """Return (mean confidence, share that is right, number of items) for each bin of equal width
    that has items.
    """
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
    """Return how often each of the commonest types was answered with each: `counts[i][j]` is type i
    answered with type j.
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
    """Return the number of items of a kind, their accuracy, and what of them is shown and right."""
    mine_N = np.asarray([one == kind for one in kinds])
    return {
        "items": int(mine_N.sum()),
        "acc@1": float(right_N[mine_N].mean()),
        "shown": float(shown_N[mine_N].mean()),
        "right_of_shown": _share(right_N[mine_N & shown_N]),
    }


def _share(right: np.ndarray) -> float:
    return float(right.mean()) if len(right) else float("nan")
