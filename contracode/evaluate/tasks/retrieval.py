"""Find the other view of a function among the views of all functions."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from contracode.evaluate.tasks._options import add_data, add_model, open_models

if TYPE_CHECKING:
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate retrieval --data corpus --model out/model
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "functions as JSON lines")
    add_model(parser)


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the model, an encoder with fresh weights, and a bag of pieces."""
    from contracode.corpus.labels.datasets import read_named
    from contracode.evaluate.clones.views import embedders, evaluate_views, view_pairs
    from contracode.support.errors import InputError

    model, _ = open_models(args)
    functions = read_named(args.data)[: args.limit]
    by_path = len({function.repo for function in functions}) == 1
    pairs = view_pairs(
        [(one.source, one.path if by_path else one.repo) for one in functions], seed=args.seed
    )
    if len(pairs) < 2:
        raise InputError("retrieval takes at least two functions that parse")
    return evaluate_views(
        pairs, embedders(model, seed=args.seed, progress=progress), seed=args.seed
    )
