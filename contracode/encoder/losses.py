"""What pretraining minimises, each a function of tensors alone: contrasts of queries with keys,
masked modelling, their sum.

Legend: B batch, P projection, N negatives, H hard negatives of one query, M masked pieces, V
    vocabulary.
"""

import math
from typing import NamedTuple

import torch
from torch.nn import functional as F


class Contrast(NamedTuple):
    """What comparing a batch of queries with their keys gives.

    Attributes:
        loss: mean over the batch.
        accuracy: share of the queries that are nearer to their own key than to every negative.
    """

    loss: torch.Tensor
    accuracy: torch.Tensor


class Masked(NamedTuple):
    """What predicting masked pieces gives.

    Attributes:
        loss: mean over the masked pieces; 0 where there are none.
        accuracy: share of them that are predicted first; 0 where there are none.
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
    """Compare queries with their positives and with negatives that they share; all vectors have
    unit norm.

    Args:
        query_BP: queries.
        positive_BP: the key of each.
        negatives_NP: keys of others.
        temperature: of the softmax.
        excluded_BN: bool, negatives that are none for this query: copies of it, and places without
            a key.
        hard_BHP: negatives of one query alone, such as its function with a small edit that changes
            what it does.
        no_hard_BH: bool, places of these that hold none.
        decoupled: leave the positive out of the denominator. A query without negatives then has
            loss 0.

    Source: van den Oord et al., Representation Learning with Contrastive Predictive Coding (arXiv
        1807.03748), eq. 4; in the form
    of He et al., Momentum Contrast, CVPR 2020, eq. 1; decoupled: Yeh et al., Decoupled Contrastive
    Learning, ECCV 2022, eq. 6; hard negatives: Gao et al., SimCSE, EMNLP 2021, eq. 5, each counted
    for its own query only.
    """
    with torch.autocast(
        query_BP.device.type, enabled=False
    ):  # 16 bits hold too little of logits divided by a temperature
        query_BP, positive_BP, negatives_NP = map(_whole, (query_BP, positive_BP, negatives_NP))
        if hard_BHP is not None:
            hard_BHP = _whole(hard_BHP)
        positive_B = (query_BP * positive_BP).sum(dim=1) / temperature
        negative_BN = query_BP @ negatives_NP.T / temperature
        if hard_BHP is not None:
            hard_BH = (hard_BHP @ query_BP[:, :, None]).squeeze(2) / temperature
            if excluded_BN is None:
                excluded_BN = torch.zeros_like(negative_BN, dtype=torch.bool)
            if no_hard_BH is None:
                no_hard_BH = torch.zeros_like(hard_BH, dtype=torch.bool)
            negative_BN, excluded_BN = (
                torch.cat([negative_BN, hard_BH], 1),
                torch.cat([excluded_BN, no_hard_BH], 1),
            )
        if excluded_BN is not None:
            # Not minus infinity: of a row of these alone, the gradient would not be a number.
            negative_BN = negative_BN.masked_fill(excluded_BN, torch.finfo(negative_BN.dtype).min)
        if decoupled:
            compared_B = (
                torch.ones_like(positive_B) if excluded_BN is None else (~excluded_BN).any(dim=1)
            )
            loss_B = (negative_BN.logsumexp(dim=1) - positive_B).where(compared_B.bool(), 0.0)
        else:
            loss_B = (
                torch.cat([positive_B[:, None], negative_BN], dim=1).logsumexp(dim=1) - positive_B
            )
        right_B = (positive_B[:, None] > negative_BN).all(dim=1)
        return Contrast(loss_B.mean(), right_B.float().mean())


def _whole(vectors: torch.Tensor) -> torch.Tensor:
    """Return vectors in 32 bits at least."""
    return vectors.to(torch.promote_types(vectors.dtype, torch.float32))


def mean_of(one: Contrast, other: Contrast) -> Contrast:
    """Return the mean of a contrast in both directions.

    Where each view of a function is once the query and once the key, this is the symmetric form for
    large batches: Chen et al., An Empirical Study of Training Self-Supervised Vision Transformers
    (MoCo v3), ICCV 2021, algorithm 1. With the same tower on both sides it is that of Radford et
    al., Learning Transferable Visual Models From Natural Language Supervision, ICML 2021, figure 3.
    """
    return Contrast((one.loss + other.loss) / 2, (one.accuracy + other.accuracy) / 2)


def cosine_momentum(start: float, end: float, progress: float) -> float:
    """Return the momentum after a share of the budget: half a cosine from `start` to `end`, which
    is 1 in its source.

    Source: Grill et al., Bootstrap Your Own Latent, NeurIPS 2020, section 3.2 (implementation
        details, target network).
    """
    return end - (end - start) * 0.5 * (1 + math.cos(math.pi * progress))


def bounded_temperature(logit: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """Return a temperature between its bounds for any value of the parameter, geometrically.

    Radford et al. (2021), section 2.5, learn it as a logarithm and clip it; within a sigmoid it
    keeps its gradient at the bounds.
    """
    return low * (high / low) ** torch.sigmoid(logit)


def temperature_logit(temperature: float, low: float, high: float) -> float:
    """Return the parameter of which `bounded_temperature` makes this temperature, which lies
    between the bounds.
    """
    share = math.log(temperature / low) / math.log(high / low)
    return math.log(share / (1 - share))


def masked_modelling(logits_MV: torch.Tensor, targets_M: torch.Tensor) -> Masked:
    """Compare predictions of masked pieces with what they were.

    Args:
        logits_MV: of the masked pieces alone.
        targets_M: int64, what they were.

    Source: Devlin et al., BERT, NAACL 2019, section 3.1, task 1.
    """
    total = F.cross_entropy(logits_MV.float(), targets_M, reduction="sum")
    right = (logits_MV.argmax(dim=1) == targets_M).sum()
    count = max(1, len(targets_M))
    return Masked(total / count, right / count)


def hybrid(contrast: torch.Tensor, masked: torch.Tensor, weight: float) -> torch.Tensor:
    """Return `weight` times the contrastive loss plus that of masked modelling.

    Source: Jain et al., Contrastive Code Representation Learning, EMNLP 2021, section 4.3; the
        weight, 4, is in their code only.
    """
    return weight * contrast + masked
