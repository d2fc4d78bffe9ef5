"""Pretrain an encoder by momentum contrast on functions in CodeSearchNet's JSONL schema.

A run folder is written: config.toml, run.json, tokenizer.model, metrics.csv and last.ckpt, from
    which `contracode finetune`,
`contracode export` and --resume go on. A tokenizer is trained on the corpus unless one is given.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
presets, of which every value can be changed by --set:
  tiny               a minute on one core
  nano               hours on a CPU: a Transformer of 4 layers of 192
  masked             the same by masked modelling of functions as written: what heads for types and names begin from best
  small              one GPU: 8 layers of 384
  base               one large GPU or several: 12 layers of 768
  paper-transformer  Jain et al. (2021): 6 layers of 512, post-norm, a queue of 107520
  paper-bilstm       their other encoder: 2 layers of 512 in each direction
  paper-hybrid       their contrast and masked modelling at once

examples:
  contracode pretrain corpus -o runs/nano                          preset nano, on a folder of shards
  contracode pretrain corpus -o runs/masked --preset masked --from runs/nano    on with masked modelling, for heads
  contracode pretrain packed -o runs/nano                          on what `contracode corpus pack` made of one: little memory
  contracode pretrain corpus -o runs/ten --max-time 10m            a schedule that fits ten minutes
  contracode pretrain corpus -o runs/wide --set encoder.dimension=256 --set encoder.heads=4
  contracode pretrain corpus -o runs/both --set masking.share=0.25    masked modelling of identifiers beside the contrast
  contracode pretrain corpus -o runs/search --set data.documentation=0.2 --set data.hard=0.1
  contracode pretrain corpus -o runs/large --batch-size 32 --set training.accumulate=4 --set training.average=0.999
  contracode pretrain corpus -o runs/stop --set training.held_out=500 --set training.patience=5
  contracode pretrain corpus -o runs/seen --set training.held_out=500 --set training.probe_every=200    clones, told apart as it learns
  contracode pretrain corpus -o runs/paper --preset paper-transformer --tokenizer data/tokenizer
  torchrun --nproc-per-node 2 -m contracode.cli.main pretrain corpus -o runs/two    two processes, each with batches of its own
  contracode pretrain corpus -o runs/own --from data/models/editor --max-time 1h    go on from a model, on code of your own
  contracode pretrain --resume runs/nano                           go on where it was
  contracode pretrain --resume runs/nano --steps 20000             and further
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    from contracode.support.config import presets

    parser.add_argument(
        "corpus",
        nargs="*",
        metavar="CORPUS",
        help="JSONL files (gzip too), folders of them, patterns; or a packed corpus",
    )
    parser.add_argument("-o", "--output", metavar="RUN", help="run folder to write")
    parser.add_argument(
        "--resume", metavar="RUN", help="go on with this run; its corpus and settings are its own"
    )
    parser.add_argument(
        "--preset", metavar="NAME", help=f"settings: {', '.join(presets())} (default: nano)"
    )
    parser.add_argument("--config", metavar="TOML", help="settings from a file instead")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    parser.add_argument(
        "--tokenizer",
        metavar="DIR",
        help="tokenizer, instead of training one on the corpus, or that of a packed one",
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="MODEL",
        help="run or exported model to begin with: its encoder, tokenizer and wide part",
    )
    parser.add_argument(
        "--steps", type=int, metavar="N", help="optimiser steps at most (training.steps)"
    )
    parser.add_argument(
        "--max-time",
        metavar="TIME",
        help="such as 90s, 10m, 1h30m: no bound on steps then, but --steps",
    )
    parser.add_argument(
        "--batch-size", type=int, metavar="N", help="pairs of a step (training.batch_size)"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of all that is drawn (training.seed)"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="of torch (training.threads)")
    parser.add_argument(
        "--workers", type=int, metavar="N", help="processes that draw views (data.workers)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print the last metrics as JSON")


def run(args: argparse.Namespace) -> int:
    """Pretrain, and print where it ended."""
    import json
    import os
    from pathlib import Path

    from contracode.support import config as settings
    from contracode.support import run_folder
    from contracode.support.errors import InputError

    if args.resume:
        if args.corpus or args.output or args.preset or args.config or args.tokenizer or args.start:
            raise InputError(
                "--resume goes on with the corpus, settings, tokenizer and weights that the run has"
            )
        corpus = run_folder.read_facts(Path(args.resume)).corpus
        path = Path(args.resume) / run_folder.CONFIG
    else:
        if not args.corpus or not args.output:
            raise InputError("give a corpus and -o RUN, or --resume RUN")
        if args.preset and args.config:
            raise InputError("give either --preset or --config")
        if args.tokenizer and args.start:
            raise InputError("--from brings its tokenizer; do not give --tokenizer")
        corpus = args.corpus
        path = args.config or settings.preset(args.preset or "nano")
    config = settings.load(path, [*args.set, *_overrides(args)])

    from contracode.export.loading import learned
    from contracode.inputs.tokenizer import Tokenizer
    from contracode.pretrain import pretrain

    last = pretrain(
        corpus,
        args.resume or args.output,
        config,
        tokenizer=Tokenizer.load(args.tokenizer) if args.tokenizer else None,
        start=learned(args.start) if args.start else None,
        resume=bool(args.resume),
        progress=not args.quiet,
    )
    if os.environ.get("RANK", "0") != "0":  # of several processes the first prints
        return 0
    if args.json:
        print(json.dumps(last))
    else:
        figures = (
            f"loss {last['loss']:.3f}, accuracy {last['accuracy']:.1%} at step {last['step']:.0f}"
            if last
            else "done"
        )
        print(f"{args.resume or args.output}: {figures}")
    return 0


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
