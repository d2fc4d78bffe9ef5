"""Fine-tune a head on a pretrained encoder: types, names, or one of an installed package.

Writes a run folder: settings, metrics.csv, a checkpoint to resume from, and best/, which
`contracode export` reads. A corpus without splits is split by repository, or by file if there is
only one repository. Each of several processes that torchrun starts trains on its part of the data.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.export.start import Start
    from contracode.heads.checkpoint import HeadCheckpoint
    from contracode.heads.head_training import HeadTraining
    from contracode.heads.settings import FinetuneConfig

EXAMPLES = """\
examples:
  contracode finetune types ~/code/vscode --model runs/nano -o runs/types
      any folder of TypeScript
  contracode finetune types types.jsonl.gz --model runs/nano -o runs/types --freeze
  contracode finetune types checked --model runs/nano -o runs/tokens --set form=tokens
      for DeepTyper's lines
  contracode finetune names corpus --model runs/nano -o runs/names --set batch_size=256 --epochs 4
  contracode finetune names corpus --model runs/nano -o runs/words --set uses_encoder=false
      words alone, no encoder to run
  contracode finetune names corpus --model runs/nano --from-scratch -o runs/scratch
  contracode finetune names corpus --model runs/nano -o runs/pieces --set decoder=pieces
  contracode finetune types types.jsonl.gz --model none --tokenizer data/tokenizer -o runs/scratch
  contracode finetune types own.jsonl.gz --from-head data/models/editor -o runs/own --epochs 2
      the shipped types, on your own code
  contracode finetune names corpus --from-head data/models/editor --model runs/longer --freeze \\
      -o runs/names                                    the shipped decoder, on a newer encoder
  contracode finetune types types.jsonl.gz --model runs/nano -o runs/types --resume
  torchrun --nproc-per-node 2 -m contracode.cli.main finetune types checked --model runs/nano \\
      -o runs/two                                      in two processes
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("task", metavar="HEAD", help=f"which head: {_listed_heads()}")
    parser.add_argument("data", nargs="+", metavar="DATA", help=f"labelled data. {_listed_data()}")
    parser.add_argument(
        "--model", metavar="RUN", help="pretraining run or exported model to begin with, or none"
    )
    parser.add_argument(
        "--from-head",
        metavar="MODEL",
        help="exported model, or run of this command, whose head is continued, with its encoder or "
        "with that of --model",
    )
    parser.add_argument(
        "--from-scratch",
        action="store_true",
        help="take shape and tokenizer of --model, but fresh weights",
    )
    parser.add_argument("--tokenizer", metavar="DIR", help="with --model none: the tokenizer")
    parser.add_argument(
        "--preset",
        default="nano",
        metavar="NAME",
        help="with --model none: the shape of the encoder (default: nano)",
    )
    parser.add_argument("-o", "--output", required=True, metavar="RUN", help="run folder to write")
    parser.add_argument("--resume", action="store_true", help="resume an interrupted run")
    parser.add_argument("--epochs", type=int, metavar="N", help="passes over the data")
    parser.add_argument("--steps", type=int, metavar="N", help="maximum number of optimiser steps")
    parser.add_argument("--max-time", metavar="TIME", help="maximum time, such as 90s, 10m, 1h30m")
    parser.add_argument("--freeze", action="store_true", help="do not train the encoder")
    parser.add_argument("--seed", type=int, metavar="N", help="of weights, order and dropout")
    parser.add_argument("--config", metavar="TOML", help="settings from a file")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    parser.add_argument(
        "--print-config", action="store_true", help="print all settings as TOML, and stop"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads of torch")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print the last metrics as JSON")


def _listed_heads() -> str:
    from contracode.inference.head_spec import all_heads

    return "; ".join(f"{name} ({spec.summary})" for name, spec in all_heads().items())


def _listed_data() -> str:
    from contracode.inference.head_spec import all_heads

    return "; ".join(f"{name}: {spec.data}" for name, spec in all_heads().items())


