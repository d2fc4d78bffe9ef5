"""One Lightning run, on one process or on those that `torchrun` has started."""

import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.strategies import DDPStrategy

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import read_checkpoint
from contracode.support.config import seconds
from contracode.support.run_folder import CHECKPOINT
from contracode.support.silence import quiet_lightning
from contracode.trainer.interruption import Interruption, RunInterrupted


class FrameSettings(NamedTuple):
    """Limits and precision of a Lightning run.

    Attributes:
        clip: maximum norm of the gradients.
        max_steps: optimiser steps; -1 for no limit.
        max_epochs: passes over the data; -1 for no limit.
        max_time: a duration such as "1h30m"; "" for no limit.
        accumulate: batches per optimiser step.
        precision: precision, by Lightning's name.
        unused_weights: whether a step may leave weights without a gradient; with several
            processes, they are then searched for in every step.
        new_batches: whether to draw new training batches in every epoch.
    """

    clip: float
    max_steps: int = -1
    max_epochs: int = -1
    max_time: str = ""
    accumulate: int = 1
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    unused_weights: bool = False
    new_batches: bool = False


def make_trainer(frame: FrameSettings, callbacks: Sequence[Callback]) -> lightning.Trainer:
    """Return a trainer without progress bar, logger and checkpoints of its own."""
    strategy = "auto"
    if distributed.world() > 1:
        # Queues are buffers. They need no broadcast, as every process enqueues the same keys.
        strategy = DDPStrategy(broadcast_buffers=False, find_unused_parameters=frame.unused_weights)
    return lightning.Trainer(
        max_steps=frame.max_steps,
        max_epochs=frame.max_epochs,
        max_time=timedelta(seconds=seconds(frame.max_time)) if frame.max_time else None,
        accelerator="auto",
        devices=distributed.local_world(),
        num_nodes=distributed.world() // distributed.local_world(),
        strategy=strategy,
        precision=frame.precision,
        gradient_clip_val=frame.clip,
        accumulate_grad_batches=frame.accumulate,
        reload_dataloaders_every_n_epochs=int(frame.new_batches),
        callbacks=list(callbacks),
        use_distributed_sampler=False,  # the data modules give each process its part
        num_sanity_val_steps=0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )


def train(
    module: lightning.LightningModule,
    data: lightning.LightningDataModule,
    run: Path,
    frame: FrameSettings,
    callbacks: Sequence[Callback],
    interruption: Interruption,
    *,
    resume: bool,
) -> lightning.Trainer:
    """Train a module.

    Args:
        module: the module; in a resumed run, with the weights of the checkpoint loaded.
        data: its batches.
        run: the run folder.
        frame: limits and precision.
        callbacks: in the order in which they are called; `Saving` comes last.
        interruption: handles signals; called before all other callbacks.
        resume: restore optimiser, callbacks and loops from the checkpoint of the run.

    Returns:
        The trainer of the finished run.

    Raises:
        RunInterrupted: a signal ended the run.
    """
    resumed = str(run / CHECKPOINT) if resume else None
    with quiet_lightning(), interruption.listening():
        trainer = make_trainer(frame, [interruption, *callbacks])
        try:
            trainer.fit(module, data, ckpt_path=resumed, weights_only=True)
        except (KeyboardInterrupt, SystemExit):  # Lightning turns the former into the latter
            raise RunInterrupted(interruption.received or signal.SIGINT, _saved_step(run)) from None
    if interruption.signal:
        raise RunInterrupted(interruption.signal, _saved_step(run))
    return trainer


def _saved_step(run: Path) -> int | None:
    checkpoint = run / CHECKPOINT
    return read_checkpoint(checkpoint)["global_step"] if checkpoint.exists() else None
