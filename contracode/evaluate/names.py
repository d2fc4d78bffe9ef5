"""Figures of name prediction: sub-token precision, recall, F1 and exact match, beside the most frequent name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contracode.evaluate import metrics
from contracode.evaluate.report import Report


class NameItem(NamedTuple):
    """A function with its true name, and the file or repository it is from."""

    source: str
    name: str
    group: str


def most_frequent(names: Sequence[str]) -> str:
    """Return the name that says most sub-tokens right on average over the training names: the commonest sub-token.

    The commonest whole name would score near nothing; one common sub-token is the stronger constant answer.
    """
    counts = Counter(part for name in names for part in set(metrics.subtokens(name)))
    return min(counts, key=lambda part: (-counts[part], part)) if counts else ""


def evaluate_names(
    items: Sequence[NameItem], answers: Mapping[str, Sequence[str]], training: Sequence[str], *, seed: int = 0
) -> Report:
    """Score predicted names (empty for silence) beside the most frequent sub-token of the training names.

    Source: Jain et al., EMNLP 2021, section 4.3.
    """
    labels = [item.name for item in items]
    groups = [item.group for item in items]
    report = Report(task="names", num_items=len(items), num_groups=len(set(groups)))
    said = {"most frequent": [most_frequent(training)] * len(items)} | dict(answers)
    for method, predicted in said.items():
        counts_N3, exact_N = metrics.name_counts(predicted, labels)
        for metric, field in (("precision", 0), ("recall", 1), ("F1", 2), ("exact", 3)):
            report.add(
                method,
                metric,
                lambda i, c=counts_N3, e=exact_N, f=field: metrics.name_scores(c[i], e[i])[f],
                groups,
                seed=seed,
            )
    return report
