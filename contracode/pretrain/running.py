"""A pretraining run: from a corpus to a run folder, or on from where it was.

Legend: N functions that are trained on.
"""

import random
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Callback
from pytorch_lightning.strategies import DDPStrategy

from contracode.corpus.packed.reading import open_packed
from contracode.encoder import distributed
from contracode.encoder.checkpoint_io import load_weights, read_checkpoint, read_start, save_start
from contracode.encoder.pretrained import Pretrained
from contracode.inputs.fragment_encoder import FILE as WIDE
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import FILE as TOKENIZER
from contracode.inputs.tokenizer import Tokenizer, train
from contracode.pretrain.callbacks import Monitor, Saving
from contracode.pretrain.events import Events
from contracode.pretrain.fit_fragments import fit_wide
from contracode.pretrain.module import PairData, Pretraining
from contracode.pretrain.probe import Probe, clones
from contracode.pretrain.validation import Validation
from contracode.support import config as settings
from contracode.support import run_folder
from contracode.support.config import Config
from contracode.support.errors import InputError
from contracode.support.run_folder import RunFacts
from contracode.support.silence import quiet
from contracode.views.batch_plan import EpochItem
from contracode.views.copy_pairs import CopyDataset
from contracode.views.drawing import DrawViews, PairRefused, draw_views
from contracode.views.pairs import PairDataset
from contracode.views.training_data import (
    training_documentation,
    training_names,
    training_namesakes,
    training_sources,
)

