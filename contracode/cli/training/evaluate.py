"""Measure a model and its baselines, with 95 % intervals over repositories, files or problems.

`contracode evaluate TASK --help` explains a task. `all` runs every task that there is data for, and
writes one page.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from contracode.cli import options
from contracode.cli.parser import CommandParser

if TYPE_CHECKING:
    from contracode.evaluate.report import Report
    from contracode.inference.model import Model

EXAMPLES = """\
examples:
  contracode evaluate retrieval --data corpus --model out/model
  contracode evaluate clones --data clones --field anon --baselines all
  contracode evaluate types --data valid.jsonl --train train.jsonl --json
  contracode evaluate all --model out/model \\
      --data clones=clones functions=corpus types=valid.jsonl -o evaluation
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare a subcommand for each task, and `all`."""
    from contracode.evaluate import tasks

    subparsers = parser.add_subparsers(dest="task", metavar="TASK", title="tasks", required=True)
    for name in tasks.task_names():
        task = tasks.load_task(name)
        text = task.__doc__ or ""
        sub = subparsers.add_parser(
            name,
            help=text.splitlines()[0].rstrip("."),
            description=text,
            epilog=task.EXAMPLES,
        )
        task.add_arguments(sub)
        options.add_json(sub)
    _add_all(subparsers.add_parser("all", help="every task that there is data for, and one page"))


def _add_all(parser: argparse.ArgumentParser) -> None:
    from contracode.evaluate.tasks._options import add_baselines, add_model

    parser.add_argument(
        "--data",
        nargs="+",
        metavar="KIND=DATA",
        help="any of clones=DIR, functions=DATA and types=DATA (default: the sample corpus)",
    )
    options.add_output(
        parser, "folder for evaluation.json and evaluation.html", metavar="DIR", required=True
    )
    options.add_limit(parser, "maximum number of items per task")
    add_baselines(parser)
    add_model(parser, any_encoder=True)
    options.add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import msgspec
    from rich.console import Console

    from contracode.cli.progress import bar
    from contracode.evaluate import tasks

    if args.task == "all":
        reports = _all(args)
        encoded = msgspec.json.encode(reports)
    else:
        with bar(args.task) as progress:
            reports = {args.task: tasks.load_task(args.task).measure(args, progress)}
        encoded = msgspec.json.encode(reports[args.task])
    if args.json:
        print(msgspec.json.format(encoded).decode())
    else:
        console = Console(width=None if sys.stdout.isatty() else 140)
        for report in reports.values():
            console.print(*report.tables())
    return 0


def _all(args: argparse.Namespace) -> dict[str, Report]:
    """Run every task that there is data for, and write the page."""
    from pathlib import Path

    import msgspec

    from contracode.cli.progress import bar
    from contracode.evaluate import tasks
    from contracode.evaluate.clones.encoders import open_encoder
    from contracode.evaluate.page import page
    from contracode.support.atomic_files import replacing

    data = _data(args)
    encoder = open_encoder(args.model, threads=args.threads)
    reports: dict[str, Report] = {}
    for title, command in _commands(data, encoder.model).items():
        parser = CommandParser()
        task = tasks.load_task(command[0])
        task.add_arguments(parser)
        chosen = parser.parse_args(command[1:])
        for option in ("limit", "baselines", "model", "against", "seed", "threads"):
            setattr(chosen, option, getattr(args, option))
        with bar(title) as progress:
            reports[title] = task.measure(chosen, progress)
    output = Path(args.output)
    with replacing(output / "evaluation.json") as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(reports)))
    with replacing(output / "evaluation.html") as beside:
        beside.write_text(page(encoder.name, reports), "utf-8")
    print(f"contracode evaluate: {output / 'evaluation.html'}", file=sys.stderr)
    return reports


def _data(args: argparse.Namespace) -> dict[str, str]:
    """Return the data of `all` by kind."""
    from contracode.support.errors import InputError
    from contracode.support.resources import data_dir

    if not args.data:
        sample = data_dir() / "sample"
        return {"functions": str(sample), "types": str(sample / "typescript")}
    data = dict(one.partition("=")[::2] for one in args.data)
    if set(data) - {"clones", "functions", "types"} or not all(data.values()):
        raise InputError("--data must be clones=DIR, functions=DATA or types=DATA")
    return data


def _commands(data: dict[str, str], model: Model | None) -> dict[str, list[str]]:
    """Return the command line of each task that there is data for, by title."""
    found: dict[str, list[str]] = {}
    if "clones" in data:
        for field in ("anon", "code"):
            found[f"clones {field}"] = ["clones", "--field", field, "--data", data["clones"]]
    attacked = data.get("clones", data.get("functions"))
    if attacked:
        found["robustness"] = ["robustness", "--families", "--data", attacked]
    if model is None:
        return found
    if "functions" in data:
        found["retrieval"] = ["retrieval", "--data", data["functions"]]
        if model.metadata.predicts_names:
            found["names"] = ["names", "--data", data["functions"]]
    if "types" in data and model.metadata.types:
        found["types"] = ["types", "--data", data["types"]]
    return found
