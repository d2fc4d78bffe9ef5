"""Pretrain an encoder by momentum contrast on functions in CodeSearchNet's JSONL schema.

Writes a run folder: config.toml, run.json, tokenizer.model, metrics.csv and last.ckpt, from which
`contracode finetune`, `contracode export` and --resume continue. A tokenizer is trained on the
corpus unless one is given. Ctrl-C and SIGTERM end the run after the current step and save it.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from contracode.support.config import Config

EXAMPLES = """\
presets (--set changes single values, --print-config prints all):
  tiny               a minute on one core
  nano               hours on a CPU: a Transformer of 4 layers of 192
  masked             the same by masked modelling of functions as written: best for heads
  small              one GPU: 8 layers of 384
  bag                minutes on a core: a table of fragments and words, for search by words
  base               a large GPU or several: 12 layers of 768
  paper-transformer  Jain et al. (2021): 6 layers of 512, post-norm, a queue of 107520
  paper-bilstm       their other encoder: 2 layers of 512 in each direction
  paper-hybrid       their contrast and masked modelling at once

examples:
  contracode pretrain corpus -o runs/nano
      preset nano, on a folder of shards
  contracode pretrain packed -o runs/nano
      on what `contracode corpus pack` wrote; takes little memory
  contracode pretrain corpus -o runs/masked --preset masked --from runs/nano
      masked modelling on top of a run, for heads
  contracode pretrain corpus -o runs/ten --max-time 10m
      a schedule that fits ten minutes
  contracode pretrain corpus -o runs/wide --set encoder.dimension=256 --set encoder.heads=4
  contracode pretrain corpus -o runs/both --set masking.share=0.25
      masked modelling of identifiers in addition to the contrast
  contracode pretrain corpus -o runs/search --set data.documentation=0.2 --set data.hard=0.1
  contracode pretrain corpus -o runs/large --batch-size 32 --set training.accumulate=4
  contracode pretrain corpus -o runs/stop --set training.held_out=500 --set training.patience=5
      ends when the loss on 500 held-out functions no longer falls
  contracode pretrain corpus -o runs/seen --set training.held_out=500 \\
      --set training.probe_every=200
      measures clone detection during the run
  contracode pretrain counted -o runs/bag --preset bag
      fragments and words of a corpus that `contracode corpus count` wrote
  contracode pretrain corpus -o runs/paper --preset paper-transformer --tokenizer data/tokenizer
  torchrun --nproc-per-node 2 -m contracode.cli.main pretrain corpus -o runs/two
      two processes, each with its own batches
  contracode pretrain corpus -o runs/own --from data/models/editor --max-time 1h
      continues a model on your own code
  contracode pretrain --resume runs/nano --steps 20000
      resumes a run, and extends it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    from contracode.support.config import presets

    parser.add_argument(
        "corpus",
        nargs="*",
        metavar="CORPUS",
        help="JSON lines (gzip too), folders of them, patterns; or a packed corpus",
    )
    parser.add_argument("-o", "--output", metavar="RUN", help="run folder to write")
    parser.add_argument(
        "--resume", metavar="RUN", help="resume this run, with its own corpus and settings"
    )
    parser.add_argument(
        "--preset", metavar="NAME", help=f"settings: {', '.join(presets())} (default: nano)"
    )
    parser.add_argument("--config", metavar="TOML", help="settings from a file instead")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    parser.add_argument(
        "--print-config", action="store_true", help="print all settings as TOML, and stop"
    )
    parser.add_argument(
        "--tokenizer",
        metavar="DIR",
        help="tokenizer to use (default: that of a packed corpus, or one trained on the corpus)",
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="MODEL",
        help="run or model folder to begin with: its encoder, tokenizer and fragment vector",
    )
    parser.add_argument(
        "--words",
        metavar="FILE",
        help="word vectors that a bag model starts from: a word and its numbers on each line",
    )
    parser.add_argument("--steps", type=int, metavar="N", help="optimiser steps (training.steps)")
    parser.add_argument(
        "--max-time",
        metavar="TIME",
        help="such as 90s, 10m, 1h30m; without --steps, the only limit",
    )
    parser.add_argument(
        "--batch-size", type=int, metavar="N", help="pairs per batch (training.batch_size)"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="random seed (training.seed)")
    parser.add_argument("--threads", type=int, metavar="N", help="of torch (training.threads)")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes that draw views (data.workers)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print the last metrics as JSON")


