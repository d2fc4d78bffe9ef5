"""A pretraining run, from a corpus to a run folder; resuming."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from pytorch_lightning.callbacks import Callback

from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import load_weights, read_checkpoint, read_start, save_start
from contracode.encoder.pretrained import Pretrained
from contracode.inputs.fragment_encoder import FILE as FRAGMENTS
from contracode.inputs.tokenizer import FILE as TOKENIZER
from contracode.inputs.tokenizer import Tokenizer
from contracode.pretrain.batches import PairData
from contracode.pretrain.corpus import PretrainingCorpus, check_pairs, open_corpus
from contracode.pretrain.module import Pretraining
from contracode.pretrain.monitor import RATE, Monitor
from contracode.pretrain.parts import RunParts, make_parts, read_parts
from contracode.pretrain.probe import CloneProbe, clones
from contracode.pretrain.validation import Validation
from contracode.support import config as settings
from contracode.support import run_folder
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import RunFacts
from contracode.trainer.events import Events
from contracode.trainer.frame import FrameSettings, train
from contracode.trainer.interruption import Interruption
from contracode.trainer.run_lock import run_lock
from contracode.trainer.saving import Saving
from contracode.views.drawing import DrawViews, draw_views
from contracode.views.pairs import PairDataset

CHANGEABLE = frozenset(
    {
        "contrast.momentum",
        "contrast.momentum_end",
        "optimizer.learning_rate",
        "optimizer.warmup",
        "optimizer.decay",
        "optimizer.clip",
        "training.steps",
        "training.max_time",
        "training.validate_every",
        "training.probe_every",
        "training.patience",
        "training.log_every",
        "training.checkpoint_every",
        "training.threads",
        "training.tensorboard",
        "data.workers",
    }
)
"""Settings that a resumed run may change. All others determine its weights, optimiser or data."""


def pretrain(
    corpus: Sequence[str],
    run: str | Path,
    config: Config,
    *,
    tokenizer: Tokenizer | None = None,
    start: Pretrained | None = None,
    resume: bool = False,
    draw: DrawViews = draw_views,
    progress: bool = True,
) -> dict[str, float]:
    """Pretrain an encoder, in all processes that `torchrun` has started.

    Args:
        corpus: files or folders of functions in CodeSearchNet's JSONL schema, or one packed corpus.
        run: folder to write.
        config: settings.
        tokenizer: by default that of a packed corpus, or one trained on the corpus.
        start: a model to begin with: its encoder, its tokenizer, and its fragment encoder if the
            settings have one. Projection, queue and optimiser begin anew.
        resume: resume the run; without a checkpoint it starts again.
        draw: draws views.
        progress: show a progress bar on stderr.

    Returns:
        The last row of `metrics.csv`, the same in all processes; empty if the run was too short.

    Raises:
        InputError: the corpus is missing, empty or too small; the tokenizer does not fit; the
            folder has another run, or another process writes it; the checkpoint has another shape;
            a resumed run changes a fixed setting; the loss is not finite; the disk is full.
        RunInterrupted: SIGINT or SIGTERM ended the run.
    """
    with distributed.process_group():
        run = Path(run)
        first = distributed.rank() == 0
        if not first:  # the first process writes the run folder, which the others read
            distributed.barrier()
            config, resume = settings.load(run / run_folder.CONFIG), True
        _check_folder(run, resume=resume)
        if config.training.threads:
            torch.set_num_threads(config.training.threads)
        functions = open_corpus(corpus, config)
        if resume:
            parts = read_parts(run, functions, config)
            before = settings.load(run / run_folder.CONFIG)
            settings.refuse_changes(before, parts.config, but=CHANGEABLE)
        else:
            parts = make_parts(
                functions, config, tokenizer=tokenizer, start=start, progress=progress
            )
        pairs = functions.pairs(parts.config, parts.tokenizer, parts.fragments, draw)
        check_pairs(pairs, functions.trained_on.tolist(), parts.config)
        callbacks = _callbacks(run, functions, parts, pairs, draw, progress=progress)
        with run_lock(run):
            if not resume:
                _write_folder(run, functions, parts, start)
            return _train(run, functions, parts.config, pairs, callbacks)


def _check_folder(run: Path, *, resume: bool) -> None:
    if resume:
        return
    if (run / run_folder.FACTS).exists():
        raise InputError("there is a run already; resume it, or choose another folder", path=run)
    run_folder.refuse_others(run, (TOKENIZER, FRAGMENTS, run_folder.START, run_folder.CONFIG))


def _callbacks(
    run: Path,
    corpus: PretrainingCorpus,
    parts: RunParts,
    pairs: PairDataset,
    draw: DrawViews,
    *,
    progress: bool,
) -> list[Callback]:
    """Return the callbacks of a run in the order in which they are called.

    Validation and probe come before the monitor, so that it does not count their time as waiting
    for data.
    """
    config, held_out = parts.config, corpus.held_out
    events = Events(run, wanted=config.training.tensorboard)
    callbacks: list[Callback] = [events]
    if held_out:
        callbacks.append(Validation(run, config, pairs, held_out, events))
    probe = None
    # All processes have the same encoder, so probing in the first one is enough.
    if config.training.probe_every and distributed.rank() == 0:
        views = clones(
            corpus.sources, held_out, parts.tokenizer, config, draw=draw, fragments=parts.fragments
        )
        probe = CloneProbe(run, config.training.probe_every, views, events)
        callbacks.append(probe)
    return [*callbacks, Monitor(run, config, events, progress=progress, probe=probe)]


def _write_folder(
    run: Path, corpus: PretrainingCorpus, parts: RunParts, start: Pretrained | None
) -> None:
    """Write all files of a new run but its checkpoint and metrics."""
    parts.tokenizer.save(run)
    if parts.fragments is not None:
        parts.fragments.save(run)
    if start is not None:
        save_start(start.encoder, run)
    settings.save(parts.config, run / run_folder.CONFIG)
    # Written last: a folder with facts is complete.
    run_folder.write_facts(
        RunFacts(
            corpus=[str(Path(path).absolute()) for path in corpus.paths],
            num_functions=len(corpus.sources),
            corpus_digest=corpus.digest,
            tokenizer=parts.tokenizer.fingerprint,
            fragments=parts.fragments.fingerprint if parts.fragments is not None else "",
            start=start.path if start is not None else "",
            machine=run_folder.machine(),
            versions=run_folder.versions(),
        ),
        run,
    )


def _train(
    run: Path,
    corpus: PretrainingCorpus,
    config: Config,
    pairs: PairDataset,
    callbacks: Sequence[Callback],
) -> dict[str, float]:
    torch.manual_seed(config.training.seed)
    module = Pretraining(config)
    _load_weights(module, run)
    if distributed.rank() == 0:
        settings.save(config, run / run_folder.CONFIG)  # with the changes of a resumed run
        distributed.barrier()
    functions_N = corpus.trained_on
    data = PairData(pairs, np.asarray(corpus.lengths)[functions_N], config, functions_N)
    frame = FrameSettings(
        clip=config.optimizer.clip,
        max_steps=config.training.steps or -1,
        accumulate=config.training.accumulate,
        precision=config.training.precision,
        unused_weights=not config.masking.contrast,
    )
    interruption = Interruption()
    every = config.training.checkpoint_every
    saving = Saving(run, every, rate=RATE, interruption=interruption)
    resume = (run / run_folder.CHECKPOINT).exists()
    train(module, data, run, frame, [*callbacks, saving], interruption, resume=resume)
    monitor = next(one for one in callbacks if isinstance(one, Monitor))
    return monitor.latest


def _load_weights(module: Pretraining, run: Path) -> None:
    """Load the weights of the run's checkpoint, or of the model that it began with.

    Raises:
        InputError: the checkpoint has another shape, or does not belong to a pretraining run.
    """
    checkpoint = run / run_folder.CHECKPOINT
    if checkpoint.exists():
        found = read_checkpoint(checkpoint)
        load_weights(module, found["state_dict"], checkpoint)
        if not {"elapsed", "random"} <= found.get("contracode", {}).keys():
            raise InputError("is not a checkpoint that a run can resume from", path=checkpoint)
    elif (run / run_folder.START).exists():
        module.begin_with(read_start(run))
