"""Batches of pairs for pretraining."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytorch_lightning as lightning
import torch
from torch.utils.data import DataLoader, Sampler

from contracode.encoder import distributed
from contracode.inputs.tokenizer import PAD
from contracode.support.config import Config
from contracode.views.batch_plan import BatchPlan, EpochItem
from contracode.views.batches import collate
from contracode.views.pairs import PairDataset


class BatchShard(Sampler[list[EpochItem]]):
    """The part of each batch that belongs to this process.

    A part is a run of consecutive items. The parts, joined in process order, are the batch.

    Args:
        plan: the batches of all processes.
    """

    def __init__(self, plan: Sampler[list[EpochItem]]) -> None:
        self._plan = plan

    def __iter__(self) -> Iterator[list[EpochItem]]:
        for batch in self._plan:
            first, last = (
                len(batch) * number // distributed.world()
                for number in (distributed.rank(), distributed.rank() + 1)
            )
            yield batch[first:last]


class PairData(lightning.LightningDataModule):
    """An endless stream of batches, beginning with the trainer's next one.

    Args:
        pairs: the dataset.
        lengths: lengths of the functions to train on, in any unit.
        config: settings.
        functions: their indices in the dataset; by default all of it.
    """

    def __init__(
        self,
        pairs: PairDataset,
        lengths: Sequence[int] | np.ndarray,
        config: Config,
        functions: Sequence[int] | np.ndarray | None = None,
    ) -> None:
        super().__init__()
        self._functions = functions
        self._pairs = pairs
        self._lengths = lengths
        self._config = config

    def train_dataloader(self) -> DataLoader[Any]:
        """Return the loader."""
        assert self.trainer is not None
        training, data = self._config.training, self._config.data
        plan = BatchPlan(
            self._lengths,
            training.batch_size * distributed.world(),
            bucket=data.bucket,
            seed=training.seed,
            start=self.trainer.global_step * training.accumulate,
            functions=self._functions,
        )
        return DataLoader(
            self._pairs,
            batch_sampler=BatchShard(plan) if distributed.world() > 1 else plan,
            collate_fn=partial(collate, pad=PAD),
            num_workers=data.workers,
            pin_memory=torch.cuda.is_available(),
            # A generator of its own: the loader must not draw from the one that dropout uses.
            generator=torch.Generator(),
        )
