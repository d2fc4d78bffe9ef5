"""Fine-tune the type head or the name decoder on a pretrained encoder.

A run folder is written: settings, metrics.csv, a checkpoint to resume from, and best/, which
    `contracode export` reads. A
corpus that is not split is split by repository, or by file where there is one only. In several
processes, as torchrun starts them, each reads and learns a part of the data, in batches of its own.
"""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  contracode finetune types ~/code/vscode --model runs/nano -o runs/types    from any folder of TypeScript
  contracode finetune types types.jsonl.gz --model runs/nano -o runs/types --freeze
  contracode finetune types checked --model runs/nano -o runs/tokens --set form=tokens   for DeepTyper's lines
  contracode finetune names corpus --model runs/nano -o runs/names --set batch_size=256 --epochs 4
  contracode finetune names corpus --model runs/nano -o runs/words --set deep=false     words alone, no encoder to run
  contracode finetune names corpus --model runs/nano --from-scratch -o runs/scratch
  contracode finetune names corpus --model runs/nano -o runs/pieces --set decoder=pieces --max-time 30m
  contracode finetune types types.jsonl.gz --model none --tokenizer data/tokenizer --preset tiny -o runs/scratch
  contracode finetune types own.jsonl.gz --from-head data/models/editor -o runs/own --epochs 2    the shipped types, on code of your own
  contracode finetune names corpus --from-head data/models/editor --model runs/longer --freeze -o runs/names   its decoder, a newer encoder
  contracode finetune types types.jsonl.gz --model runs/nano -o runs/types --resume
  torchrun --nproc-per-node 2 -m contracode.cli.main finetune types checked --model runs/nano -o runs/two    in two processes
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("task", choices=["types", "names"], help="which head")
    parser.add_argument(
        "data",
        nargs="+",
        metavar="DATA",
        help="types: TypeScript files or folders, or JSON lines of `corpus types`; names: JSON lines of functions",
    )
    parser.add_argument(
        "--model", metavar="RUN", help="pretraining run or exported model to begin from, or none"
    )
    parser.add_argument(
        "--from-head",
        metavar="MODEL",
        help="exported model, or run of this command, to go on with: its head with types or words, and the encoder that this reads, or "
        "that of --model: as after more pretraining",
    )
    parser.add_argument(
        "--from-scratch", action="store_true", help="its shape and tokenizer, but fresh weights"
    )
    parser.add_argument("--tokenizer", metavar="DIR", help="with --model none: the tokenizer")
    parser.add_argument(
        "--preset",
        default="nano",
        metavar="NAME",
        help="with --model none: the shape (default: nano)",
    )
    parser.add_argument("-o", "--output", required=True, metavar="RUN", help="run folder to write")
    parser.add_argument(
        "--resume", action="store_true", help="go on where a killed run was, with its settings"
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="passes over the data")
    parser.add_argument("--steps", type=int, metavar="N", help="optimiser steps at most")
    parser.add_argument("--max-time", metavar="TIME", help="time at most, such as 90s, 10m, 1h30m")
    parser.add_argument("--freeze", action="store_true", help="leave the encoder as it is")
    parser.add_argument("--seed", type=int, metavar="N", help="of weights, order and dropout")
    parser.add_argument("--config", metavar="TOML", help="settings from a file")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="threads for torch")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.add_argument("--json", action="store_true", help="print the last metrics as JSON")


def run(args: argparse.Namespace) -> int:
    """Fine-tune, and print where it ended."""
    import json
    import os
    from pathlib import Path

    from contracode.corpus.labels.datasets import read_labelled, read_named, sources, split
    from contracode.export.read_back import load_head
    from contracode.export.start import Start, pretrained, untrained
    from contracode.heads.running import check_resumable
    from contracode.heads.settings import FinetuneConfig
    from contracode.heads.tasks import finetune_names, finetune_types
    from contracode.support import config as settings
    from contracode.support.errors import InputError
    from contracode.support.run_folder import CONFIG, METRICS, read_metrics

    output = Path(args.output)
    if args.resume and not (output / CONFIG).is_file():
        raise InputError("there is no run to resume", path=output)
    path = output / CONFIG if args.resume else args.config
    config = settings.load(
        path, [f"task={args.task}", *_overrides(args), *args.set], kind=FinetuneConfig
    )
    if args.resume:
        check_resumable(output, config)
    if args.task == "names" and config.decoder == "words" and args.from_scratch and not config.deep:
        raise InputError(
            "--from-scratch: the decoder of words reads no encoder where deep is false"
        )
    model: str | None = args.model
    if args.from_head and (args.from_scratch or model == "none"):
        option = "--from-scratch" if args.from_scratch else "--model none"
        raise InputError(f"{option}: --from-head goes on with the weights of a head")
    head = load_head(args.from_head, args.task) if args.from_head else None
    if model == "none":
        start = untrained(args.tokenizer, args.preset, seed=config.seed)
    elif model is not None:
        start = pretrained(model, fresh=args.from_scratch, seed=config.seed)
    elif head is not None:
        start = Start(head.encoder, head.tokenizer, None)
    else:
        raise InputError("nothing to begin from: give --model, --from-head or both")
    if head is not None and (
        start.tokenizer.fingerprint != head.tokenizer.fingerprint
        or start.encoder.config.hidden_width != head.facts.encoder.hidden_width
    ):
        raise InputError(
            "its encoder has another tokenizer or width than the one of --from-head",
            path=args.model,
        )
    told = sources(args.data)
    if args.task == "types":
        parts = [
            split(files, lambda file: (file.repo, file.path, file.partition))
            for files in read_labelled(args.data, config.form)
        ]
        labelled = [[file for part in parts for file in part[which]] for which in (0, 1)]
        finetune_types(
            start.encoder,
            start.tokenizer,
            labelled[0],
            labelled[1],
            output,
            config,
            projection=start.projection,
            head=head,
            trained_on=told,
            resume=args.resume,
            progress=not args.quiet,
        )
    else:
        functions = split(read_named(args.data), lambda one: (one.repo, one.path, one.partition))
        training, validation = ([(one.source, one.name) for one in part] for part in functions)
        finetune_names(
            start.encoder,
            start.tokenizer,
            training,
            validation,
            output,
            config,
            head=head,
            trained_on=told,
            resume=args.resume,
            progress=not args.quiet,
        )
    if os.environ.get("RANK", "0") != "0":  # of several processes the first prints
        return 0
    last = read_metrics(output / METRICS)[-1]
    if args.json:
        print(json.dumps(last))
    else:
        figures = ", ".join(
            f"{name} {value:.4g}" for name, value in last.items() if name.startswith("valid/")
        )
        print(f"{output}: {figures} at step {last['step']:.0f}")
    return 0


def _overrides(args: argparse.Namespace) -> list[str]:
    names = ("epochs", "steps", "max_time", "seed", "threads")
    given = [f"{name}={getattr(args, name)}" for name in names if getattr(args, name) is not None]
    return [*given, *(["freeze=true"] if args.freeze else [])]
