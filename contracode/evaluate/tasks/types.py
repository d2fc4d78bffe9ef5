"""Measure predicted types: accuracy, calibration, and precision of the shown types.

DATA is TypeScript, JSON lines of `contracode corpus types`, or DeepTyper's lines. Baselines learn
from --train; without it, DATA is split as by `contracode finetune`.
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
    from contracode.corpus.labels.labelled_file import LabelledFile
    from contracode.evaluate.report import Progress, Report

EXAMPLES = """\
examples:
  contracode evaluate types --data valid.jsonl --train train.jsonl --json
  contracode evaluate types --data ~/code/project --train types \\
      --typescript node_modules/typescript
  contracode evaluate types --format deeptyper --data development.txt --train types
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the task."""
    add_data(parser, "labelled sources")
    add_training(parser)
    parser.add_argument(
        "--format",
        choices=["sources", "deeptyper"],
        default="sources",
        help="TypeScript or JSON lines of `corpus types`; or DeepTyper's lines (default: sources)",
    )
    parser.add_argument(
        "--spelling",
        choices=["javascript", "typescript", "both"],
        default="typescript",
        help="read TypeScript without its annotations, as JavaScript, or as both "
        "(default: typescript)",
    )
    parser.add_argument(
        "--labels",
        choices=["written", "all"],
        default="written",
        help="annotations written by authors, or also types inferred by the compiler for "
        "`corpus types --checker` (default: written)",
    )
    parser.add_argument(
        "--typescript",
        metavar="DIR",
        help="folder of the npm package typescript; measures the compiler's own inference as well",
    )
    add_model(parser)


def measure(args: argparse.Namespace, progress: Progress) -> Report:
    """Measure the model and counting tables."""
    from pathlib import Path

    from contracode.corpus.labels.datasets import readable
    from contracode.evaluate.labels.compiler import silent_tools
    from contracode.evaluate.labels.type_answers import types

    training, files = _files(args)
    files = readable(files)[: args.limit]
    silent = {}
    if args.typescript:
        silent = silent_tools(
            files, Path(args.typescript), foreign=[Path(place) for place in args.data]
        )
    model, against = open_models(args)
    return types(
        model, files, training, against=against, silent=silent, seed=args.seed, progress=progress
    )


def _files(args: argparse.Namespace) -> tuple[list[LabelledFile], list[LabelledFile]]:
    """Return the training files of the baselines, and the files to measure on."""
    from contracode.corpus.labels.datasets import read_tokens, read_typed, split, written
    from contracode.support.errors import InputError

    if args.format == "deeptyper":
        if not args.train:
            raise InputError("--format deeptyper needs --train, the training data of the baselines")
        return read_tokens(args.train), read_tokens(args.data)
    files = read_typed(args.data, spelling=args.spelling)
    if args.train:
        training = read_typed(args.train, spelling=args.spelling)
    else:
        training, files = split(files, lambda file: (file.repo, file.path, file.partition))
    return training, written(files) if args.labels == "written" else files
