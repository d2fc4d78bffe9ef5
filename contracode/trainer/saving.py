"""The checkpoint of a run, and the error that ends a run whose loss or weights are not finite."""

from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import read_checkpoint
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError
from contracode.support.run_folder import CHECKPOINT
from contracode.trainer.interruption import Interruption


def diverged(message: str, run: Path, rate: str) -> InputError:
    """Build the error of a run that diverged.

    Args:
        message: names the value that is not finite, and the step.
        run: the run folder; the error names the step of its checkpoint.
        rate: the setting to lower.
    """
    checkpoint = run / CHECKPOINT
    last = "there is no checkpoint yet"
    if checkpoint.exists():
        last = f"{CHECKPOINT} is of step {read_checkpoint(checkpoint)['global_step']}"
    return InputError(f"{message}; lower {rate}; {last}", path=run)


class Saving(Callback):
    """Writes `last.ckpt`: to a temporary file that is renamed into place.

    It is the last of the callbacks, so that a checkpoint holds the state of all others after the
    same step.

    Args:
        run: the run folder.
        every: steps between checkpoints; the end of the run is saved too. 0 saves after every
            complete epoch instead; a run interrupted within an epoch repeats that epoch.
        rate: the setting that the error of a diverged run names.
        interruption: the signals of the run.
    """

    def __init__(self, run: Path, every: int, *, rate: str, interruption: Interruption) -> None:
        self._path = run / CHECKPOINT
        self._every = every
        self._rate = rate
        self._interruption = interruption
        self._step = 0

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Remember the step, so that a resumed run does not save it again."""
        self._step = trainer.global_step

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Save if `every` steps have passed."""
        if trainer.global_step == self._step:
            return  # the step has further batches
        self._step = trainer.global_step
        if self._every and self._step % self._every == 0:
            self._save(trainer)

    def on_train_epoch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Save after a complete epoch, if `every` is 0."""
        whole = trainer.fit_loop.epoch_loop.batch_progress.is_last_batch
        if not self._every and (whole or not self._interruption.signal):
            self._save(trainer)

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Save at the end of the run."""
        if self._every:
            self._save(trainer)

    def _save(self, trainer: lightning.Trainer) -> None:
        weights = trainer.lightning_module.parameters()
        # A step with a finite loss can still make a weight infinite.
        if not all(bool(weight.isfinite().all()) for weight in weights):
            message = f"weights are not finite at step {trainer.global_step}"
            raise diverged(message, self._path.parent, self._rate)
        if distributed.rank():
            # Writes nothing here, but takes part in gathering the state for the first process.
            trainer.save_checkpoint(self._path)
            return
        try:
            with replacing(self._path) as beside:
                trainer.save_checkpoint(beside)
        except (OSError, RuntimeError) as error:  # torch reports a full disk as either
            reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
            raise InputError(
                f"the checkpoint cannot be written: {reason}", path=self._path
            ) from None