def run(args: argparse.Namespace) -> int:
    """Pretrain, and print the last metrics."""
    from contracode.support import config as settings
    from contracode.support.errors import InputError

    if not args.print_config and not args.resume and not (args.corpus and args.output):
        raise InputError("give a corpus and -o RUN, or --resume RUN")
    config = settings.load(_settings_file(args), [*args.set, *_overrides(args)])
    if args.print_config:
        print(settings.as_toml(config), end="")
        return 0

    from contracode.cli.training.interrupted import print_resume
    from contracode.trainer.interruption import RunInterrupted

    run = args.resume or args.output
    try:
        last = (_pretrain_bags if config.bag.dimension else _pretrain)(args, config)
    except RunInterrupted as error:
        return print_resume(error, run, ["contracode", "pretrain", "--resume", run])
    _print_metrics(args, run, last, config)
    return 0


def _settings_file(args: argparse.Namespace) -> str | Path:
    """Return the file with the settings of the run.

    Raises:
        InputError: options contradict each other.
    """
    from pathlib import Path

    from contracode.support import config as settings
    from contracode.support import run_folder
    from contracode.support.errors import InputError

    if args.resume:
        if (
            args.corpus
            or args.output
            or args.preset
            or args.config
            or args.tokenizer
            or args.start
            or args.words
        ):
            raise InputError("--resume takes corpus, settings, tokenizer and weights from the run")
        run_folder.read_facts(Path(args.resume))  # the message for what is not a run
        return Path(args.resume) / run_folder.CONFIG
    if args.preset and args.config:
        raise InputError("give either --preset or --config")
    if args.tokenizer and args.start:
        raise InputError("--from brings its tokenizer; do not give --tokenizer")
    return args.config or settings.preset(args.preset or "nano")


def _corpus(args: argparse.Namespace) -> list[str]:
    from pathlib import Path

    from contracode.support.run_folder import read_facts

    return read_facts(Path(args.resume)).corpus if args.resume else args.corpus


def _print_metrics(
    args: argparse.Namespace, run: str, last: dict[str, float], config: Config
) -> None:
    import json
    import os

    if os.environ.get("RANK", "0") != "0":  # of several processes, the first prints
        return
    if args.json:
        print(json.dumps(last))
        return
    figures = "done"
    if last:
        accuracy = last["accuracy" if config.masking.contrast else "masked_accuracy"]
        figures = f"loss {last['loss']:.3f}, accuracy {accuracy:.1%} at step {last['step']:.0f}"
    print(f"{run}: {figures}")


def _pretrain(args: argparse.Namespace, config: Config) -> dict[str, float]:
    """Train an encoder of pieces."""
    from contracode.export.loading import learned
    from contracode.inputs.tokenizer import Tokenizer
    from contracode.pretrain import pretrain
    from contracode.support.errors import InputError

    if args.words:
        raise InputError("--words is for a bag model (--preset bag)")
    return pretrain(
        _corpus(args),
        args.resume or args.output,
        config,
        tokenizer=Tokenizer.load(args.tokenizer) if args.tokenizer else None,
        start=learned(args.start) if args.start else None,
        resume=bool(args.resume),
        progress=not args.quiet,
    )


def _pretrain_bags(args: argparse.Namespace, config: Config) -> dict[str, float]:
    """Train a bag model."""
    from pathlib import Path

    from contracode.corpus.counted.arrays import open_counted
    from contracode.inputs.bags.word_vectors import read_word_vectors
    from contracode.pretrain.bag_training import pretrain_bags
    from contracode.support.errors import InputError

    if args.tokenizer or args.start:
        raise InputError("a bag model has neither tokenizer nor encoder; leave out the option")
    corpus = _corpus(args)
    counted = open_counted(corpus)
    if counted is None:
        where = ", ".join(corpus)
        raise InputError("is not a counted corpus; make one with `corpus count`", path=where)
    return pretrain_bags(
        counted,
        Path(args.resume or args.output),
        config,
        words=read_word_vectors(Path(args.words)) if args.words else None,
        resume=bool(args.resume),
        progress=not args.quiet,
    )


def _overrides(args: argparse.Namespace) -> list[str]:
    steps = 0 if args.max_time and args.steps is None else args.steps
    given = {
        "training.steps": steps,
        "training.max_time": args.max_time,
        "training.batch_size": args.batch_size,
        "training.seed": args.seed,
        "training.threads": args.threads,
        "data.workers": args.workers,
    }
    return [f"{key}={value}" for key, value in given.items() if value is not None]