def run(args: argparse.Namespace) -> int:
    """Fine-tune, and print the last metrics."""
    from pathlib import Path

    from contracode.cli.training.interrupted import print_resume
    from contracode.corpus.labels.datasets import sources
    from contracode.heads.finetune import finetune
    from contracode.heads.head_training import head_training
    from contracode.support import config as settings
    from contracode.trainer.interruption import RunInterrupted

    side = head_training(args.task)
    config = _config(args, side)
    if args.print_config:
        print(settings.as_toml(config), end="")
        return 0
    start, head = _start(args, side, config)
    training, validation = side.read(args.data, config)
    try:
        finetune(
            start.encoder,
            start.tokenizer,
            training,
            validation,
            Path(args.output),
            config,
            projection=start.projection,
            head=head,
            trained_on=sources(args.data),
            resume=args.resume,
            progress=not args.quiet,
        )
    except RunInterrupted as error:
        return print_resume(error, args.output, _command(args))
    _print_metrics(args)
    return 0


def _config(args: argparse.Namespace, side: HeadTraining) -> FinetuneConfig:
    """Return the settings of the run.

    Raises:
        InputError: there is no run to resume, or the settings are invalid.
    """
    from pathlib import Path

    from contracode.heads.finetune import check_resumable
    from contracode.inference.head_spec import find_head
    from contracode.support import config as settings
    from contracode.support.errors import InputError
    from contracode.support.run_folder import CONFIG

    output = Path(args.output)
    if args.resume and not (output / CONFIG).is_file():
        raise InputError("there is no run to resume", path=output)
    path = output / CONFIG if args.resume else args.config
    overrides = [f"task={find_head(args.task).name}", *_overrides(args), *args.set]
    config = settings.load(path, overrides, kind=side.settings)
    if args.resume:
        check_resumable(output, config)
    if args.from_scratch and not side.uses_encoder(config):
        raise InputError("--from-scratch: with these settings, the head reads no encoder")
    return config


def _start(
    args: argparse.Namespace, side: HeadTraining, config: FinetuneConfig
) -> tuple[Start, HeadCheckpoint | None]:
    """Return the encoder to begin with, and the head to continue if there is one.

    Raises:
        InputError: the options contradict each other, or the models do not fit each other.
    """
    from contracode.export.read_back import load_head
    from contracode.export.start import Start, pretrained, untrained
    from contracode.support.errors import InputError

    if args.from_head and (args.from_scratch or args.model == "none"):
        option = "--from-scratch" if args.from_scratch else "--model none"
        raise InputError(f"{option}: --from-head continues with the weights of a head")
    head = load_head(args.from_head, config.task) if args.from_head else None
    if args.model == "none":
        start = untrained(args.tokenizer, args.preset, seed=config.seed)
    elif args.model is not None:
        start = pretrained(args.model, fresh=args.from_scratch, seed=config.seed)
    elif head is not None:
        start = Start(head.encoder, head.tokenizer, None)
    else:
        raise InputError("nothing to begin with: give --model, --from-head or both")
    if head is not None and (
        start.tokenizer.fingerprint != head.tokenizer.fingerprint
        or start.encoder.config.hidden_width != head.facts.encoder.hidden_width
    ):
        raise InputError(
            "its encoder has another tokenizer or width than the one of --from-head",
            path=args.model,
        )
    return start, head


def _print_metrics(args: argparse.Namespace) -> None:
    import json
    import os
    from pathlib import Path

    from contracode.support.run_folder import METRICS, read_metrics

    if os.environ.get("RANK", "0") != "0":  # of several processes, the first prints
        return
    last = read_metrics(Path(args.output) / METRICS)[-1]
    if args.json:
        print(json.dumps(last))
        return
    figures = ", ".join(
        f"{name} {value:.4g}" for name, value in last.items() if name.startswith("valid/")
    )
    print(f"{args.output}: {figures} at step {last['step']:.0f}")


def _command(args: argparse.Namespace) -> list[str]:
    """Return the command that resumes the run."""
    command = ["contracode", "finetune", args.task, *args.data, "-o", args.output, "--resume"]
    for option in ("model", "from_head", "tokenizer"):
        if getattr(args, option):
            command += [f"--{option.replace('_', '-')}", getattr(args, option)]
    if args.from_scratch:
        command.append("--from-scratch")
    return command


def _overrides(args: argparse.Namespace) -> list[str]:
    names = ("epochs", "steps", "max_time", "seed", "threads")
    given = [f"{name}={getattr(args, name)}" for name in names if getattr(args, name) is not None]
    return [*given, *(["freeze=true"] if args.freeze else [])]
