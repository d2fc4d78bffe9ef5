"""The curve of a fine-tuning run, and its best checkpoint."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Callback
from rich.console import Console

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import read_checkpoint
from contracode.heads.checkpoint import BEST
from contracode.heads.head_module import HeadModule
from contracode.support.atomic_files import replacing
from contracode.support.run_folder import METRICS, Metrics
from contracode.trainer.events import Events
from contracode.trainer.run_progress import RunProgress
from contracode.trainer.saving import diverged

RATE = "learning_rate"
"""The setting to lower if a run diverges."""

Watch = Callable[[int, int, dict[str, float]], None]
"""Called after each validation with the steps done, all steps, and the row of `metrics.csv`."""


class BestHead(Callback):
    """After each validation, writes a row of `metrics.csv`, and `best/` if it is the best so far.

    It also ends a run whose loss is not finite.

    Args:
        run: the run folder.
        save: writes a checkpoint of the head into a folder.
        events: receives the rows as well.
        title: the title of the progress bar; "" for none.
        watch: called with the rows as well.

    Attributes:
        validated: step of the latest validation.
    """

    def __init__(
        self,
        run: Path,
        save: Callable[[Path], None],
        events: Events,
        *,
        title: str,
        watch: Watch | None,
    ) -> None:
        self._run = run
        self._save = save
        self._events = events
        self._watch = watch
        self._first = distributed.rank() == 0  # the others write nothing
        self._bar = RunProgress(Console(stderr=True), title) if title and self._first else None
        self._metrics: Metrics | None = None
        self._best = -math.inf
        self.validated = -1

    @property
    def state_key(self) -> str:
        """Key of the state in checkpoints, also in those of version 0.1."""
        return "Record"

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Open the curve and show the bar."""
        assert isinstance(pl_module, HeadModule)
        self._open(trainer, pl_module)
        if self._bar is not None:
            self._bar.start()

    def _open(self, trainer: lightning.Trainer, module: HeadModule) -> Metrics:
        if self._metrics is None:
            columns = ("step", "epoch", *module.figures)
            self._metrics = Metrics(self._run / METRICS, columns, upto=trainer.global_step)
        return self._metrics

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """End a run whose loss is not finite, and move the bar."""
        assert isinstance(pl_module, HeadModule)
        loss = float(distributed.total([outputs["loss"]], pl_module.device)[0])
        self._check(loss, "loss", trainer.global_step)
        if self._bar is not None:
            progress = trainer.global_step / pl_module.num_steps
            self._bar.advance(progress)
            epoch = trainer.current_epoch + 1
            self._bar.show(f"epoch {epoch}  step {trainer.global_step}  loss {loss:.3f}", progress)

    def on_validation_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Write the row, and the checkpoint if it is the best."""
        assert isinstance(pl_module, HeadModule)
        score = pl_module.score()
        self._check(score, "validation", trainer.global_step)
        figures = {name: float(value) for name, value in trainer.callback_metrics.items()}
        row = dict.fromkeys(pl_module.figures, math.nan) | figures
        row = {"step": trainer.global_step, "epoch": trainer.current_epoch + 1, **row}
        better, self._best = score > self._best, max(self._best, score)
        self.validated = trainer.global_step
        if not self._first:
            return
        self._open(trainer, pl_module).append(row)
        self._events.add(row)
        if self._watch is not None:
            self._watch(trainer.global_step, pl_module.num_steps, row)
        if better:
            with replacing(self._run / BEST) as beside:
                beside.mkdir()
                self._save(beside)

    def _check(self, value: float, name: str, step: int) -> None:
        if not math.isfinite(value):
            raise diverged(f"the {name} is {value} at step {step}", self._run, RATE)

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Close the bar."""
        self._close()

    def on_exception(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        exception: BaseException,
    ) -> None:
        """Close the bar."""
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def state_dict(self) -> dict[str, Any]:
        """Return the best score, and the step of the latest validation."""
        return {"best": self._best, "validated": self.validated}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the best score and the step."""
        self._best = state_dict["best"]
        history = state_dict.get("history", [{"step": -1}])  # of checkpoints of version 0.1
        self.validated = state_dict.get("validated", history[-1]["step"])

    def save_into(self, checkpoint: Path) -> None:
        """Write the state into a checkpoint that was saved before the latest validation."""
        found = read_checkpoint(checkpoint)
        found["callbacks"][self.state_key] = self.state_dict()
        with replacing(checkpoint) as beside:
            torch.save(found, beside)
