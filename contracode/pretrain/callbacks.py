"""What happens beside the training steps: the curve and the bar, checkpoints, the end."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import read_checkpoint
from contracode.pretrain.events import Events
from contracode.pretrain.module import Pretraining
from contracode.pretrain.probe import AUROC, WORST, Probe
from contracode.support.atomic_files import replacing
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import CHECKPOINT, METRICS, Metrics
from contracode.views.batches import Batch

COLUMNS = (
    "step",
    "seconds",
    "loss",
    "accuracy",
    "temperature",
    "learning_rate",
    "momentum",
    "pieces_per_second",
    "waiting",
    "refused",
)
"""Of `metrics.csv`. Losses and accuracies are means since the row before; `waiting` is the share of
the time spent waiting for data, `refused` counts the functions that were left out.
"""

MASKED_COLUMNS = ("masked_loss", "masked_accuracy")
"""Further ones of a run with masked modelling, whose `loss` is the sum that is minimised."""

STARVED = 0.3
"""Share of the time waiting for data from which the bar says so."""


class Monitor(Callback):
    """Writes a row of `metrics.csv` every few steps, and shows the latest in a progress bar on
    stderr.

    Args:
        run: the run folder.
        config: settings.
        progress: show the bar; lines now and then where stderr is no terminal.
        probe: whose latest figures the bar shows too.
        events: which get the rows too.

    Attributes:
        latest: the last row.
    """

    def __init__(
        self,
        run: Path,
        config: Config,
        events: Events,
        *,
        progress: bool,
        probe: Probe | None = None,
    ) -> None:
        self._run = run
        self._config = config
        self._events = events
        self._probe = probe
        self._columns = COLUMNS + (MASKED_COLUMNS if config.masking.share else ())
        self._means = [name for name in self._columns if name.endswith(("loss", "accuracy"))]
        self._sums = dict.fromkeys([*self._means, "count"], 0.0)
        self._pieces = self._refused = 0.0
        self._waited = 0.0
        self._step = 0
        self._since = self._idle_since = 0.0
        self._first = distributed.rank() == 0  # the others write nothing
        self._bar = Bar(Console(stderr=True)) if progress and self._first else None
        self.latest: dict[str, float] = {}

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Open the curve and show the bar."""
        self._step = trainer.global_step
        if self._first:
            self._metrics = Metrics(self._run / METRICS, self._columns, upto=trainer.global_step)
        if self._bar is not None:
            self._bar.start()
        self._since = self._idle_since = time.monotonic()

    def on_train_batch_start(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Count the time that the step has waited for its batch."""
        self._waited += time.monotonic() - self._idle_since

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Add up, and write a row when it is time."""
        assert isinstance(pl_module, Pretraining)
        if outputs and "whole_loss" in outputs:
            if not math.isfinite(outputs["whole_loss"]):
                raise diverged(
                    f"the loss is {float(outputs['whole_loss'])} at step {trainer.global_step}",
                    self._run,
                )
            for name in self._means:
                self._sums[name] += float(
                    outputs.get("whole_loss" if name == "loss" else name, 0.0)
                )
            self._sums["count"] += 1
        pieces, refused = pl_module.seen
        self._pieces += pieces
        self._refused += refused
        if trainer.global_step != self._step:  # else the step has further batches
            self._step = trainer.global_step
            if self._step % self._config.training.log_every == 0:
                self._write(self._step, pl_module)
            if self._bar is not None:
                self._bar.advance(pl_module.progress)
            if pl_module.progress >= 1:
                trainer.should_stop = True
        self._idle_since = time.monotonic()

    def _write(self, step: int, module: Pretraining) -> None:
        if not self._sums["count"]:
            return
        now = time.monotonic()
        passed = now - self._since
        row = {
            "step": step,
            "seconds": module.elapsed,
            **{name: self._sums[name] / self._sums["count"] for name in self._means},
            "temperature": float(module.contrast.temperature.detach()),
            "learning_rate": module.learning_rate,
            "momentum": module.momentum,
            "pieces_per_second": self._pieces / passed,
            "waiting": self._waited / passed,
            "refused": self._refused,
        }
        if self._first:
            self._metrics.append(row)
        self._events.add({name: value for name, value in row.items() if name != "seconds"})
        if self._bar is not None:
            self._bar.show(row, module.progress, {} if self._probe is None else self._probe.latest)
        self._sums = dict.fromkeys(self._sums, 0.0)
        self._pieces, self._waited, self._since = 0, 0.0, now
        self.latest = row

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Write a last row, and close."""
        assert isinstance(pl_module, Pretraining)
        self._write(trainer.global_step, pl_module)
        self._close()

    def on_exception(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        exception: BaseException,
    ) -> None:
        """Close."""
        self._close()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def state_dict(self) -> dict[str, Any]:
        """Return what the rows of a resumed run need."""
        return {"sums": self._sums, "refused": self._refused, "latest": self.latest}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take it back."""
        self._sums, self._refused, self.latest = (
            state_dict["sums"],
            state_dict["refused"],
            state_dict["latest"],
        )


def diverged(message: str, run: Path, rate: str = "optimizer.learning_rate") -> InputError:
    """Return what ends a run whose loss is no number; it says which setting is its rate, and what
    the run can go on from.
    """
    checkpoint = run / CHECKPOINT
    good = (
        f"{CHECKPOINT} is of step {read_checkpoint(checkpoint)['global_step']}"
        if checkpoint.exists()
        else ""
    )
    return InputError(f"{message}; lower {rate}; {good or 'there is no checkpoint yet'}", path=run)


class Bar:
    """A progress bar with the latest figures; a line for every tenth where the console is no
    terminal.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenths = 0
        self._progress = Progress(
            TextColumn("pretraining"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=1.0, figures="")

    def start(self) -> None:
        """Show it."""
        self._progress.start()

    def stop(self) -> None:
        """Leave it as it is."""
        self._progress.stop()

    def advance(self, progress: float) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=progress)

    def show(
        self, row: dict[str, float], progress: float, probed: Mapping[str, float] | None = None
    ) -> None:
        """Show a row, and the latest row of the probe if there is one."""
        figures = (
            f"step {row['step']:.0f}  loss {row['loss']:.3f}  accuracy {row['accuracy']:.1%}  "
            f"temperature {row['temperature']:.3f}  {row['pieces_per_second']:,.0f} pieces/s"
        )
        if probed:
            figures += f"  clones {probed[AUROC]:.1%}, rewritten {probed[WORST]:.1%}"
        if row["waiting"] > STARVED:
            figures += (
                f"  loader is the bottleneck: waits for data {row['waiting']:.0%} of the time"
            )
        self._progress.update(self._task, figures=figures)
        if not self._console.is_terminal and int(10 * progress) > self._tenths:
            self._tenths = int(10 * progress)
            self._console.print(
                f"pretraining {progress:4.0%}  {figures}", soft_wrap=True, highlight=False
            )


class Saving(Callback):
    """Writes `last.ckpt`, every few steps and at the end: beside it, then renamed into its place.

    Args:
        run: the run folder.
        every: steps.
    """

    def __init__(self, run: Path, every: int) -> None:
        self._path = run / CHECKPOINT
        self._every = every
        self._step = 0

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Begin to count."""
        self._step = trainer.global_step

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Save when it is time."""
        if trainer.global_step == self._step:
            return  # the step has further batches
        self._step = trainer.global_step
        if self._step % self._every == 0:
            self._save(trainer)

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Save."""
        self._save(trainer)

    def _save(self, trainer: lightning.Trainer) -> None:
        weights = trainer.lightning_module.parameters()
        if not all(
            bool(weight.isfinite().all()) for weight in weights
        ):  # the latest step may have spoiled them
            raise diverged(
                f"weights are no numbers at step {trainer.global_step}", self._path.parent
            )
        if distributed.rank():
            trainer.save_checkpoint(
                self._path
            )  # writes nothing, but gives what the first is to write
            return
        try:
            with replacing(self._path) as beside:
                trainer.save_checkpoint(beside)
        except (OSError, RuntimeError) as error:  # a full disk is either, by where torch meets it
            reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
            raise InputError(
                f"the checkpoint cannot be written: {reason}", path=self._path
            ) from None
