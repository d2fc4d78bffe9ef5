"""Batches of training examples of a head.

Legend: B rows, T pieces of the longest.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch.utils.data import DataLoader

from contracode.encoder import distributed
from contracode.heads.settings import FinetuneConfig
from contracode.support.digests import digest_parts


class HeadBatches(lightning.LightningDataModule):
    """Batches of a head.

    They are drawn anew in every epoch. They depend on the seed and the epoch alone, so that a
    resumed run sees the same.

    Args:
        training: training examples of this process. All processes draw as many batches as the one
            that has the fewest.
        validation: validation examples, the same in all processes.
        collate: function from examples to a batch.
        batch_size: maximum cost of a batch, unless a single example costs more.
        seed: seed of the order.
        cost: cost of an example; by default 1.
    """

    def __init__(
        self,
        training: Sequence[Any],
        validation: Sequence[Any],
        *,
        collate: Callable[[Sequence[Any]], Any],
        batch_size: int,
        seed: int,
        cost: Callable[[Any], int] = lambda _: 1,
    ) -> None:
        super().__init__()
        self._training, self._validation = training, validation
        self._cost, self._collate = cost, collate
        self._batch_size, self._seed = batch_size, seed

    def num_steps(self, config: FinetuneConfig) -> int:
        """Return the steps of a whole run; all processes must call it."""
        steps = len(self.drawn(0)) * config.epochs
        return min(steps, config.steps or steps)

    def drawn(self, epoch: int) -> list[list[Any]]:
        """Return the training batches of an epoch; all processes must call it."""
        order = list(self._training)
        random.Random(f"{self._seed} {epoch}").shuffle(order)
        packed = self._packed(order)
        return packed[: distributed.minimum(len(packed))]

    def _packed(self, examples: Sequence[Any]) -> list[list[Any]]:
        packed: list[list[Any]] = []
        room = 0
        for example in examples:
            cost = self._cost(example)
            if not packed or cost > room:
                packed.append([])
                room = self._batch_size
            packed[-1].append(example)
            room -= cost
        return packed

    def train_dataloader(self) -> Any:
        """Return the batches of the trainer's current epoch."""
        assert self.trainer is not None
        return self._loader(self.drawn(self.trainer.current_epoch))

    def val_dataloader(self) -> Any:
        """Return the validation batches."""
        return self._loader(self._packed(self._validation))

    def _loader(self, batches: Any) -> Any:
        return DataLoader(batches, batch_size=None, collate_fn=self._collate)


def digest(facts: Iterable[object]) -> str:
    """Return the SHA-256 of the `repr` of facts: numbers, texts, and sequences of these."""
    return digest_parts(f"{fact!r}\n".encode() for fact in facts)


def pad_rows(rows: Sequence[np.ndarray], *, pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of pieces as int64 (B, T), and the mask, bool (B, T), false for padding."""
    length_B = torch.tensor([len(row) for row in rows])
    mask_BT = torch.arange(int(length_B.max())) < length_B[:, None]
    pieces_BT = torch.full(mask_BT.shape, pad)
    pieces_BT[mask_BT] = torch.from_numpy(np.concatenate(rows).astype(np.int64))
    return pieces_BT, mask_BT
