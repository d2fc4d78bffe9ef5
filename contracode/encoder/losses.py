"""The losses and schedules of pretraining, as pure functions.

Legend: B batch, P projection, N negatives, H hard negatives of one query, M masked pieces,
V vocabulary.
"""

import math
from typing import NamedTuple

import torch
from torch.nn import functional as F


class Contrast(NamedTuple):
    """The result of comparing a batch of queries with their keys.

    Attributes:
        loss: mean over the batch.
        accuracy: share of the queries that are closer to their positive than to every negative.
    """

    loss: torch.Tensor
    accuracy: torch.Tensor


class Masked(NamedTuple):
    """The result of predicting masked pieces.

    Attributes:
        loss: mean over the masked pieces; 0 if there are none.
        accuracy: share of the masked pieces predicted correctly; 0 if there are none.
    """

    loss: torch.Tensor
    accuracy: torch.Tensor


def info_nce(
    query_BP: torch.Tensor,
    positive_BP: torch.Tensor,
    negatives_NP: torch.Tensor,
    temperature: torch.Tensor | float,
    *,
    excluded_BN: torch.Tensor | None = None,
    hard_BHP: torch.Tensor | None = None,
    no_hard_BH: torch.Tensor | None = None,
    decoupled: bool = False,
) -> Contrast:
    """Compare queries with their positives and with shared negatives, all of unit norm.

    Args:
        query_BP: queries.
        positive_BP: the positive key of each query.
        negatives_NP: keys that are negatives of all queries.
        temperature: the temperature of the softmax.
        excluded_BN: mask of keys to ignore for each query (duplicates, empty slots).
        hard_BHP: further negatives of each query alone, such as its function after a small edit
            that changes its behaviour.
        no_hard_BH: mask of empty slots in `hard_BHP`.
        decoupled: leave the positive out of the denominator. A query without negatives then has
            loss 0.

    Source: van den Oord et al., Representation Learning with Contrastive Predictive Coding (arXiv
        1807.03748), eq. 4, in the form of He et al., Momentum Contrast, CVPR 2020, eq. 1;
        decoupled: Yeh et al., Decoupled Contrastive Learning, ECCV 2022, eq. 6; hard negatives: Gao
        et al., SimCSE, EMNLP 2021, eq. 5, each for its own query only.
    """
    # Logits divided by a temperature need more than 16 bits.
    with torch.autocast(query_BP.device.type, enabled=False):
        query_BP, positive_BP, negatives_NP = map(_whole, (query_BP, positive_BP, negatives_NP))
        positive_B = (query_BP * positive_BP).sum(dim=1) / temperature
        negative_BN = query_BP @ negatives_NP.T / temperature
        if hard_BHP is not None:
            hard_BH = (_whole(hard_BHP) @ query_BP[:, :, None]).squeeze(2) / temperature
            masks = [
                torch.zeros_like(logits, dtype=torch.bool) if mask is None else mask
                for logits, mask in ((negative_BN, excluded_BN), (hard_BH, no_hard_BH))
            ]
            negative_BN, excluded_BN = torch.cat([negative_BN, hard_BH], 1), torch.cat(masks, 1)
        if excluded_BN is not None:
            # Not minus infinity, which would make the gradient of a fully masked row NaN.
            negative_BN = negative_BN.masked_fill(excluded_BN, torch.finfo(negative_BN.dtype).min)
        loss_B = _cross_entropies(positive_B, negative_BN, excluded_BN, decoupled=decoupled)
        right_B = (positive_B[:, None] > negative_BN).all(dim=1)
        return Contrast(loss_B.mean(), right_B.float().mean())


def _cross_entropies(
    positive_B: torch.Tensor,
    negative_BN: torch.Tensor,
    excluded_BN: torch.Tensor | None,
    *,
    decoupled: bool,
) -> torch.Tensor:
    if not decoupled:
        logits_BN = torch.cat([positive_B[:, None], negative_BN], dim=1)
        return logits_BN.logsumexp(dim=1) - positive_B
    compared_B = torch.ones_like(positive_B).bool()
    if excluded_BN is not None:
        compared_B = (~excluded_BN).any(dim=1)
    return (negative_BN.logsumexp(dim=1) - positive_B).where(compared_B, 0.0)


def _whole(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors in at least 32 bits."""
    return vectors.to(torch.promote_types(vectors.dtype, torch.float32))


def mean_of(one: Contrast, other: Contrast) -> Contrast:
    """Return the mean of two contrasts, usually of both directions of one comparison.

    Source: Chen et al., An Empirical Study of Training Self-Supervised Vision Transformers (MoCo
        v3), ICCV 2021, algorithm 1, where each view is once the query and once the key; Radford et
        al., Learning Transferable Visual Models From Natural Language Supervision, ICML 2021,
        figure 3, with the same tower on both sides.
    """
    return Contrast((one.loss + other.loss) / 2, (one.accuracy + other.accuracy) / 2)


def cosine_momentum(start: float, end: float, progress: float) -> float:
    """Return the momentum after a share of the budget: half a cosine from `start` to `end`.

    Source: Grill et al., Bootstrap Your Own Latent, NeurIPS 2020, section 3.2 (implementation
        details, target network), where `end` is 1.
    """
    return end - (end - start) * 0.5 * (1 + math.cos(math.pi * progress))


def bounded_temperature(logit: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Map a parameter of any value to a temperature between its bounds, on a logarithmic scale.

    Radford et al. (2021), section 2.5, learn the logarithm and clip it. The sigmoid used here keeps
    a gradient near the bounds.
    """
    return low * (high / low) ** torch.sigmoid(logit)


def temperature_logit(temperature: float, low: float, high: float) -> float:
    """Return the parameter of a temperature: the inverse of `bounded_temperature`."""
    share = math.log(temperature / low) / math.log(high / low)
    return math.log(share / (1 - share))


def masked_modelling(logits_MV: torch.Tensor, targets_M: torch.Tensor) -> Masked:
    """Compare the predictions of masked pieces with the original pieces.

    Args:
        logits_MV: scores of the vocabulary for each masked piece.
        targets_M: int64, the original pieces.

    Source: Devlin et al., BERT, NAACL 2019, section 3.1, task 1.
    """
    total = F.cross_entropy(logits_MV.float(), targets_M, reduction="sum")
    right = (logits_MV.argmax(dim=1) == targets_M).sum()
    count = max(1, len(targets_M))
    return Masked(total / count, right / count)


def hybrid(contrast: torch.Tensor, masked: torch.Tensor, weight: float) -> torch.Tensor:
    """Return `weight` times the contrastive loss, plus the loss of masked modelling.

    Source: Jain et al., Contrastive Code Representation Learning, EMNLP 2021, section 4.3; the
        weight, 4, is only in their code.
    """
    return weight * contrast + masked
