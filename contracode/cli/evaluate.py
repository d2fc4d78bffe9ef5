"""Measure a model beside its baselines, with 95 % intervals over repositories, files or problems.

retrieval  find the other view of a function among all; functions as JSON lines
clones     tell programs that solve the same problem from others; a folder with clones.jsonl and clone_pairs.jsonl
types      accuracy, calibration, and what the threshold shows; TypeScript, or JSON lines of `corpus types`
names      sub-token precision, recall, F1; functions as JSON lines

Counting baselines are counted on --train. Without it, DATA is split as `contracode finetune` splits it, counted on the
training part and measured on the rest.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracode.evaluate.report import Report
    from contracode.evaluate.tasks import Progress
    from contracode.inference import Model

EXAMPLES = """\
examples:
  contracode evaluate retrieval --data corpus --model out/model
  contracode evaluate clones --data clones --field anon
  contracode evaluate types --data valid.jsonl --train train.jsonl --json
  contracode evaluate types --data ~/code/project --train types --typescript node_modules/typescript
  contracode evaluate types --format deeptyper --data development.txt --train types --model out/tokens
  contracode evaluate names --data corpus --limit 500
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("task", choices=["retrieval", "clones", "types", "names"], help="what to measure")
    parser.add_argument("--data", required=True, nargs="+", metavar="DATA", help="what to measure on")
    parser.add_argument("--train", nargs="+", metavar="DATA", help="types, names: what the baselines are counted on")
    parser.add_argument("--model", metavar="DIR", help="inference folder (default: the shipped model)")
    parser.add_argument(
        "--format",
        choices=["sources", "deeptyper"],
        default="sources",
        help="types: TypeScript or JSON lines of `corpus types`; or DeepTyper's lines (default: sources)",
    )
    parser.add_argument(
        "--spelling",
        choices=["javascript", "typescript", "both"],
        default="typescript",
        help="types: leave TypeScript without its annotations, as JavaScript, or as both (default: typescript)",
    )
    parser.add_argument(
        "--typescript", metavar="DIR", help="types: the npm package typescript, whose own inference is measured too"
    )
    parser.add_argument("--field", choices=["anon", "code"], default="anon", help="clones: with or without names")
    parser.add_argument("--limit", type=int, metavar="N", help="most functions or files (default: all)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of views, samples and intervals (default: 0)")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="threads for the model (default: 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import msgspec
    from rich.console import Console

    from contracode.cli.progress import bar
    from contracode.inference import load

    model = load(args.model, threads=args.threads)
    measure = {"retrieval": _retrieval, "clones": _clones, "types": _types, "names": _names}[args.task]
    with bar(args.task) as progress:
        report = measure(args, model, progress)
    if args.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(report.table())
    return 0


def _retrieval(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from contracode.datasets import read_named
    from contracode.errors import InputError
    from contracode.evaluate import tasks
    from contracode.evaluate.similarity import evaluate_views, view_pairs

    functions = read_named(args.data)[: args.limit]
    by_path = len({function.repo for function in functions}) == 1
    told = [(function.source, function.path if by_path else function.repo) for function in functions]
    pairs = view_pairs(told, seed=args.seed)
    if len(pairs) < 2:
        raise InputError("retrieval takes at least two functions that parse")
    return evaluate_views(pairs, tasks.embedders(model, seed=args.seed, progress=progress), seed=args.seed)


def _clones(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from pathlib import Path

    from contracode.errors import InputError
    from contracode.evaluate import tasks
    from contracode.evaluate.similarity import evaluate_clones, read_clones

    if len(args.data) > 1:
        raise InputError("clones takes one folder")
    found = tasks.embedders(model, seed=args.seed, progress=progress)
    return evaluate_clones(*read_clones(Path(args.data[0])), found, field=args.field)


def _types(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from pathlib import Path

    from contracode.datasets import read_tokens, read_typed, split
    from contracode.errors import InputError
    from contracode.evaluate import tasks
    from contracode.evaluate.compiler import silent_tools

    if args.format == "deeptyper":
        if not args.train:
            raise InputError("--format deeptyper takes --train, what the baselines are counted on")
        training = read_tokens(args.train)
        files = read_tokens(args.data)
    else:
        files = read_typed(args.data, spelling=args.spelling)
        if args.train:
            training = read_typed(args.train, spelling=args.spelling)
        else:
            training, files = split(files, lambda file: (file.repo, file.path, file.partition))
    files = files[: args.limit]
    silent = {}
    if args.typescript:
        silent = silent_tools(files, Path(args.typescript), foreign=[Path(place) for place in args.data])
    return tasks.types(model, files, training, silent=silent, seed=args.seed, progress=progress)


def _names(args: argparse.Namespace, model: Model, progress: Progress) -> Report:
    from contracode.datasets import read_named, split
    from contracode.evaluate import tasks

    functions = read_named(args.data)
    if args.train:
        training = read_named(args.train)
    else:
        training, functions = split(functions, lambda one: (one.repo, one.path, one.partition))
    return tasks.names(model, functions[: args.limit], training, seed=args.seed, progress=progress)
