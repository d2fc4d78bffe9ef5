"""Bootstrap over groups for pairs across groups, retrieval, and paired differences.

A sample draws groups with replacement, and items are weighted by the number of draws of their
group. A pair of items of two groups is weighted by the product of both numbers, as it occurs once
for each pair of their copies. All methods are weighted by the same draws, so differences between
methods are paired.

Legend: S bootstrap samples, G groups, P pairs or items, T thresholds.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

SAMPLES = 300
"""Number of bootstrap samples, as in the reference scorer of the development set."""

_BLOCK = 1 << 22
"""Maximum number of weights in memory at once."""


class Sampled(NamedTuple):
    """A figure and its value in each bootstrap sample.

    Attributes:
        value: the figure, as a share of one.
        samples: float (S,), NaN if the figure is undefined for a sample.
    """

    value: float
    samples: np.ndarray

    def interval(self) -> tuple[float, float]:
        """Return the 95 % percentile interval; NaN if the figure is undefined for all samples."""
        defined = self.samples[~np.isnan(self.samples)]
        if not len(defined):
            return float("nan"), float("nan")
        low, high = np.percentile(defined, [2.5, 97.5])
        return float(low), float(high)

    def minus(self, other: "Sampled") -> "Sampled":
        """Return the paired difference of two figures with the same draws."""
        return Sampled(self.value - other.value, self.samples - other.samples)


class Draws:
    """Bootstrap samples of groups.

    Args:
        groups: groups of all items; for pairs, of both sides.
        samples: number of bootstrap samples.
        seed: seed of the draws.

    Attributes:
        counts_SG: number of draws of each group in each sample.
        number: group -> its column.
    """

    def __init__(
        self, groups: Sequence[Hashable], *, samples: int = SAMPLES, seed: int = 0
    ) -> None:
        self.number = {
            group: i for i, group in enumerate(sorted(set(groups), key=lambda group: (str(group),)))
        }
        random, size = np.random.default_rng(seed), len(self.number)
        self.counts_SG = np.asarray(
            [np.bincount(random.integers(0, size, size), minlength=size) for _ in range(samples)],
            np.float64,
        ).reshape(samples, size)

    def indices(self, groups: Sequence[Hashable]) -> np.ndarray:
        """Return the column of each item's group: int64 (P,)."""
        return np.asarray([self.number[group] for group in groups], np.int64)

    def mean(self, values_P: np.ndarray, groups: Sequence[Hashable]) -> Sampled:
        """Return the mean of values, one per item."""
        weights_SP = self.counts_SG[:, self.indices(groups)]
        with np.errstate(invalid="ignore"):
            return Sampled(float(values_P.mean()), weights_SP @ values_P / weights_SP.sum(axis=1))

    def areas(
        self,
        scores_P: np.ndarray,
        positive_P: np.ndarray,
        left: Sequence[Hashable],
        right: Sequence[Hashable],
    ) -> tuple[Sampled, Sampled]:
        """Return AUROC and average precision of scored pairs.

        Args:
            scores_P: scores of the pairs.
            positive_P: bool, true for positive pairs.
            left: group of the first side of each pair.
            right: group of the second side.
        """
        ranking = Ranking(scores_P, positive_P)
        one_P, other_P = self.indices(left), self.indices(right)
        found: list[np.ndarray] = []
        step = max(1, _BLOCK // max(1, len(scores_P)))
        for start in range(0, len(self.counts_SG), step):
            counts_SG = self.counts_SG[start : start + step]
            weights_SP = np.where(
                one_P == other_P, counts_SG[:, one_P], counts_SG[:, one_P] * counts_SG[:, other_P]
            )
            found.append(np.stack(ranking.areas(weights_SP)))
        auroc_1, precision_1 = ranking.areas(np.ones((1, len(scores_P))))
        auroc_S, precision_S = np.concatenate(found, axis=1)
        return Sampled(float(auroc_1[0]), auroc_S), Sampled(float(precision_1[0]), precision_S)


class Ranking:
    """Ranks scored items once, for any number of weightings.

    Args:
        scores_P: scores; higher for more likely positives.
        positive_P: bool, true for positives.
    """

    def __init__(self, scores_P: np.ndarray, positive_P: np.ndarray) -> None:
        self._order_P = np.argsort(-scores_P, kind="stable")
        self._positive_P = positive_P[self._order_P].astype(np.float64)
        ranked_P = scores_P[self._order_P]
        # Equal scores share a threshold.
        self._last_T = np.append(np.flatnonzero(np.diff(ranked_P)), len(ranked_P) - 1)

    def _found(self, weights_SP: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the weights of true and false positives at each threshold: (S, T) both."""
        weights_SP = weights_SP[:, self._order_P]
        true_SP = np.cumsum(weights_SP * self._positive_P, axis=1)
        false_SP = np.cumsum(weights_SP * (1 - self._positive_P), axis=1)
        return true_SP[:, self._last_T], false_SP[:, self._last_T]

    def areas(self, weights_SP: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return AUROC (ties count half) and average precision of each weighting: (S,) both."""
        true_ST, false_ST = self._found(weights_SP)
        with np.errstate(invalid="ignore", divide="ignore"):
            recall_ST = true_ST / true_ST[:, -1:]
            fallout_ST = false_ST / false_ST[:, -1:]
            precision_ST = true_ST / np.maximum(true_ST + false_ST, 1e-12)
        gain_ST = np.diff(recall_ST, prepend=0)
        before_ST = recall_ST - gain_ST
        auroc_S = (np.diff(fallout_ST, prepend=0) * (recall_ST + before_ST) / 2).sum(axis=1)
        precision_S = (gain_ST * precision_ST).sum(axis=1)
        undefined_S = np.isnan(auroc_S) | np.isnan(precision_S)
        return np.where(undefined_S, np.nan, auroc_S), np.where(undefined_S, np.nan, precision_S)

    def curve(self, *, points: int = 200) -> tuple[list[float], list[float]]:
        """Return the false and true positive rates of the ROC curve, at most `points` of them."""
        true_1T, false_1T = self._found(np.ones((1, len(self._order_P))))
        xs = np.append(0.0, false_1T[0] / false_1T[0, -1])
        ys = np.append(0.0, true_1T[0] / true_1T[0, -1])
        chosen = np.unique(np.linspace(0, len(xs) - 1, min(points, len(xs))).round().astype(int))
        return xs[chosen].tolist(), ys[chosen].tolist()