TOLD_ANEW = frozenset(
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
"""Settings that a resumed run may be given others of; all else is in its weights, its optimiser or
what it has drawn.
"""

TRIED = 64
"""Functions of which one must have a pair of views before a run begins."""


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
    """Pretrain an encoder; in all processes that `torchrun` has started, if any, each with batches
    of its own.

    Args:
        corpus: files or folders of functions in CodeSearchNet's JSONL schema, or one packed corpus.
        run: folder to write.
        config: settings.
        tokenizer: of the encoder; without it that of a packed corpus, or one is trained on the
            corpus.
        start: what to begin with: its encoder, of its shape, its tokenizer, and its wide part where
            the settings want one. Projection, queue and optimiser begin anew.
        resume: go on where the run was; without a checkpoint it begins again.
        draw: draws views.
        progress: show a bar on stderr.

    Returns:
        The last row of `metrics.csv`; empty if the run was too short for one. The same in all
        processes.

    Raises:
        InputError: the corpus is missing, empty or too small, the tokenizer does not fit, the
            folder has another run, the checkpoint has another shape, a resumed run is told what
            cannot change, the loss is no number, the disk is full.
    """
    with distributed.joined():
        return _pretrain(
            corpus,
            Path(run),
            config,
            tokenizer=tokenizer,
            start=start,
            resume=resume,
            draw=draw,
            progress=progress,
        )


def _pretrain(
    corpus: Sequence[str],
    run: Path,
    config: Config,
    *,
    tokenizer: Tokenizer | None,
    start: Pretrained | None,
    resume: bool,
    draw: DrawViews,
    progress: bool,
) -> dict[str, float]:
    first = distributed.rank() == 0
    if not first:  # the first process writes the run folder, from which the others go on
        distributed.barrier()
        config, resume = settings.load(run / run_folder.CONFIG), True
    if (run / run_folder.FACTS).exists() and not resume:
        raise InputError("there is a run already; resume it, or choose another folder", path=run)
    if not resume:
        run_folder.refuse_others(run, (TOKENIZER, WIDE, run_folder.START, run_folder.CONFIG))
    if config.training.threads:
        torch.set_num_threads(config.training.threads)
    packed = open_packed(corpus)
    sources = training_sources(corpus) if packed is None else packed
    known = None if packed is None else packed.tokenizer()
    if packed is not None and config.data.documentation:
        raise InputError("has no documentation; set data.documentation to 0", path=packed.folder)
    if packed is not None and config.data.namesakes:
        raise InputError("has no names of functions; set data.namesakes to 0", path=packed.folder)
    if packed is not None and known is not None and config.data.copies:
        if packed.manifest.reads != config.data.reads:
            raise InputError(
                f'has views spelled "{packed.manifest.reads}", not "{config.data.reads}" as data.reads says; pack it with '
                f"--reads {config.data.reads}, or --set data.copies=false",
                path=packed.folder,
            )
        if config.wide.dimension and config.wide.joint:
            raise InputError(
                "a wide part to compare counts in sources, not in copies; --set data.copies=false",
                path=packed.folder,
            )
        if config.masking.share and config.masking.written:
            raise InputError(
                "masking.written needs sources, not copies; --set data.copies=false",
                path=packed.folder,
            )
    documentation = training_documentation(corpus) if config.data.documentation else []
    held = _held_out(len(sources), config)
    namesakes = training_namesakes(corpus).without(held) if config.data.namesakes else None
    wide = None
    if resume:
        facts = run_folder.read_facts(run)
        tokenizer = Tokenizer.load(run)
        if tokenizer.fingerprint != facts.tokenizer:
            raise InputError("is not the tokenizer of this run", path=run / "tokenizer.model")
        if sources.digest != facts.corpus_digest:
            raise InputError(
                "the corpus is not the one that the run began with",
                path=", ".join(map(str, corpus)),
            )
        if config.wide.dimension:
            wide = FragmentEncoder.load(run)
            if wide.fingerprint != facts.wide:
                raise InputError(
                    "is not the wide encoder of this run", path=run / "wide.safetensors"
                )
    else:
        if start is not None:
            if tokenizer is not None:
                raise InputError("what a run begins with has its tokenizer; do not give another")
            tokenizer = start.tokenizer
            config = msgspec.structs.replace(config, encoder=start.encoder.config)
        if tokenizer is None:
            tokenizer = known or train(
                chain(sources, documentation), config.tokenizer, seed=config.training.seed
            )
        if config.wide.dimension and start is not None and start.wide is not None:
            wide = start.wide
            counts = start.config.wide
            config = msgspec.structs.replace(
                config,
                wide=msgspec.structs.replace(config.wide, gain=counts.gain, names=counts.names),
            )
        elif config.wide.dimension:
            names = training_names(corpus) if packed is None and config.wide.meaning else ()
            wide = fit_wide(
                sources, config.wide, names=names, seed=config.training.seed, progress=progress
            )
    config = _fitted(config, tokenizer, wide)
    if resume:
        settings.refuse_changes(settings.load(run / run_folder.CONFIG), config, but=TOLD_ANEW)
    if packed is None or known is None or not config.data.copies:
        pairs = PairDataset(
            sources,
            tokenizer,
            config.data,
            seed=config.training.seed,
            draw=draw,
            masking=config.masking,
            documentation=documentation,
            namesakes=namesakes,
            wide=wide if config.wide.joint else None,
        )
    elif known.fingerprint != tokenizer.fingerprint:
        raise InputError(
            "its views are in pieces of another tokenizer; --set data.copies=false",
            path=packed.folder,
        )
    else:
        pairs = CopyDataset(packed, config.data, seed=config.training.seed, masking=config.masking)
    kept_N = np.setdiff1d(np.arange(len(sources)), held)
    _try(pairs, kept_N.tolist(), config)
    events = Events(run, wanted=config.training.tensorboard)
    validation = Validation(run, config, pairs, held, events) if held else None
    probe = None
    if (
        first and config.training.probe_every
    ):  # the others wait for its figures, as all have the same encoder
        found = clones(sources, held, tokenizer, config, draw=draw, wide=wide)
        probe = Probe(run, config.training.probe_every, found, events)
    if not resume:
        run.mkdir(parents=True, exist_ok=True)
        tokenizer.save(run)
        if wide is not None:
            wide.save(run)
        if start is not None:
            save_start(start.encoder, run)
        settings.save(config, run / run_folder.CONFIG)
        # Last of these: a folder with facts has the rest.
        run_folder.write_facts(
            RunFacts(
                corpus=[str(Path(path).absolute()) for path in corpus],
                num_functions=len(sources),
                corpus_digest=sources.digest,
                tokenizer=tokenizer.fingerprint,
                wide=wide.fingerprint if wide is not None else "",
                start=start.path if start is not None else "",
                machine=run_folder.machine(),
                versions=run_folder.versions(),
            ),
            run,
        )
    torch.manual_seed(config.training.seed)
    module = Pretraining(config)
    checkpoint = run / run_folder.CHECKPOINT
    if checkpoint.exists():
        found = read_checkpoint(checkpoint)
        load_weights(module, found["state_dict"], checkpoint)
        if not {"elapsed", "random"} <= found.get("contracode", {}).keys():
            raise InputError("is not a checkpoint that a run can go on from", path=checkpoint)
    elif (run / run_folder.START).exists():
        module.begin_with(read_start(run))
    if first:
        settings.save(config, run / run_folder.CONFIG)  # with what a resumed run was told anew
        distributed.barrier()
    monitor = Monitor(run, config, events, progress=progress, probe=probe)
    # Validation and probe come before the monitor, so that their time is no waiting for data;
    # saving comes last, so that a checkpoint holds the state of the others after the same step.
    others: list[Callback | None] = [
        events,
        validation,
        probe,
        monitor,
        Saving(run, config.training.checkpoint_every),
    ]
    callbacks = [callback for callback in others if callback is not None]
    with quiet("pytorch_lightning"):
        trainer = lightning.Trainer(
            max_steps=config.training.steps or -1,
            max_epochs=-1,
            accelerator="auto",
            devices=distributed.local_world(),
            num_nodes=distributed.world() // distributed.local_world(),
            # Buffers are alike in all processes, as all keys reach all queues.
            strategy=DDPStrategy(
                broadcast_buffers=False, find_unused_parameters=not config.masking.contrast
            )
            if distributed.world() > 1
            else "auto",
            precision=config.training.precision,
            gradient_clip_val=config.optimizer.clip,
            accumulate_grad_batches=config.training.accumulate,
            callbacks=callbacks,
            use_distributed_sampler=False,  # the plan of batches sees to it
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        data = PairData(pairs, np.asarray(sources.lengths)[kept_N], config, kept_N)
        try:
            trainer.fit(
                module,
                data,
                ckpt_path=checkpoint if checkpoint.exists() else None,
                weights_only=True,
            )
        except SystemExit:  # Lightning's answer to an interrupt
            raise KeyboardInterrupt from None
    return monitor.latest


def _fitted(config: Config, tokenizer: Tokenizer, wide: FragmentEncoder | None) -> Config:
    """Return the settings with what the tokenizer and the wide part are."""
    if config.encoder.vocab_size not in (0, tokenizer.size):
        raise InputError(
            f"encoder.vocab_size is {config.encoder.vocab_size}, but the tokenizer has {tokenizer.size} pieces"
        )
    replace: Any = msgspec.structs.replace
    if wide is not None:
        dimension, signature, words, operations = wide.dimensions
        counts = replace(
            config.wide,
            dimension=dimension,
            signature=signature,
            words=words,
            operations=operations,
        )
        config = replace(config, wide=counts)
    return replace(
        config,
        encoder=replace(config.encoder, vocab_size=tokenizer.size),
        tokenizer=replace(config.tokenizer, vocab_size=tokenizer.size, layout=tokenizer.layout),
    )


def _held_out(num_functions: int, config: Config) -> list[int]:
    """Return the functions that are not trained on: by seed alone, so that a resumed run has the
    same.
    """
    number = config.training.held_out
    if number and num_functions - number < 2:
        raise InputError(
            f"training.held_out is {number}, which leaves nothing of {num_functions} functions to train on"
        )
    return sorted(
        random.Random(f"{config.training.seed}/held out").sample(range(num_functions), number)
    )


def _try(pairs: PairDataset, functions: Sequence[int], config: Config) -> None:
    """Draw pairs until there are two that can be told apart; one where nothing is compared.

    Raises:
        InputError: none of the first functions has a pair, or all functions that have one are the
            same.
    """
    labels: set[int] = set()
    reason = ""
    for number, function in enumerate(functions):
        if number == TRIED and not labels:
            break
        try:
            labels.add(pairs.pair(EpochItem(0, function)).label)
        except PairRefused as error:
            reason = reason or str(error)
        if len(labels) == (2 if config.masking.contrast else 1):
            return
    if labels:
        raise InputError("no two functions differ, so there is nothing to tell apart")
    raise InputError(
        f"none of the first {min(TRIED, len(functions))} functions has two views; the first: {reason}"
    )
