"""Scores predicted names by sub-tokens; constant names and nearest neighbours as baselines.

Legend: N items, M functions with known names.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from contracode.evaluate.clones.methods.interface import Method
from contracode.evaluate.report import Example, Report
from contracode.inference.names.naming import first_function, own_names
from contracode.inference.names.scores import name_counts, name_scores
from contracode.javascript.subtokens import subtokens

NEIGHBOURS = 5_000
"""Maximum number of training functions that are searched for the nearest; a random sample."""

_HIDDEN = "f"
"""Replaces the name of a function in compared texts."""

_BLOCK = 256
"""Number of training functions compared at once."""


class NameItem(NamedTuple):
    """A function with its true name, and its file or repository."""

    source: str
    name: str
    group: str


def most_frequent(names: Sequence[str]) -> str:
    """Return the most frequent sub-token of the training names, the best constant answer."""
    counts = Counter(part for name in names for part in set(subtokens(name)))
    return min(counts, key=lambda part: (-counts[part], part)) if counts else ""


def hidden(source: str, name: str) -> str | None:
    """Return a function with its own name replaced, in its header and in recursive calls.

    Returns:
        None if the source has no function.
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
    """Return the name of the most similar training function for each function.

    Args:
        method: compares the functions.
        known: functions of the training split, with their own names replaced.
        asked: functions to name, with their own names replaced.
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
    """Score predicted names, and the best constant answer as a baseline.

    Args:
        items: functions with their names and bootstrap groups.
        answers: answers of each method in the order of the items; "" for no name.
        training: names of the training split.
        models: methods whose paired differences from all others are reported.
        seed: seed of the bootstrap.

    Source: Jain et al., EMNLP 2021, section 4.3.
    """
    labels = [item.name for item in items]
    groups = [item.group for item in items]
    report = Report(task="names", num_items=len(items), num_groups=len(set(groups)))
    compared = {"most frequent": [most_frequent(training)] * len(items)} | dict(answers)
    counted = {method: name_counts(predicted, labels) for method, predicted in compared.items()}
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
        (method, other) for method in models for other in compared if other not in models
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
        report.examples += _examples(method, items, compared[method], counted[method][1])
    return report


_METRICS = (("precision", 0), ("recall", 1), ("F1", 2), ("exact", 3))

_EXAMPLES = 4
"""Number of examples of right names, and of wrong ones."""


def _examples(
    method: str, items: Sequence[NameItem], predicted: Sequence[str], exact_N: np.ndarray
) -> list[Example]:
    found: list[Example] = []
    for right in (True, False):
        for at in np.flatnonzero(exact_N == right)[:_EXAMPLES].tolist():
            text = f"{items[at].name}, named {predicted[at] or 'not at all'}"
            found.append(Example(method=method, right=right, text=text, sources=[items[at].source]))
    return found
