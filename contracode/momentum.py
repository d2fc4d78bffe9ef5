"""Momentum contrast: a query encoder learns to tell a function's other view, as a slowly moving key encoder sees it, from the
keys of other functions, most of them from a queue.

Source: He et al., Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020, section 3; Jain et al., Contrastive
Code Representation Learning, EMNLP 2021, section 4.

Legend: B batch, T pieces, D embedding, P projection, K queue, N negatives.
"""

import copy
import math
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from contracode.config import ContrastConfig
from contracode.encoder import Encoder, Projection, pool

EMPTY = -1
"""Label of a place in the queue that holds no key yet."""


class Contrast(NamedTuple):
    """What comparing a batch of queries with their keys gives.

    Attributes:
        loss: mean over the batch.
        accuracy: share of the queries that are nearer to their own key than to every negative.
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
    decoupled: bool = False,
) -> Contrast:
    """Compare queries with their positives and with negatives that they share; all vectors have unit norm.

    Args:
        query_BP: queries.
        positive_BP: the key of each.
        negatives_NP: keys of others.
        temperature: of the softmax.
        excluded_BN: bool, negatives that are none for this query: copies of it, and places without a key.
        decoupled: leave the positive out of the denominator. A query without negatives then has loss 0.

    Source: van den Oord et al., Representation Learning with Contrastive Predictive Coding (arXiv 1807.03748), eq. 4; in the form
    of He et al. (2020), eq. 1; decoupled: Yeh et al., Decoupled Contrastive Learning, ECCV 2022, eq. 6.
    """
    positive_B = (query_BP * positive_BP).sum(dim=1) / temperature
    negative_BN = query_BP @ negatives_NP.T / temperature
    if excluded_BN is not None:
        # Not minus infinity: of a row of these alone, the gradient would not be a number.
        negative_BN = negative_BN.masked_fill(excluded_BN, torch.finfo(negative_BN.dtype).min)
    if decoupled:
        compared_B = torch.ones_like(positive_B) if excluded_BN is None else (~excluded_BN).any(dim=1)
        loss_B = (negative_BN.logsumexp(dim=1) - positive_B).where(compared_B.bool(), 0.0)
    else:
        loss_B = torch.cat([positive_B[:, None], negative_BN], dim=1).logsumexp(dim=1) - positive_B
    right_B = (positive_B[:, None] > negative_BN).all(dim=1)
    return Contrast(loss_B.mean(), right_B.float().mean())


@torch.no_grad()
def momentum_update(query: nn.Module, key: nn.Module, momentum: float) -> None:
    """Move the weights of `key` towards those of `query`: key <- momentum * key + (1 - momentum) * query. Buffers are copied.

    Source: He et al. (2020), eq. 2.
    """
    for ours, theirs in zip(key.parameters(), query.parameters(), strict=True):
        ours.lerp_(theirs, 1 - momentum)
    for ours, theirs in zip(key.buffers(), query.buffers(), strict=True):
        ours.copy_(theirs)


class Queue(nn.Module):
    """The latest keys and the labels of their functions, first in, first out; part of the state, so kept in checkpoints.

    Args:
        size: K.
        dimension: P.
    """

    keys_KP: torch.Tensor
    labels_K: torch.Tensor
    position: torch.Tensor

    def __init__(self, size: int, dimension: int) -> None:
        super().__init__()
        self.size = size
        self.register_buffer("keys_KP", torch.zeros(size, dimension))
        self.register_buffer("labels_K", torch.full((size,), EMPTY))
        self.register_buffer("position", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def enqueue(self, keys_BP: torch.Tensor, labels_B: torch.Tensor) -> None:
        """Put keys in the place of the oldest; of more keys than the queue holds the last stay."""
        if not self.size:
            return
        keys_BP, labels_B = keys_BP[-self.size :], labels_B[-self.size :]
        places_B = (self.position + torch.arange(len(keys_BP), device=keys_BP.device)) % self.size
        self.keys_KP[places_B] = keys_BP.to(self.keys_KP.dtype)
        self.labels_K[places_B] = labels_B
        self.position.copy_((self.position + len(keys_BP)) % self.size)


class Tower(nn.Module):
    """Encoder, pooling and projection head: pieces to unit vectors."""

    def __init__(self, encoder: Encoder, projection: Projection) -> None:
        super().__init__()
        self.encoder = encoder
        self.projection = projection

    def forward(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """Return (B, P), rows of unit norm, in float32 under mixed precision too."""
        pooled_BD = pool(self.encoder(pieces_BT, mask_BT), mask_BT)
        return F.normalize(self.projection(pooled_BD).float(), dim=1)


class MomentumContrast(nn.Module):
    """Query and key tower, queue and temperature. `forward` moves none of them; `update` does.

    Args:
        encoder: of queries; the key encoder begins as a copy.
        config: settings.

    Attributes:
        query: the tower that learns.
        key: its exponential moving average, without gradients.
        queue: past keys.
    """

    def __init__(self, encoder: Encoder, config: ContrastConfig) -> None:
        super().__init__()
        dimension = encoder.config.dimension
        self.config = config
        self.query = Tower(encoder, Projection(dimension, config.hidden or dimension, config.projection))
        self.key = copy.deepcopy(self.query).requires_grad_(False)
        self.queue = Queue(config.queue, config.projection)
        share = self._share(config.temperature)
        self.temperature_logit = nn.Parameter(torch.tensor(math.log(share / (1 - share))), config.learn_temperature)

    @property
    def temperature(self) -> torch.Tensor:
        """The temperature: between its bounds for any value of the parameter, geometrically."""
        low, high = self.config.temperature_low, self.config.temperature_high
        return low * (high / low) ** torch.sigmoid(self.temperature_logit)

    def forward(
        self,
        query_pieces_BT: torch.Tensor,
        query_mask_BT: torch.Tensor,
        key_pieces_BT: torch.Tensor,
        key_mask_BT: torch.Tensor,
        labels_B: torch.Tensor,
    ) -> tuple[Contrast, torch.Tensor]:
        """Compare two views of each function.

        Args:
            query_pieces_BT: one view of each, int64.
            query_mask_BT: true for pieces.
            key_pieces_BT: the other, of another length perhaps.
            key_mask_BT: true for pieces.
            labels_B: int64; functions of the same label are copies and no negatives of each other.

        Returns:
            The comparison, and the keys (B, P) that `update` is to be given.
        """
        query_BP = self.query(query_pieces_BT, query_mask_BT)
        with torch.no_grad():
            keys_BP = self.key(key_pieces_BT, key_mask_BT)
        negatives_NP, labels_N = self.queue.keys_KP, self.queue.labels_K
        if self.config.in_batch:
            negatives_NP, labels_N = torch.cat([keys_BP, negatives_NP]), torch.cat([labels_B, labels_N])
        contrast = info_nce(
            query_BP,
            keys_BP,
            negatives_NP,
            self.temperature,
            excluded_BN=(labels_B[:, None] == labels_N) | (labels_N == EMPTY),
            decoupled=self.config.decoupled,
        )
        return contrast, keys_BP

    def update(self, keys_BP: torch.Tensor, labels_B: torch.Tensor, momentum: float) -> None:
        """After a step of the optimiser: move the key tower, and put this batch's keys into the queue."""
        momentum_update(self.query, self.key, momentum)
        self.queue.enqueue(keys_BP, labels_B)

    def _share(self, temperature: float) -> float:
        low, high = self.config.temperature_low, self.config.temperature_high
        return math.log(temperature / low) / math.log(high / low)
