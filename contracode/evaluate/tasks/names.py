"""Measure predicted names of functions: sub-token precision, recall, F1 and exact match.

Baselines learn from --train; without it, DATA is split as by `contracode finetune`.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from contracode.evaluate.tasks._options import (
    add_data,
    add_model,
    add_training,
    open_models,
)

if TYPE_CHECKING:
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate names --data corpus --limit 500
  contracode evaluate names --data functions.jsonl --train corpus --model out/pretrained \\
      --against out/scratch
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "functions as JSON lines")
    add_training(parser)
    add_model(parser)


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the model, constant names and nearest neighbours."""
    import random

    from contracode.corpus.labels.datasets import read_named, split
    from contracode.evaluate.labels.name_answers import names

    functions = read_named(args.data)
    if args.train:
        training = read_named(args.train)
    else:
        training, functions = split(functions, lambda one: (one.repo, one.path, one.partition))
    if args.limit is not None and args.limit < len(functions):
        functions = random.Random(args.seed).sample(functions, args.limit)
    model, against = open_models(args)
    return names(model, functions, training, against=against, seed=args.seed, progress=progress)
