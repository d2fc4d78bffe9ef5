"""Towers over bags of fragments of code and of words, trained by momentum contrast.

A tower is one learned table of embeddings.

Legend: B functions of a batch, F items of all their bags, V rows of the table, U rows that are
initialised, D dimensions, W of them, N negatives.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from contracode.encoder.losses import Contrast, info_nce, mean_of
from contracode.encoder.momentum_contrast import EMPTY, Keys, Queue, momentum_update
from contracode.inputs.bags.table import TYPICAL
from contracode.inputs.bags.vocabulary import PARTS
from contracode.support.config import Config

_STRENGTHS = {"shape": 0.0, "query": 0.0, "locals": -1.2}
_STRENGTH = -0.7
"""Initial logarithm of the norm of a part that `_STRENGTHS` does not list."""

_NOISE = 0.15
"""Standard deviation of the noise that is added to a given word vector, as a share of its norm."""


class Items(NamedTuple):
    """One part of the bags of a batch.

    Attributes:
        rows_F: int64, row of the table of each item.
        weights_F: float32, weight of each item.
        starts: int64 (B + 1,), index of the first item of each function, and the end.
    """

    rows_F: torch.Tensor
    weights_F: torch.Tensor
    starts: torch.Tensor


View = Mapping[str, Items]
"""The items of a batch by part."""


class Pairs(NamedTuple):
    """Two views of each function of a batch.

    Attributes:
        query: one view.
        key: the other view.
        labels_B: int64; functions with equal labels are not negatives of each other.
    """

    query: View
    key: View
    labels_B: torch.Tensor


class BagBatch(NamedTuple):
    """A batch of a bag model.

    Attributes:
        code: pairs of code and code.
        text: pairs of a text and code.
    """

    code: Pairs
    text: Pairs

    @property
    def num_items(self) -> int:
        """Number of fragments and words in all views."""
        views = [view for pairs in self for view in (pairs.query, pairs.key)]
        return sum(len(items.rows_F) for view in views for items in view.values())


class BagTower(nn.Module):
    """Bags to unit vectors.

    Each part of a bag is the normalised sum of its rows, scaled by a learned gate. The vector is
    the normalised sum of the parts.

    Args:
        rows: V.
        dimension: D.
    """

    def __init__(self, rows: int, dimension: int) -> None:
        super().__init__()
        self.table = nn.Embedding(rows, dimension)
        nn.init.normal_(self.table.weight, std=dimension**-0.5)
        strengths = [_STRENGTHS.get(part, _STRENGTH) for part in PARTS]
        gates = torch.stack([torch.tensor(strengths), torch.zeros(len(PARTS))], dim=1)
        self.gates = nn.ParameterList([nn.Parameter(row) for row in gates.clone()])

    @torch.no_grad()
    def begin_with(self, rows_U: np.ndarray, vectors_UD: np.ndarray) -> None:
        """Initialise rows with given vectors, truncated or padded to the dimension, plus noise."""
        weight_VD = self.table.weight
        places_U = torch.from_numpy(rows_U)
        width = min(vectors_UD.shape[1], weight_VD.shape[1])
        start_UD = _NOISE * weight_VD[places_U]
        start_UD[:, :width] += F.normalize(torch.from_numpy(vectors_UD[:, :width]), dim=1)
        weight_VD[places_U] = start_UD

    def forward(self, views: Sequence[View]) -> list[torch.Tensor]:
        """Return (B, D) for each view, rows of unit norm.

        All views are looked up at once, as the gradient of every lookup is as large as the table.
        """
        parts = [(part, items) for view in views for part, items in view.items()]
        firsts = np.cumsum([0, *(len(items.rows_F) for _, items in parts)]).tolist()
        starts = [
            items.starts[:-1] + first for (_, items), first in zip(parts, firsts, strict=False)
        ]
        sums = F.embedding_bag(
            torch.cat([items.rows_F for _, items in parts]),
            self.table.weight,
            torch.cat(starts),
            mode="sum",
            per_sample_weights=torch.cat([items.weights_F for _, items in parts]),
        ).split([len(one) for one in starts])
        gated = iter(
            [
                self._gated(part, items, sums_BD)
                for (part, items), sums_BD in zip(parts, sums, strict=True)
            ]
        )
        return [F.normalize(_sum([next(gated) for _ in view]), dim=1) for view in views]

    def _gated(self, part: str, items: Items, sums_BD: torch.Tensor) -> torch.Tensor:
        strength, slope = self.gates[PARTS.index(part)]
        numbers_B = torch.log1p(items.starts.diff().float())
        norms_B = torch.exp(strength + slope * (numbers_B - TYPICAL))
        return F.normalize(sums_BD, dim=1) * norms_B[:, None]


class BagContrast(nn.Module):
    """Query and key tower, queue of code vectors, temperature.

    Args:
        rows: V.
        config: settings.

    Attributes:
        query: the tower that learns.
        key: its exponential moving average, without gradients.
        queue: past keys, all of code.
    """

    temperature: torch.Tensor

    def __init__(self, rows: int, config: Config) -> None:
        super().__init__()
        self.query = BagTower(rows, config.bag.dimension)
        self.key = copy.deepcopy(self.query).requires_grad_(False)
        self.queue = Queue(config.contrast.queue, config.bag.dimension)
        self.nested = config.bag.nested
        self.register_buffer("temperature", torch.tensor(config.contrast.temperature))

    def begin_with(self, rows_U: np.ndarray, vectors_UD: np.ndarray) -> None:
        """Initialise rows of both towers with given vectors, see `BagTower.begin_with`."""
        self.query.begin_with(rows_U, vectors_UD)
        self.key.load_state_dict(self.query.state_dict())

    def forward(self, batch: BagBatch) -> tuple[Contrast, Keys]:
        """Compare code with code and texts with code, both ways.

        Returns:
            The mean of both comparisons, and the keys for `update`.
        """
        views = [batch.code.query, batch.code.key, batch.text.query, batch.text.key]
        code_BD, code_back_BD, text_BD, text_back_BD = self.query(views)
        with torch.no_grad():
            code_key_BD, code_key_back_BD, text_key_BD, text_key_back_BD = self.key(
                [batch.code.key, batch.code.query, batch.text.key, batch.text.query]
            )
        code, text = batch.code.labels_B, batch.text.labels_B
        compared = mean_of(
            mean_of(
                self._compare(code_BD, code_key_BD, code, queue=True),
                self._compare(code_back_BD, code_key_back_BD, code, queue=True),
            ),
            mean_of(
                self._compare(text_BD, text_key_BD, text, queue=True),
                self._compare(text_back_BD, text_key_back_BD, text, queue=False),
            ),
        )
        return compared, Keys(torch.cat([code_key_BD, text_key_BD]), torch.cat([code, text]))

    def _compare(
        self,
        queries_BD: torch.Tensor,
        keys_BD: torch.Tensor,
        labels_B: torch.Tensor,
        *,
        queue: bool,
    ) -> Contrast:
        """Contrast queries with their keys.

        Truncated vectors (`bag.nested`) are contrasted with keys of the batch alone.

        Args:
            queries_BD: vectors of the query tower.
            keys_BD: vectors of the key tower.
            labels_B: functions with equal labels are not negatives of each other.
            queue: use the keys of the queue, all of code, as negatives as well.
        """
        negatives_ND, labels_N = keys_BD, labels_B
        if queue:
            negatives_ND = torch.cat([keys_BD, self.queue.keys_KP])
            labels_N = torch.cat([labels_B, self.queue.labels_K])
        excluded_BN = (labels_B[:, None] == labels_N) | (labels_N == EMPTY)
        whole = info_nce(
            queries_BD, keys_BD, negatives_ND, self.temperature, excluded_BN=excluded_BN
        )
        losses = [whole.loss]
        for width in self.nested:
            query_BW, key_BW = (
                F.normalize(rows[:, :width], dim=1) for rows in (queries_BD, keys_BD)
            )
            narrow = info_nce(
                query_BW,
                key_BW,
                key_BW,
                self.temperature,
                excluded_BN=labels_B[:, None] == labels_B,
            )
            losses.append(narrow.loss)
        return Contrast(torch.stack(losses).mean(), whole.accuracy)

    def update(self, keys: Iterable[Keys], momentum: float) -> None:
        """Move the key tower and enqueue the keys, after a step of the optimiser."""
        momentum_update(self.query, self.key, momentum)
        for keys_ND, labels_N in keys:
            self.queue.enqueue(keys_ND, labels_N)


def _sum(tensors: list[torch.Tensor]) -> torch.Tensor:
    """Return the sum of tensors, added in a fixed order, as rounding depends on it."""
    total = tensors[0]
    for one in tensors[1:]:
        total = total + one
    return total
