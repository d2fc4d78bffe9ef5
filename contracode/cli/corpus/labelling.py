"""`contracode corpus types`."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from contracode.cli import options
from contracode.cli.corpus.building import (
    add_inputs,
    find_places,
    print_manifest,
    report_problem,
)


def add_types(actions: Any) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "types",
        help="collect type labels",
        description="Collect TypeScript files with the types of their variables as labels.",
    )
    add_inputs(parser)
    options.add_spelling(parser, default="javascript")
    parser.add_argument(
        "--checker",
        action="store_true",
        help="also label the types that the TypeScript compiler infers; needs Node. The packages "
        "in the node_modules of a PATH are read; none of its code is run",
    )
    options.add_typescript(parser, "with --checker")
    parser.set_defaults(act=_types)


def _types(args: argparse.Namespace) -> int:
    from contracode.cli.progress import display, stages
    from contracode.corpus.labels.checker import find_checker
    from contracode.corpus.labels.type_corpus import build_types
    from contracode.corpus.storage.splits import read_splits
    from contracode.support.errors import InputError

    if args.typescript and not args.checker:
        raise InputError("--typescript needs --checker")
    splits = read_splits(Path(args.splits)) if args.splits else {}
    with stages() as show_stage:
        places = find_places(args, ("typescript", "both"), show_stage)
    # A compiler inside the labelled sources must not be run.
    foreign = [
        Path(place if Path(place).exists() else place.partition("=")[2]) for place in args.paths
    ]
    foreign += [Path(args.mirrors)] if args.mirrors else []
    typescript = Path(args.typescript) if args.typescript else None
    checker = find_checker(typescript, foreign=foreign) if args.checker else None
    with checker or nullcontext(), display() as show:
        manifest = build_types(
            places,
            Path(args.output),
            seed=args.seed,
            splits=splits,
            shard_rows=args.shard_rows,
            leave_out=args.leave_out.split(),
            checker=checker,
            spelling=args.spelling,
            progress=lambda repository, files: show("files", files, None, repository),
            on_problem=report_problem,
        )
    print_manifest(manifest, args, "files")
    return 0
