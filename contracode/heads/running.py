"""What every fine-tuning run does: draws batches, trains, records, resumes."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Callback, ModelCheckpoint, RichProgressBar
from pytorch_lightning.strategies import DDPStrategy
from torch.utils.data import DataLoader

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import load_weights, read_checkpoint
from contracode.heads.checkpoint import BEST, HeadCheckpoint
from contracode.heads.modules import HeadModule
from contracode.heads.settings import FinetuneConfig
from contracode.pretrain.callbacks import diverged
from contracode.support import config as settings
from contracode.support.atomic_files import replacing
from contracode.support.config import seconds
from contracode.support.digests import digest_parts
from contracode.support.errors import InputError
from contracode.support.run_folder import CHECKPOINT, CONFIG, METRICS, refuse_others
from contracode.support.silence import quiet_lightning

Watch = Callable[[int, int, dict[str, float]], None]
"""Called after each validation with the steps done, the steps in all, and the row of
`metrics.csv`.
"""

TOLD_ANEW = frozenset({"epochs", "steps", "max_time", "warmup", "clip", "threads"})
"""Settings that a resumed run may be given others of; all else is in its weights, its optimiser or
its data.
"""


class Record(Callback):
    """After each validation: a line of `metrics.csv`, and `best/` when it is the best so far. Ends
    a run whose loss is no number.

    Its state is part of the checkpoint, so that a resumed run goes on where the killed one was.

    Args:
        output: the run folder.
        save: writes a checkpoint of the head into the folder that it is given.
        watch: told the same.
    """

    def __init__(self, output: Path, save: Callable[[Path], None], watch: Watch | None) -> None:
        self._output = output
        self._save = save
        self._watch = watch
        self.history: list[dict[str, float]] = []
        self.best = -math.inf

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """End a run whose loss is no number."""
        (loss,) = distributed.summed([outputs["loss"]], pl_module.device)
        self._check(float(loss), "loss", trainer.global_step)

    def _check(self, value: float, name: str, step: int) -> None:
        if not math.isfinite(value):
            raise diverged(f"the {name} is {value} at step {step}", self._output, "learning_rate")

    def on_validation_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        """Write."""
        assert isinstance(pl_module, HeadModule)
        self._check(pl_module.score(), "validation", trainer.global_step)
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        self.history.append(
            {"epoch": trainer.current_epoch + 1, "step": trainer.global_step, **metrics}
        )
        better, self.best = pl_module.score() > self.best, max(self.best, pl_module.score())
        if not trainer.is_global_zero:  # all processes know the same, and the first writes it down
            return
        columns = list(dict.fromkeys(column for row in self.history for column in row))
        lines = [
            columns,
            *([str(row.get(column, math.nan)) for column in columns] for row in self.history),
        ]
        with replacing(self._output / METRICS) as beside:
            beside.write_text("".join(",".join(line) + "\n" for line in lines), "utf-8")
        if self._watch is not None:
            self._watch(trainer.global_step, pl_module.num_steps, self.history[-1])
        if better:
            with replacing(self._output / BEST) as beside:
                beside.mkdir()
                self._save(beside)

    def state_dict(self) -> dict[str, Any]:
        """Return what a resumed run needs."""
        return {"history": self.history, "best": self.best}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take it back."""
        self.history = state_dict["history"]
        self.best = state_dict["best"]

    def save(self, checkpoint: Path) -> None:
        """Write the state into a checkpoint that was written without the latest validation."""
        found = read_checkpoint(checkpoint)
        found["callbacks"][self.state_key] = self.state_dict()
        with replacing(checkpoint) as beside:
            torch.save(found, beside)


class Batches(lightning.LightningDataModule):
    """Batches drawn anew for every epoch, by seed and epoch alone, so that a resumed run draws the
    same.

    Args:
        training: examples; of several processes, those of this one, which draws as many batches as
            the one with fewest.
        validation: examples, the same for all.
        cost: of an example; a batch costs at most `batch_size`, or is a single example.
        collate: examples to a batch.
        batch_size: see `cost`.
        seed: of the order.
    """

    def __init__(
        self,
        training: Sequence[Any],
        validation: Sequence[Any],
        *,
        cost: Callable[[Any], int],
        collate: Callable[[Sequence[Any]], Any],
        batch_size: int,
        seed: int,
    ) -> None:
        super().__init__()
        self._training, self._validation = training, validation
        self._cost, self._collate = cost, collate
        self._batch_size, self._seed = batch_size, seed

    def drawn(self, epoch: int) -> list[list[Any]]:
        """Return the training batches of an epoch; all processes must ask."""
        order = list(self._training)
        random.Random(f"{self._seed} {epoch}").shuffle(order)
        packed = self._packed(order)
        return packed[: distributed.least(len(packed))]

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
        return DataLoader(
            self.drawn(self.trainer.current_epoch), batch_size=None, collate_fn=self._collate
        )  # pyright: ignore[reportArgumentType]

    def val_dataloader(self) -> Any:
        """Return the validation batches."""
        return DataLoader(self._packed(self._validation), batch_size=None, collate_fn=self._collate)  # pyright: ignore[reportArgumentType]


