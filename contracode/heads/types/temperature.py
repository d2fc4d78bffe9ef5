"""Temperatures that calibrate the scores of the type head.

Legend: N targets, V or S scores, A targets of one kind.
"""

import torch
from torch import nn

from contracode.javascript.records import KINDS


def fit_temperature(logits_NV: torch.Tensor, label_N: torch.Tensor) -> float:
    """Return the temperature in [0.2, 10] that maximises the likelihood of the labels.

    Without labels it is 1.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    if not len(label_N):
        return 1.0
    # The loss is convex in the inverse temperature, so a golden-section search finds its minimum.
    low, high = 0.1, 5.0
    inside = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    losses = [_loss(logits_NV, label_N, inverse) for inverse in inside]
    for _ in range(20):
        if losses[0] < losses[1]:
            high = inside[1]
            inside = [high - _GOLDEN * (high - low), inside[0]]
            losses = [_loss(logits_NV, label_N, inside[0]), losses[0]]
        else:
            low = inside[0]
            inside = [inside[1], low + _GOLDEN * (high - low)]
            losses = [losses[1], _loss(logits_NV, label_N, inside[1])]
    return 2 / (low + high)


_GOLDEN = (5**0.5 - 1) / 2


def _loss(logits_NV: torch.Tensor, label_N: torch.Tensor, inverse: float) -> float:
    return nn.functional.cross_entropy(logits_NV * inverse, label_N).item()


def fit_temperatures(
    scores_NS: torch.Tensor, label_N: torch.Tensor, kind_N: torch.Tensor
) -> list[float]:
    """Return a temperature for each kind, or the same one for all kinds if that is better.

    Both are compared by two-fold cross-validation of the likelihood of the labels.
    """
    single = fit_temperature(scores_NS, label_N)
    half_N = torch.arange(len(label_N)) < len(label_N) // 2
    gain = 0.0
    for fitted_N, tried_N in ((half_N, ~half_N), (~half_N, half_N)):
        one = fit_temperature(scores_NS[fitted_N], label_N[fitted_N])
        for kind in range(len(KINDS)):
            mine_N = fitted_N & (kind_N == kind)
            asked_N = tried_N & (kind_N == kind)
            if not asked_N.any():
                continue
            own = fit_temperature(scores_NS[mine_N], label_N[mine_N]) if mine_N.any() else one
            scores_AS, label_A = scores_NS[asked_N], label_N[asked_N]
            gain += len(label_A) * (
                _loss(scores_AS, label_A, 1 / one) - _loss(scores_AS, label_A, 1 / own)
            )
    if gain <= 0:
        return [single] * len(KINDS)
    return [
        fit_temperature(scores_NS[kind_N == kind], label_N[kind_N == kind])
        if (kind_N == kind).any()
        else single
        for kind in range(len(KINDS))
    ]
