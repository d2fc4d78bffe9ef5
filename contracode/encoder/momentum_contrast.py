"""Momentum contrast.

A query encoder learns to find the key of a function's other view among keys of other functions,
most of them from a queue. Keys are encoded by a slow moving average of the query encoder.

Source: He et al., Momentum Contrast for Unsupervised Visual Representation Learning, CVPR 2020,
    section 3; Jain et al., Contrastive Code Representation Learning, EMNLP 2021, section 4.

Legend: B batch, T pieces, D hidden width, P width of a key (projection and fragment vector), W
width of a fragment vector, K queue, N negatives, H hard negatives of one query, M hard negatives of
all queries.
"""

import copy
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from contracode.encoder.distributed import gather
from contracode.encoder.encoders import Encoder, PlainProjection, Projection
from contracode.encoder.losses import (
    Contrast,
    bounded_temperature,
    info_nce,
    mean_of,
    temperature_logit,
)
from contracode.support.config import ContrastConfig, FragmentConfig

EMPTY = -1
"""Label of an empty slot of the queue."""

ROWS = 8
"""Number of rows of similar length that a tower encodes at once on a CPU. For 64 functions of up to
128 pieces, a third of the computation is padding if they are encoded at once, and 6 % in groups of
eight. Intermediate results of small groups also stay in the cache.
"""


@torch.no_grad()
def momentum_update(query: nn.Module, key: nn.Module, momentum: float) -> None:
    """Move the weights of `key` towards those of `query`, and copy buffers.

    The new weights are momentum * key + (1 - momentum) * query.

    Source: He et al. (2020), eq. 2.
    """
    for ours, theirs in zip(key.parameters(), query.parameters(), strict=True):
        ours.lerp_(theirs, 1 - momentum)
    for ours, theirs in zip(key.buffers(), query.buffers(), strict=True):
        ours.copy_(theirs)