def num_steps(batches: Batches, config: FinetuneConfig) -> int:
    """Return the steps of a whole run, for the schedule."""
    steps = len(batches.drawn(0)) * config.epochs
    return min(steps, config.steps or steps)


def digest(facts: Iterable[object]) -> str:
    """Return SHA-256 of facts as Python writes them: numbers, texts, and sequences of these."""
    return digest_parts(f"{fact!r}\n".encode() for fact in facts)


def check_resumable(output: Path, config: FinetuneConfig) -> None:
    """Refuse to go on with a run under settings that it cannot go on with.

    Raises:
        InputError: there is no run to resume, or a setting differs that is not of `TOLD_ANEW`.
    """
    if not (output / CONFIG).is_file():
        raise InputError("there is no run to resume", path=output)
    settings.refuse_changes(
        settings.load(output / CONFIG, kind=FinetuneConfig), config, but=TOLD_ANEW
    )


def _restore(module: HeadModule, output: Path) -> None:
    """Take back the weights of a run, and see that it began with what the module has.

    Raises:
        InputError: there is no checkpoint, or it does not fit the module or its facts.
    """
    last = output / CHECKPOINT
    if not last.is_file():
        raise InputError("there is no checkpoint to resume from", path=output)
    found = read_checkpoint(last)
    for name, fact in found.get("contracode", {}).items():  # none in a run of before
        if module.facts.get(name) != fact:
            raise InputError(f"the {name} are not those that the run began with", path=output)
    load_weights(module, found["state_dict"], last)


def fit(
    module: HeadModule,
    batches: Batches,
    output: Path,
    config: FinetuneConfig,
    save: Callable[[Path], None],
    *,
    resume: bool,
    progress: bool,
    watch: Watch | None,
) -> HeadCheckpoint:
    """Train, and return the best checkpoint.

    Args:
        module: encoder and head.
        batches: of both splits.
        output: run folder.
        config: settings.
        save: writes a checkpoint into the folder that it is given.
        resume: go on where the run was.
        progress: show a bar on stderr.
        watch: called after each validation.

    Raises:
        InputError: the folder has a run already, or none to resume, or one that began with other
            settings or data; the loss is no number.
    """
    first = distributed.rank() == 0
    last = output / CHECKPOINT
    if resume:
        check_resumable(output, config)
        _restore(module, output)
    elif (output / METRICS).exists():
        raise InputError("there is a run already; resume it, or choose another folder", path=output)
    else:
        refuse_others(output, (CONFIG, CHECKPOINT))
    if first:
        settings.save(config, output / CONFIG)
    if config.threads:
        torch.set_num_threads(config.threads)
    record = Record(output, save, watch)
    with quiet_lightning():
        trainer = lightning.Trainer(
            max_epochs=config.epochs,
            max_steps=config.steps or -1,
            max_time=timedelta(seconds=seconds(config.max_time)) if config.max_time else None,
            accelerator="auto",
            devices=distributed.local_world(),
            num_nodes=distributed.world() // distributed.local_world(),
            # A batch without names of types has no use for what points to them.
            strategy=DDPStrategy(broadcast_buffers=False, find_unused_parameters=True)
            if distributed.world() > 1
            else "auto",
            use_distributed_sampler=False,  # each process has examples of its own
            gradient_clip_val=config.clip,
            reload_dataloaders_every_n_epochs=1,
            num_sanity_val_steps=0,
            logger=False,
            enable_model_summary=False,
            enable_progress_bar=progress,
            callbacks=[
                record,
                ModelCheckpoint(
                    dirpath=output,
                    filename=Path(CHECKPOINT).stem,
                    save_on_train_epoch_end=True,
                    enable_version_counter=False,
                ),
                *([RichProgressBar(console_kwargs={"stderr": True})] if progress else []),
            ],
        )
        trainer.fit(module, batches, ckpt_path=str(last) if resume else None, weights_only=True)
        if (
            not record.history or record.history[-1]["step"] < trainer.global_step
        ):  # ended within an epoch
            trainer.validate(module, batches, verbose=False)
            if first:
                record.save(last)
    distributed.barrier()
    return HeadCheckpoint.load(output)
