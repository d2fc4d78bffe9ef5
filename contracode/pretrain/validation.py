"""Validation on held-out functions, and early stopping."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Callback

from contracode.encoder import distributed
from contracode.encoder.losses import Contrast, hybrid, info_nce
from contracode.inputs.tokenizer import PAD
from contracode.pretrain.module import Pretraining
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import VALIDATION, Metrics
from contracode.trainer.events import Events
from contracode.views.batch_plan import EpochItem
from contracode.views.batches import Batch, collate
from contracode.views.pairs import PairDataset

EPOCH = -1
"""Epoch number of the validation pairs; training never uses it."""

COLUMNS = ("step", "loss", "accuracy")
"""Columns of `validation.csv`."""


class Validation(Callback):
    """Validates the towers on a fixed set of pairs, and ends a run that no longer improves.

    The loss is that of training, but without dropout, and with the other functions of a batch as
    negatives instead of the queue, so that figures of different steps are comparable.

    Args:
        run: the run folder.
        config: settings.
        pairs: the dataset.
        functions: indices of the held-out functions.
        events: receives the rows as well.

    Raises:
        InputError: fewer than two of these functions have a pair of views.
    """

    def __init__(
        self,
        run: Path,
        config: Config,
        pairs: PairDataset,
        functions: Sequence[int],
        events: Events,
    ) -> None:
        self._run = run
        self._events = events
        self._config = config
        drawn = [
            pair
            for function in functions
            if (pair := pairs[EpochItem(EPOCH, function)]) is not None
        ]
        if len(drawn) < 2:
            raise InputError(
                "fewer than two of the functions held out have two views; raise training.held_out",
                path=run,
            )
        number = max(1, len(drawn) // config.training.batch_size)
        self._batches = [collate(drawn[first::number], pad=PAD) for first in range(number)]
        self._done = 0
        self._best = math.inf
        self._worse = 0

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Open `validation.csv`."""
        self._done = trainer.global_step
        if distributed.rank() == 0:
            self._metrics = Metrics(self._run / VALIDATION, COLUMNS, upto=trainer.global_step)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Validate every few steps; end the run after `training.patience` rows without a best."""
        assert isinstance(pl_module, Pretraining)
        step, training = trainer.global_step, self._config.training
        if step == self._done or step % training.validate_every:
            return
        self._done = step
        result = self._validate(pl_module)
        # The same loss in all processes, so that they end at the same step.
        loss = distributed.from_first(float(result.loss), pl_module.device)
        if distributed.rank() == 0:
            row = {"step": step, "loss": loss, "accuracy": float(result.accuracy)}
            self._metrics.append(row)
            self._events.add(row, "validation")
        self._worse = 0 if loss < self._best else self._worse + 1
        self._best = min(loss, self._best)
        if training.patience and self._worse >= training.patience:
            trainer.should_stop = True

    @torch.no_grad()
    def _validate(self, module: Pretraining) -> Contrast:
        module.eval()
        results = [self._compared(module, batch) for batch in self._batches]
        module.train()
        weights = torch.tensor([float(len(batch.labels_B)) for batch in self._batches])
        sums = [
            (torch.stack(parts).cpu() * weights).sum() / weights.sum()
            for parts in zip(*results, strict=True)
        ]
        return Contrast(*sums)

    def _compared(self, module: Pretraining, batch: Batch) -> Contrast:
        batch = module.transfer_batch_to_device(batch, module.device, 0)
        towers, config = module.contrast, self._config
        keys_BP = towers.key(*batch.key)
        result = info_nce(
            towers.query(*batch.query),
            keys_BP,
            keys_BP,
            towers.temperature,
            excluded_BN=batch.labels_B[:, None] == batch.labels_B,
            decoupled=config.contrast.decoupled,
        )
        masked = module.masked(batch)
        if masked is None:
            return result
        return Contrast(hybrid(result.loss, masked.loss, config.masking.contrast), result.accuracy)

    def state_dict(self) -> dict[str, Any]:
        """Return the best loss, and the number of later rows that were not better."""
        return {"best": self._best, "worse": self._worse}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the best loss and the number of later rows."""
        self._best, self._worse = state_dict["best"], state_dict["worse"]
