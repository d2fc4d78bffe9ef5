"""SIGINT and SIGTERM end a run after the current step, and the run is saved."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback

from contracode.encoder import distributed

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RunInterrupted(KeyboardInterrupt):
    """A signal ended a run.

    Attributes:
        signal: number of the signal.
        step: step of the checkpoint from which the run resumes; None if there is none.
    """

    def __init__(self, number: int, step: int | None) -> None:
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.signal = number
        self.step = step


class Interruption(Callback):
    """Ends a run after the step in which a signal arrives. A second signal ends it at once.

    If one of several processes receives a signal, all of them end after the same step.

    Attributes:
        received: number of the signal that this process received; 0 if none.
        signal: number of the signal that ends the run, received by any process; 0 if none.
    """

    def __init__(self) -> None:
        self.signal = 0
        self.received = 0

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Install the handlers again: Lightning's would end the run without saving it."""
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                signal.signal(number, self._receive)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Handle signals within the block. Python allows this only in the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._receive) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self.received:
            raise KeyboardInterrupt
        self.received = number
        if distributed.rank() == 0:
            name = signal.Signals(number).name
            print(f"{name}: ending after this step; repeat to end at once", file=sys.stderr)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """End the run if a signal has arrived."""
        self.signal = -distributed.minimum(-self.received)
        if self.signal:
            trainer.should_stop = True
