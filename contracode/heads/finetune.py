"""A fine-tuning run: from labelled data and an encoder to a validated checkpoint of a head."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import load_weights, read_checkpoint
from contracode.encoder.encoders import Encoder, Projection
from contracode.heads.batches import digest
from contracode.heads.best_head import RATE, BestHead, Watch
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.head_module import HeadModule
from contracode.heads.head_training import HeadPlan, HeadRequest, HeadTraining, head_training
from contracode.heads.settings import FinetuneConfig
from contracode.inputs.tokenizer import Tokenizer
from contracode.support import config as settings
from contracode.support.errors import InputError
from contracode.support.provenance import CorpusReference
from contracode.support.run_folder import CHECKPOINT, CONFIG, METRICS, refuse_others
from contracode.support.silence import quiet_lightning
from contracode.trainer.events import Events
from contracode.trainer.frame import FrameSettings, train
from contracode.trainer.interruption import Interruption
from contracode.trainer.run_lock import run_lock
from contracode.trainer.saving import Saving

CHANGEABLE = frozenset({"epochs", "steps", "max_time", "warmup", "clip", "threads", "tensorboard"})
"""Settings that a resumed run may change. All others determine its weights, optimiser or data."""


@distributed.process_group()
def finetune(
    encoder: Encoder,
    tokenizer: Tokenizer,
    training: Sequence[Any],
    validation: Sequence[Any],
    output: Path,
    config: FinetuneConfig,
    *,
    projection: Projection | None = None,
    head: HeadCheckpoint | None = None,
    trained_on: Sequence[CorpusReference] = (),
    resume: bool = False,
    progress: bool = True,
    watch: Watch | None = None,
) -> HeadCheckpoint:
    """Train the head named by `config.task`, and its encoder unless it is frozen.

    All processes that `torchrun` has started take part.

    Args:
        encoder: the encoder to begin with; changed in place.
        tokenizer: the tokenizer of the encoder.
        training: labelled items from `HeadTraining.read`; they determine the outputs of the head.
        validation: labelled items that select the best checkpoint and calibrate the head.
        output: the run folder.
        config: settings.
        projection: the pretrained projection head; the type head begins with its first layer.
        head: a head to continue instead of a fresh one; its outputs and shape override the
            settings.
        trained_on: corpora of the items; written into the checkpoint.
        resume: resume an interrupted run.
        progress: show a progress bar on stderr.
        watch: called after each validation.

    Returns:
        The best checkpoint.

    Raises:
        InputError: there is no item to learn from or to validate on; the folder already has a run,
            has none to resume, or has one with other settings or data; another process writes the
            folder; the loss is not finite.
        RunInterrupted: SIGINT or SIGTERM ended the run.
    """
    lightning.seed_everything(config.seed, verbose=False)
    side = head_training(config.task)
    if head is not None:
        config = side.continued(config, head.facts)
    if resume:
        check_resumable(output, config)
    request = HeadRequest(
        encoder, tokenizer, training, validation, config, projection, head, trained_on
    )
    _run(side, request, output, resume=resume, progress=progress, watch=watch)
    distributed.barrier()
    return HeadCheckpoint.load(output)


def _run(
    side: HeadTraining,
    request: HeadRequest,
    output: Path,
    *,
    resume: bool,
    progress: bool,
    watch: Watch | None,
) -> None:
    config, encoder = request.config, request.encoder
    plan = side.plan(request)
    num_steps = plan.batches.num_steps(config)
    module = plan.module(encoder, plan.head, config, num_steps, _digests(side, request, plan))

    def save(folder: Path) -> None:
        facts = module.finished(plan.facts)
        HeadCheckpoint(facts, encoder, plan.head, request.tokenizer).save(folder)

    events = Events(output, wanted=config.tensorboard)
    title = f"fine-tuning {config.task}" if progress else ""
    best = BestHead(output, save, events, title=title, watch=watch)
    _prepare_folder(output, module, resume=resume)
    with run_lock(output):
        _fit(module, plan, output, config, events, best, resume=resume)


def check_resumable(output: Path, config: FinetuneConfig) -> None:
    """Check that a run can be resumed with the given settings.

    Raises:
        InputError: there is no run, or a setting outside `CHANGEABLE` differs.
    """
    if not (output / CONFIG).is_file():
        raise InputError("there is no run to resume", path=output)
    before = settings.load(output / CONFIG, kind=type(config))
    settings.refuse_changes(before, config, but=CHANGEABLE)


def _digests(side: HeadTraining, request: HeadRequest, plan: HeadPlan) -> dict[str, str]:
    sizes = (len(request.training), len(request.validation))
    labels = (side.labels(item) for item in (*request.training, *request.validation))
    return {
        "data": digest((sizes, *labels)),
        "pieces": request.tokenizer.fingerprint,
        "outputs": digest(plan.outputs),
    }


def _prepare_folder(output: Path, module: HeadModule, *, resume: bool) -> None:
    """Load the weights of a resumed run, or check that a new run may use the folder.

    Raises:
        InputError: a new run: the folder has a run or other files. A resumed run: there is no
            checkpoint, or it does not fit the module or its data.
    """
    if not resume:
        if (output / METRICS).exists():
            message = "there is a run already; resume it, or choose another folder"
            raise InputError(message, path=output)
        return refuse_others(output, (CONFIG, CHECKPOINT))
    last = output / CHECKPOINT
    if not last.is_file():
        raise InputError("there is no checkpoint to resume from", path=output)
    found = read_checkpoint(last)
    for name, value in found.get("contracode", {}).items():  # none in runs of old versions
        if module.facts.get(name) != value:
            raise InputError(f"the {name} are not those that the run began with", path=output)
    load_weights(module, found["state_dict"], last)
    return None


def _fit(
    module: HeadModule,
    plan: HeadPlan,
    output: Path,
    config: FinetuneConfig,
    events: Events,
    best: BestHead,
    *,
    resume: bool,
) -> None:
    """Train, and validate once more if the run ended within an epoch."""
    first = distributed.rank() == 0
    if first:
        settings.save(config, output / CONFIG)
    if config.threads:
        torch.set_num_threads(config.threads)
    frame = FrameSettings(
        clip=config.clip,
        max_steps=config.steps or -1,
        max_epochs=config.epochs,
        max_time=config.max_time,
        unused_weights=True,  # pointers get no gradient from a batch without type names
        new_batches=True,
    )
    interruption = Interruption()
    saving = Saving(output, 0, rate=RATE, interruption=interruption)
    checkpoint = output / CHECKPOINT
    trainer = train(
        module,
        plan.batches,
        output,
        frame,
        [events, best, saving],
        interruption,
        resume=resume,
    )
    if best.validated < trainer.global_step:
        with quiet_lightning():
            trainer.validate(module, plan.batches, verbose=False)
        if first:
            best.save_into(checkpoint)