class Queue(nn.Module):
    """The latest keys and the labels of their functions, first in, first out.

    Its buffers are part of checkpoints.

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
        """Replace the oldest keys; if there are more than `size` new keys, keep the last ones."""
        if not self.size:
            return
        keys_BP, labels_B = keys_BP[-self.size :], labels_B[-self.size :]
        places_B = (self.position + torch.arange(len(keys_BP), device=keys_BP.device)) % self.size
        self.keys_KP[places_B] = keys_BP.to(self.keys_KP.dtype)
        self.labels_K[places_B] = labels_B
        self.position.copy_((self.position + len(keys_BP)) % self.size)


class Tower(nn.Module):
    """Encoder, pooling and projection head: pieces to unit vectors, with or without fragments.

    A fragment vector is counted, not learned (`contracode.inputs.fragment_encoder`). If it is
    appended to the encoder's vector in training, the encoder learns to complement it.

    Args:
        encoder: the encoder of pieces.
        projection: the projection of the pooled hidden states.
        fragment_dim: W; 0 for no fragment vector.
        gain: norm of the fragment vector, relative to the projected vector of unit norm.
    """

    def __init__(
        self,
        encoder: Encoder,
        projection: Projection | PlainProjection,
        *,
        fragment_dim: int = 0,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.projection = projection
        self._fragment_dim = fragment_dim
        self._gain = gain

    @property
    def width(self) -> int:
        """Width of a vector, P."""
        return self.projection.width + self._fragment_dim

    def forward(
        self,
        pieces_BT: torch.Tensor,
        mask_BT: torch.Tensor,
        fragments_BW: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return (B, P), rows of unit norm, in float32 even under mixed precision."""
        projected_BP = self.projected(pieces_BT, mask_BT)
        if not self._fragment_dim:
            return projected_BP
        assert fragments_BW is not None
        return F.normalize(
            torch.cat([projected_BP, self._gain * fragments_BW.float()], dim=1), dim=1
        )

    def projected(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """Return projected vectors without fragments, (B, width of the projection), unit norm."""
        return F.normalize(self.projection(self._pooled(pieces_BT, mask_BT)).float(), dim=1)

    def _pooled(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """Return the pooled hidden states; rows of similar length are encoded together."""
        # A bilstm processes its steps one by one, so more rows at once cost next to nothing.
        if (
            pieces_BT.device.type != "cpu"
            or self.encoder.config.architecture == "bilstm"
            or len(pieces_BT) <= ROWS
        ):
            return self.encoder.embed(pieces_BT, mask_BT)[1]
        lengths_B, order_B = mask_BT.sum(dim=1).sort(stable=True)
        parts: list[torch.Tensor] = []
        for rows, lengths in zip(order_B.split(ROWS), lengths_B.split(ROWS), strict=True):
            longest = int(lengths[-1])
            parts.append(self.encoder.embed(pieces_BT[rows, :longest], mask_BT[rows, :longest])[1])
        return torch.cat(parts)[order_B.argsort()]


class HardNegatives(NamedTuple):
    """Views of functions after a small edit, each a negative of one query.

    Attributes:
        pieces_MT: int64.
        mask_MT: true for pieces, false for padding.
        owners_M: int64, row of the query of each; all different.
        fragments_MW: fragment vectors of the views; None without fragments.
    """

    pieces_MT: torch.Tensor
    mask_MT: torch.Tensor
    owners_M: torch.Tensor
    fragments_MW: torch.Tensor | None = None


class Keys(NamedTuple):
    """Keys for `update`.

    Attributes:
        keys_NP: keys of all processes, in process order.
        labels_N: labels of their functions.
    """

    keys_NP: torch.Tensor
    labels_N: torch.Tensor


class MomentumContrast(nn.Module):
    """Query and key tower, queue and temperature. `forward` changes none of them; `update` does.

    Args:
        encoder: the encoder of queries; the key encoder is initially a copy.
        config: settings.
        fragments: settings of the fragment vector, which is contrasted as well if `joint` is set.

    Attributes:
        query: the tower that learns.
        key: its exponential moving average, without gradients.
        queue: past keys.
        width: P.
    """

    def __init__(
        self, encoder: Encoder, config: ContrastConfig, fragments: FragmentConfig | None = None
    ) -> None:
        super().__init__()
        shape, fragments = encoder.config, fragments or FragmentConfig()
        self.config = config
        head = PlainProjection if config.head == "plain" else Projection
        projection = head(shape.pooled_width, config.hidden or shape.dimension, config.projection)
        self.query = Tower(
            encoder,
            projection,
            fragment_dim=fragments.width if fragments.joint else 0,
            gain=fragments.fragment_weight,
        )
        self.width = self.query.width
        self.key = copy.deepcopy(self.query).requires_grad_(False)
        self.queue = Queue(config.queue, self.width)
        logit = temperature_logit(
            config.temperature, config.temperature_low, config.temperature_high
        )
        self.temperature_logit = nn.Parameter(torch.tensor(logit), config.learn_temperature)

    @property
    def temperature(self) -> torch.Tensor:
        """The temperature, within its bounds."""
        return bounded_temperature(
            self.temperature_logit, self.config.temperature_low, self.config.temperature_high
        )

    def forward(
        self,
        query_pieces_BT: torch.Tensor,
        query_mask_BT: torch.Tensor,
        key_pieces_BT: torch.Tensor,
        key_mask_BT: torch.Tensor,
        labels_B: torch.Tensor,
        hard: HardNegatives | None = None,
        *,
        query_fragments_BW: torch.Tensor | None = None,
        key_fragments_BW: torch.Tensor | None = None,
    ) -> tuple[Contrast, Keys]:
        """Compare two views of each function.

        Args:
            query_pieces_BT: one view of each function, int64.
            query_mask_BT: true for pieces, false for padding.
            key_pieces_BT: the other view of each function; its length may differ.
            key_mask_BT: true for pieces, false for padding.
            labels_B: int64; functions with equal labels are duplicates, not negatives.
            hard: hard negatives of some queries.
            query_fragments_BW: fragment vectors of the query views, if they are contrasted.
            key_fragments_BW: fragment vectors of the key views, if they are contrasted.

        Returns:
            The comparison, and the keys for `update`. With several processes, each compares its
            own queries with the keys of all.
        """
        queries_BP = self.query(query_pieces_BT, query_mask_BT, query_fragments_BW)
        keys_BP = self._keys(key_pieces_BT, key_mask_BT, key_fragments_BW)
        hard_MP = (
            None if hard is None else self._keys(hard.pieces_MT, hard.mask_MT, hard.fragments_MW)
        )
        owners_M = None if hard is None else hard.owners_M
        keys = Keys(gather(keys_BP), gather(labels_B))
        contrast = self._compare(queries_BP, keys_BP, labels_B, keys, hard_MP, owners_M)
        if self.config.symmetric:
            queries_BP = self.query(key_pieces_BT, key_mask_BT, key_fragments_BW)
            keys_BP = self._keys(query_pieces_BT, query_mask_BT, query_fragments_BW)
            others = Keys(gather(keys_BP), keys.labels_N)
            contrast = mean_of(
                contrast, self._compare(queries_BP, keys_BP, labels_B, others, hard_MP, owners_M)
            )
        return contrast, keys

    def absent(self, device: torch.device) -> Keys:
        """Take part in the collective operations of `forward`, for a process without functions."""
        nothing_0P, nothing_0 = (
            torch.zeros(0, self.width, device=device),
            torch.zeros(0, device=device).long(),
        )
        keys = Keys(gather(nothing_0P), gather(nothing_0))
        if self.config.symmetric:
            gather(nothing_0P)
        return keys

    @torch.no_grad()
    def _keys(
        self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor, fragments_BW: torch.Tensor | None
    ) -> torch.Tensor:
        return self.key(pieces_BT, mask_BT, fragments_BW)

    def _compare(
        self,
        queries_BP: torch.Tensor,
        keys_BP: torch.Tensor,
        labels_B: torch.Tensor,
        everyones: Keys,
        hard_MP: torch.Tensor | None,
        owners_M: torch.Tensor | None,
    ) -> Contrast:
        negatives_NP, labels_N = self.queue.keys_KP, self.queue.labels_K
        if self.config.in_batch:
            negatives_NP = torch.cat([everyones.keys_NP, negatives_NP])
            labels_N = torch.cat([everyones.labels_N, labels_N])
        hard_BHP = no_hard_BH = None
        if hard_MP is not None and owners_M is not None:
            hard_BHP = torch.zeros_like(keys_BP)
            hard_BHP[owners_M] = hard_MP
            no_hard_BH = torch.ones_like(labels_B, dtype=torch.bool)
            no_hard_BH[owners_M] = False
            hard_BHP, no_hard_BH = hard_BHP[:, None], no_hard_BH[:, None]
        return info_nce(
            queries_BP,
            keys_BP,
            negatives_NP,
            self.temperature,
            excluded_BN=(labels_B[:, None] == labels_N) | (labels_N == EMPTY),
            hard_BHP=hard_BHP,
            no_hard_BH=no_hard_BH,
            decoupled=self.config.decoupled,
        )

    def update(self, keys: Iterable[Keys], momentum: float) -> None:
        """Move the key tower and extend the queue, after a step of the optimiser.

        Args:
            keys: keys of each batch of the step.
            momentum: momentum of the key tower.
        """
        momentum_update(self.query, self.key, momentum)
        for keys_NP, labels_N in keys:
            self.queue.enqueue(keys_NP, labels_N)
