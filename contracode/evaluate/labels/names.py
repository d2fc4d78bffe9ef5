"""Figures of name prediction: sub-token precision, recall, F1 and exact match, beside the most
frequent name and the nearest neighbour's.

Legend: N items, M functions with known names.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from contracode.evaluate.clones.methods import Method
from contracode.evaluate.report import Example, Report
from contracode.inference.names.naming import first_function, own_names
from contracode.inference.names.scores import name_counts, name_scores
from contracode.javascript.subtokens import subtokens

NEIGHBOURS = 5_000
"""Training functions among which the nearest is looked for; of more, the first in an order drawn by
chance.
"""

_HIDDEN = "f"
"""What stands for the name of a function where a text is compared."""

_BLOCK = 256
"""Training functions that are compared at once."""


class NameItem(NamedTuple):
    """A function with its true name, and the file or repository it is from."""

    source: str
    name: str
    group: str


def most_frequent(names: Sequence[str]) -> str:
    """Return the name that says most sub-tokens right on average over the training names: the
    commonest sub-token.

    The commonest whole name would score near nothing; one common sub-token is the stronger constant
    answer.
    """
    counts = Counter(part for name in names for part in set(subtokens(name)))
    return min(counts, key=lambda part: (-counts[part], part)) if counts else ""


def hidden(source: str, name: str) -> str | None:
    """Return a function whose own name is hidden, in its header and in recursive uses; None where
    there is no function.
    """
    found = first_function(source)
    if found is None:
        return None
    program, function = found
    data = program.source
    for start, end in reversed(own_names(program, function, name)):
        data = data[:start] + _HIDDEN.encode() + data[end:]
    return data.decode()


def nearest_names(
    method: Method, known: Sequence[NameItem], asked: Sequence[NameItem]
) -> list[str]:
    """Return for each function the name of the most similar one whose name is known; of equally
    similar ones, the first.

    Args:
        method: what compares.
        known: functions of the training split, names hidden.
        asked: functions to name, names hidden.
    """
    if not known:
        return [""] * len(asked)
    method.fit([item.source for item in known])
    queries = method.read([item.source for item in asked])
    best_N, best_at_N = np.full(len(asked), -np.inf), np.zeros(len(asked), np.int64)
    for start in range(0, len(known), _BLOCK):
        block = method.read([item.source for item in known[start : start + _BLOCK]])
        similarity_NM = queries.matrix(block)
        at_N = similarity_NM.argmax(axis=1)
        found_N = similarity_NM[np.arange(len(asked)), at_N]
        better_N = found_N > best_N
        best_N = np.where(better_N, found_N, best_N)
        best_at_N = np.where(better_N, at_N + start, best_at_N)
    return [known[at].name for at in best_at_N.tolist()]


def evaluate_names(
    items: Sequence[NameItem],
    answers: Mapping[str, Sequence[str]],
    training: Sequence[str],
    *,
    models: Sequence[str] = (),
    seed: int = 0,
) -> Report:
    """Score predicted names (empty for silence) beside the most frequent sub-token of the training
    names.

    Args:
        items: functions with their names, and the groups that the bootstrap draws.
        answers: of each method, in the order of the items.
        training: names of the training split.
        models: of the methods, those whose differences from all others are reported.
        seed: of the bootstrap.

    Source: Jain et al., EMNLP 2021, section 4.3.
    """
    labels = [item.name for item in items]
    groups = [item.group for item in items]
    report = Report(task="names", num_items=len(items), num_groups=len(set(groups)))
    said = {"most frequent": [most_frequent(training)] * len(items)} | dict(answers)
    counted = {method: name_counts(predicted, labels) for method, predicted in said.items()}
    for method, (counts_N3, exact_N) in counted.items():
        for metric, field in _METRICS:
            report.add(
                method,
                metric,
                lambda i, c=counts_N3, e=exact_N, f=field: name_scores(c[i], e[i])[f],
                groups,
                seed=seed,
            )
    for method, other in (
        (method, other) for method in models for other in said if other not in models
    ):
        for metric, field in _METRICS:
            mine, theirs = counted[method], counted[other]
            report.compare(
                method,
                other,
                metric,
                lambda i, a=mine, b=theirs, f=field: (
                    name_scores(a[0][i], a[1][i])[f] - name_scores(b[0][i], b[1][i])[f]
                ),
                groups,
                seed=seed,
            )
    for method in models:
        report.examples += _examples(method, items, said[method], counted[method][1])
    return report


_METRICS = (("precision", 0), ("recall", 1), ("F1", 2), ("exact", 3))

_EXAMPLES = 4
"""Functions named right, and as many named wrong, that are shown."""


def _examples(
    method: str, items: Sequence[NameItem], predicted: Sequence[str], exact_N: np.ndarray
) -> list[Example]:
    found: list[Example] = []
    for right in (True, False):
        for at in np.flatnonzero(exact_N == right)[:_EXAMPLES].tolist():
            text = f"{items[at].name}, named {predicted[at] or 'not at all'}"
            found.append(Example(method=method, right=right, text=text, sources=[items[at].source]))
    return found
