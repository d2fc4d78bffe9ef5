"""The learning curve of a pretraining run: `metrics.csv` and the progress bar."""

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback
from rich.console import Console

from contracode.encoder import distributed
from contracode.pretrain.probe import AUROC, WORST, CloneProbe
from contracode.pretrain.scheduled import ScheduledTraining
from contracode.support.config import Config
from contracode.support.run_folder import METRICS, Metrics
from contracode.trainer.events import Events
from contracode.trainer.run_progress import RunProgress
from contracode.trainer.saving import diverged
from contracode.views.batches import Batch

RATE = "optimizer.learning_rate"
"""The setting to lower if a run diverges."""

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
"""Columns of `metrics.csv`. Losses and accuracies are means since the previous row; `waiting` is
the share of the time spent waiting for data; `refused` counts the functions that had no views.
"""

MASKED_COLUMNS = ("masked_loss", "masked_accuracy")
"""Further columns of a run with masked modelling, whose `loss` is the sum that is minimised."""

STARVED = 0.3
"""The progress bar warns if a larger share of the time is spent waiting for data."""


class Monitor(Callback):
    """Writes a row of `metrics.csv` every few steps, and shows it in a progress bar on stderr.

    Args:
        run: the run folder.
        config: settings.
        events: receives the rows as well.
        progress: show the bar, or lines of text if stderr is not a terminal.
        probe: if given, the bar shows its latest figures.

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
        probe: CloneProbe | None = None,
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
        self._bar: RunProgress | None = None
        if progress and self._first:
            self._bar = RunProgress(Console(stderr=True), "pretraining")
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
        """Count the time that the step waited for its batch."""
        self._waited += time.monotonic() - self._idle_since

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Add up the figures, and write a row every `training.log_every` steps."""
        assert isinstance(pl_module, ScheduledTraining)
        if outputs and "whole_loss" in outputs:
            if not math.isfinite(outputs["whole_loss"]):
                loss = float(outputs["whole_loss"])
                message = f"the loss is {loss} at step {trainer.global_step}"
                raise diverged(message, self._run, RATE)
            for name in self._means:
                self._sums[name] += float(
                    outputs.get("whole_loss" if name == "loss" else name, 0.0)
                )
            self._sums["count"] += 1
        pieces, refused = pl_module.seen
        self._pieces += pieces
        self._refused += refused
        if trainer.global_step != self._step:  # otherwise, the step has further batches
            self._step = trainer.global_step
            if self._step % self._config.training.log_every == 0:
                self._write(self._step, pl_module)
            if self._bar is not None:
                self._bar.advance(pl_module.progress)
            if pl_module.progress >= 1:
                trainer.should_stop = True
        self._idle_since = time.monotonic()

    def _write(self, step: int, module: ScheduledTraining) -> None:
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
            probed = {} if self._probe is None else self._probe.latest
            self._bar.show(shown_figures(row, probed), module.progress)
        self._sums = dict.fromkeys(self._sums, 0.0)
        self._pieces, self._waited, self._since = 0, 0.0, now
        self.latest = row

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Write a last row, and close the bar."""
        assert isinstance(pl_module, ScheduledTraining)
        self._write(trainer.global_step, pl_module)
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
        """Return the sums of the row that is not yet written."""
        return {"sums": self._sums, "refused": self._refused, "latest": self.latest}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the sums and the last row."""
        self._sums, self._refused, self.latest = (
            state_dict["sums"],
            state_dict["refused"],
            state_dict["latest"],
        )


def shown_figures(row: Mapping[str, float], probed: Mapping[str, float]) -> str:
    """Return the text of the progress bar.

    Args:
        row: the latest row of `metrics.csv`.
        probed: the latest row of `probe.csv`, or empty.
    """
    figures = (
        f"step {row['step']:.0f}  loss {row['loss']:.3f}  accuracy {row['accuracy']:.1%}  "
        f"temperature {row['temperature']:.3f}  {row['pieces_per_second']:,.0f} pieces/s"
    )
    if probed:
        figures += f"  clones {probed[AUROC]:.1%}, rewritten {probed[WORST]:.1%}"
    if row["waiting"] > STARVED:
        figures += f"  loader is the bottleneck: waits for data {row['waiting']:.0%} of the time"
    return figures
