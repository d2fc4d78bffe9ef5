"""Recognise programs that are rewritten: the worst of 1, 4 and 16 rewrites.

DATA is a folder as for `clones`, or functions as JSON lines.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from contracode.evaluate.tasks._options import (
    add_baselines,
    add_data,
    add_model,
    open_methods,
)
from contracode.evaluate.tasks.clones import add_field

if TYPE_CHECKING:
    from contracode.evaluate.clones.robustness import Attack
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate robustness --data corpus --families
  contracode evaluate robustness --data clones --without loops branches \\
      --tool 'terser=node rewrite.cjs terser'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "folder of a clone set, or functions as JSON lines")
    add_field(parser)
    add_baselines(parser)
    parser.add_argument(
        "--families", action="store_true", help="also attack with each family of transforms alone"
    )
    parser.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="FAMILY",
        help="families or transforms to leave out",
    )
    parser.add_argument(
        "--tool",
        action="append",
        default=[],
        metavar="NAME=CMD",
        help="also attack with a command that rewrites JSON lines with id, source and seed "
        "(docs/evaluation.md)",
    )
    add_model(parser, any_encoder=True)


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the encoder and the baselines under every attack."""
    from pathlib import Path

    from contracode.corpus.labels.datasets import read_named
    from contracode.evaluate.clones import robustness

    max_pairs = robustness.PAIRS if args.limit is None else args.limit
    attacks = _attacks(args)
    if len(args.data) == 1 and (Path(args.data[0]) / "clones.jsonl").is_file():
        pairs = robustness.pairs_of_clones(
            Path(args.data[0]), field=args.field, max_pairs=max_pairs, seed=args.seed
        )
    else:
        functions = read_named(args.data)
        pairs = robustness.pairs_of_functions(functions, max_pairs=max_pairs, seed=args.seed)
    encoder, methods = open_methods(args)
    return robustness.evaluate_robustness(
        pairs, methods, attacks, models=[encoder.name], seed=args.seed, progress=progress
    )


def _attacks(args: argparse.Namespace) -> list[Attack]:
    """Return the attack by all transforms, and one for each requested family and tool."""
    import augment
    from contracode.evaluate.clones import rewrites
    from contracode.evaluate.clones.robustness import OF_FAMILY, WORST, Attack

    attacks = [Attack("", rewrites.engine(without=args.without), WORST)]
    left_out = rewrites.transforms_of(args.without)
    for family, members in augment.families().items() if args.families else ():
        if not left_out.issuperset(members):
            attacks.append(Attack(f"{family}: ", rewrites.family(family), (OF_FAMILY,)))
    for given in args.tool:
        name, command = rewrites.named_command(given)
        rewriter = rewrites.tool(
            command, on_problem=lambda line: print(f"contracode evaluate: {line}", file=sys.stderr)
        )
        attacks.append(Attack(f"{name}: ", rewriter, (1, OF_FAMILY)))
    return attacks
