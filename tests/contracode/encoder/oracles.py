"""Losses by plain loops over numbers, directly from the formulas."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional as F


def unit(*shape: int, seed: int = 0) -> torch.Tensor:
    return F.normalize(
        torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)),
        dim=-1,
    )


def slow_info_nce(query, positive, negatives, temperature, excluded, decoupled, hard=None):
    """Return loss and accuracy; `hard` holds further negatives of each query."""
    losses, hits = [], []
    for b in range(len(query)):
        own = math.exp(float(np.dot(query[b], positive[b])) / temperature)
        others = [
            math.exp(float(np.dot(query[b], negatives[n])) / temperature)
            for n in range(len(negatives))
            if not excluded[b][n]
        ]
        others += [
            math.exp(float(np.dot(query[b], one)) / temperature)
            for one in (hard[b] if hard else [])
        ]
        if decoupled:
            losses.append(-math.log(own / sum(others)) if others else 0.0)
        else:
            losses.append(-math.log(own / (own + sum(others))))
        hits.append(all(own > other for other in others))
    return sum(losses) / len(losses), sum(hits) / len(hits)


def slow_cross_entropy(
    logits: Sequence[Sequence[float]], targets: Sequence[int]
) -> tuple[float, float]:
    """Return the mean loss and the share of hits."""
    losses, hits = [], []
    for row, target in zip(logits, targets, strict=True):
        losses.append(-math.log(math.exp(row[target]) / sum(math.exp(one) for one in row)))
        hits.append(max(row) == row[target])
    return sum(losses) / len(losses), sum(hits) / len(hits)
