"""Run the whole way through on the sample corpus: rewrite, pretrain, fine-tune, measure, export,
predict.

Takes minutes on two CPU cores and needs neither a GPU nor the network. Every figure is measured in
the run. The folder that is written holds the pretraining run, the heads, the model, results.json
and report.html.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from contracode.cli.demo.terminal import StageClock, StageError, print_results

EXAMPLES = """\
examples:
  contracode demo                    in minutes; writes runs/demo
  contracode demo -o out --seed 1    elsewhere, with other random numbers
  contracode demo --quick            to see that every stage works; the models learn nothing

exit codes: 0 all went well, 1 a stage failed, 2 bad input
"""

RESULTS, PAGE = "results.json", "report.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "-o",
        "--output",
        default="runs/demo",
        metavar="DIR",
        help="folder to write (default: runs/demo)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of all that is drawn (default: 0)"
    )
    parser.add_argument("--quick", action="store_true", help="a few seconds for each stage")


def run(args: argparse.Namespace) -> int:
    """Run every stage and print what it measured."""
    import sys

    from contracode.support.atomic_files import is_object_of, replacing
    from contracode.support.errors import InputError

    output = Path(args.output)
    if output.exists() and not is_object_of(
        output / RESULTS, ("pretraining", "finetuning", "seconds")
    ):
        raise InputError("is there and not of an earlier demo; choose another folder", path=output)
    began = time.perf_counter()
    try:
        with replacing(output) as folder:
            folder.mkdir()
            _stages(folder, seed=args.seed, quick=args.quick)
    except StageError as error:
        print(f"contracode demo: {error}", file=sys.stderr)
        return 1
    print(f"\n{output / PAGE}: the report, after {time.perf_counter() - began:.0f} seconds in all")
    return 0


def _stages(folder: Path, *, seed: int, quick: bool) -> None:
    import msgspec
    from rich.console import Console

    out, err = Console(), Console(stderr=True)
    clock = StageClock(err)
    with clock.stage("load"):
        from contracode.cli.demo.page import page
        from contracode.cli.demo.running import Demo

        demo = Demo(folder, seed=seed, quick=quick, clock=clock, out=out, err=err)
    results = demo.run()
    print_results(results, out)
    with clock.stage("report"):
        text = page(results)
    (folder / PAGE).write_text(text, "utf-8")
    (folder / RESULTS).write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
