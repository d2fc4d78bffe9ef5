"""Event files for TensorBoard."""

from collections.abc import Mapping
from pathlib import Path

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback

from contracode.encoder import distributed


class Events(Callback):
    """Writes event files into the folder `tensorboard` of a run.

    It comes before the callbacks that add rows to it.

    Args:
        run: the run folder.
        wanted: if False, nothing is written.
    """

    def __init__(self, run: Path, *, wanted: bool) -> None:
        self._folder = run / "tensorboard"
        self._wanted = wanted and distributed.rank() == 0
        self._writer = None

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Open a file, and discard figures of later steps that an interrupted run wrote."""
        if self._wanted:
            from torch.utils.tensorboard import SummaryWriter

            step = trainer.global_step
            self._writer = SummaryWriter(str(self._folder), purge_step=step + 1 if step else 0)

    def add(self, row: Mapping[str, float], group: str = "") -> None:
        """Add a row of a curve.

        Args:
            row: figures by name, and their `step`.
            group: heading in TensorBoard; "" for figures of training.
        """
        if self._writer is not None:
            for name, value in row.items():
                if name != "step":
                    tag = f"{group}/{name}" if group else name
                    self._writer.add_scalar(tag, value, int(row["step"]))

    def teardown(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str
    ) -> None:
        """Close the file, after the last row of other callbacks."""
        self._close()

    def on_exception(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        exception: BaseException,
    ) -> None:
        """Close the file."""
        self._close()

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
