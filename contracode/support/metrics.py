"""Scores as pure functions of arrays, and their intervals.

Legend: N items, Q queries, G groups, K views of an item, D embedding.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


def hits(ranked: Sequence[Sequence[str]], labels: Sequence[str], *, k: int) -> np.ndarray:
    """Return bool (N,): whether the label is among the first `k` candidates."""
    return np.asarray(
        [label in candidates[:k] for candidates, label in zip(ranked, labels, strict=True)],
        np.bool_,
    )


def auroc(scores: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve: the probability that a positive scores above a negative; a tie
    counts one half.

    Args:
        scores: float (N,).
        positive: bool (N,).

    Returns:
        A value from 0 to 1; NaN unless both classes occur.
    """
    if positive.all() or not positive.any():
        return float("nan")
    order = np.argsort(scores, kind="stable")
    _, group, sizes = np.unique(scores[order], return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    ranks = np.empty(len(scores))
    ranks[order] = (last - (sizes - 1) / 2)[group]  # mean rank of each tie, from 1
    num_positive = int(positive.sum())
    num_negative = len(positive) - num_positive
    return float(
        (ranks[positive].sum() - num_positive * (num_positive + 1) / 2)
        / (num_positive * num_negative)
    )


def average_precision(scores: np.ndarray, positive: np.ndarray) -> float:
    """Average precision: the sum over thresholds of precision times the gain in recall.

    Tied scores share a threshold. NaN without positives.
    """
    if not positive.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(positive[order])
    # The last item of each run of equal scores; the appended NaN ends the last run.
    last = np.flatnonzero(np.diff(scores[order], append=np.nan) != 0)
    precision = found[last] / (last + 1)
    return float((precision * np.diff(found[last], prepend=0)).sum() / positive.sum())


class Retrieval(NamedTuple):
    """Share of the queries whose partner ranks first, and mean reciprocal rank of the partner."""

    precision_at_1: float
    mrr: float


def partner_ranks(queries_QD: np.ndarray, candidates_QD: np.ndarray) -> np.ndarray:
    """Rank, from 1, of each query's partner (the candidate in the same row) by cosine; ties rank
    ahead of the partner.

    Args:
        queries_QD: rows of unit norm.
        candidates_QD: rows of unit norm.

    Returns:
        int64 (Q,).
    """
    similarity_QQ = queries_QD @ candidates_QD.T
    return (similarity_QQ >= np.diagonal(similarity_QQ)[:, None]).sum(axis=1)


def retrieval(ranks: np.ndarray) -> Retrieval:
    """Summarise ranks as `partner_ranks` returns them."""
    return Retrieval(float((ranks == 1).mean()), float((1 / ranks).mean()))


def views_auroc(anchors_ND: np.ndarray, views_NKD: np.ndarray, labels_N: np.ndarray) -> float:
    """AUROC of pairs of functions under attack by K rewrites, by cosine.

    A true pair, a function and its own views, is scored by its least similar view; a false pair, a
    function and the views of another, by its most similar view. With K = 1 this is the AUROC
    without an attack.

    Args:
        anchors_ND: rows of unit norm.
        views_NKD: of the same functions; rows of unit norm.
        labels_N: functions with equal labels are the same and form no false pair.

    Returns:
        A value from 0 to 1; NaN unless two functions differ.

    Source: Jain et al., EMNLP 2021, section 4.1.
    """
    similarity_NNK = np.einsum("id,jkd->ijk", anchors_ND, views_NKD)
    own = np.diagonal(similarity_NNK.min(axis=2))
    others = similarity_NNK.max(axis=2)[labels_N[:, None] != labels_N]
    return auroc(np.concatenate([own, others]), np.arange(len(own) + len(others)) < len(own))


def alignment(first_ND: np.ndarray, second_ND: np.ndarray) -> float:
    """Mean squared distance between two views of a function; 0 if their vectors are equal.

    Args:
        first_ND: rows of unit norm.
        second_ND: rows of unit norm.

    Source: Wang and Isola, Understanding Contrastive Representation Learning through Alignment and
        Uniformity on the Hypersphere, ICML 2020, section 4.1, with alpha = 2.
    """
    return float(((first_ND - second_ND) ** 2).sum(axis=1).mean())


def uniformity(vectors_ND: np.ndarray) -> float:
    """Logarithm of the mean Gaussian potential over pairs of rows: 0 if all rows are equal, lower
    the more evenly they are spread.

    Args:
        vectors_ND: at least two rows of unit norm.

    Source: as `alignment`, with t = 2.
    """
    cosine_NN = vectors_ND @ vectors_ND.T
    squared_P = 2 - 2 * cosine_NN[np.triu_indices(len(vectors_ND), k=1)]
    return float(np.log(np.exp(-2 * squared_P).mean()))


def calibration_error(confidence: np.ndarray, right: np.ndarray, *, bins: int = 15) -> float:
    """Expected calibration error: the distance between confidence and accuracy, averaged over bins
    of equal width, weighted by their items.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, equation 3.
    """
    index = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gap = np.bincount(index, confidence, bins) - np.bincount(index, right.astype(np.float64), bins)
    return float(np.abs(gap).sum() / len(confidence))


def threshold_for(confidence: np.ndarray, right: np.ndarray, *, precision: float) -> float:
    """Return the lowest threshold at which the items above it reach a precision; 1 if none does."""
    order = np.argsort(-confidence, kind="stable")
    # Items of equal confidence pass a threshold together.
    ends = np.flatnonzero(np.diff(confidence[order], append=np.nan) != 0)
    enough = ends[np.cumsum(right[order])[ends] >= precision * (ends + 1)]
    return float(confidence[order][enough[-1]]) if len(enough) else 1.0


def bootstrap(
    statistic: Callable[[np.ndarray], float],
    groups: Sequence[Hashable],
    *,
    samples: int = 1000,
    seed: int = 0,
) -> Interval:
    """Return a statistic over all items, with a 95 % percentile interval from resampling whole
    groups.

    Args:
        statistic: maps item numbers (int64, with repeats) to a value.
        groups: the group of each item, such as its repository or file: the unit of resampling.
        samples: number of resamples.
        seed: seed of the resampling.
    """
    number = {group: i for i, group in enumerate(dict.fromkeys(groups))}
    group_N = np.asarray([number[group] for group in groups])
    members = np.split(np.argsort(group_N, kind="stable"), np.cumsum(np.bincount(group_N))[:-1])
    random = np.random.default_rng(seed)
    values = [
        statistic(
            np.concatenate([members[i] for i in random.integers(len(members), size=len(members))])
        )
        for _ in range(samples)
    ]
    # A resample may lack a class, and its statistic is NaN.
    defined = [value for value in values if not np.isnan(value)]
    low, high = np.percentile(defined, [2.5, 97.5]) if defined else (np.nan, np.nan)
    return Interval(statistic(np.arange(len(groups))), float(low), float(high))
