"""Detect programs that solve the same problem, without and with given rewrites.

DATA is a folder with clones.jsonl, clone_pairs.jsonl and, for the rewrites, clone_pairs_adv.jsonl
and clones_adv.jsonl.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from contracode.evaluate.tasks._options import (
    add_baselines,
    add_data,
    add_model,
    open_methods,
)

if TYPE_CHECKING:
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate clones --data clones --field anon --baselines all
  contracode evaluate clones --data clones --model my_encoders:embed
  contracode evaluate clones --data clones --against all-MiniLM-L6-v2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "folder of the clone set")
    add_field(parser)
    add_baselines(parser)
    add_model(parser, any_encoder=True)


def add_field(parser: argparse.ArgumentParser) -> None:
    """Add `--field`."""
    parser.add_argument(
        "--field",
        choices=["anon", "code"],
        default="anon",
        help="programs with the problem's names replaced, or as written (default: anon)",
    )


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the encoder and the baselines."""
    from pathlib import Path

    from contracode.evaluate.clones.clone_set import evaluate_clones, read_clones
    from contracode.support.errors import InputError

    if len(args.data) > 1:
        raise InputError("clones takes one folder")
    encoder, methods = open_methods(args)
    clones = read_clones(Path(args.data[0]))
    return evaluate_clones(
        clones, methods, field=args.field, models=[encoder.name], seed=args.seed, progress=progress
    )
