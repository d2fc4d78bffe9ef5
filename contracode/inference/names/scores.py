"""Scores of predicted names, counted over sub-tokens.

Legend: N names.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from contracode.javascript.subtokens import subtokens


class Overlap(NamedTuple):
    """Counts of sub-tokens of one prediction."""

    true_positives: int
    false_positives: int
    false_negatives: int


def overlap(predicted: str, label: str) -> Overlap:
    """Count sub-tokens as code2vec does: a predicted one is right if the label has it anywhere."""
    found, wanted = subtokens(predicted), subtokens(label)
    right = sum(part in wanted for part in found)
    return Overlap(right, len(found) - right, sum(part not in found for part in wanted))


class NameScores(NamedTuple):
    """Scores, micro-averaged over all sub-tokens.

    `exact` is the share of names with the same sub-tokens in the same order.
    """

    precision: float
    recall: float
    f1: float
    exact: float


def name_counts(predicted: Sequence[str], labels: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Count the sub-tokens of each prediction; an empty prediction has none.

    Returns:
        int64 (N, 3) as `Overlap`, and bool (N,): the same sub-tokens in the same order.
    """
    pairs = list(zip(predicted, labels, strict=True))
    counts_N3 = np.asarray([overlap(name, label) for name, label in pairs], np.int64).reshape(-1, 3)
    return counts_N3, np.asarray(
        [subtokens(name) == subtokens(label) for name, label in pairs], np.bool_
    )


def name_scores(counts_N3: np.ndarray, exact_N: np.ndarray) -> NameScores:
    """Score what `name_counts` counted."""
    right, wrong, missed = counts_N3.sum(axis=0)
    precision = _ratio(right, right + wrong)
    recall = _ratio(right, right + missed)
    f1 = _ratio(2 * precision * recall, precision + recall)
    return NameScores(precision, recall, f1, _ratio(exact_N.sum(), len(exact_N)))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
