"""`contracode corpus pack` and `verify`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracode.cli import options
from contracode.cli.corpus.building import engine_of, report_problem

if TYPE_CHECKING:
    from contracode.corpus.packed.manifest import PackedManifest


def add_pack(actions: Any) -> None:
    """Declare the action `pack`."""
    parser = actions.add_parser(
        "pack",
        help="write the form that training reads",
        description="Write the training functions of a corpus (its split `train`, or all) to "
        "shards that training maps into memory, so that a corpus of any size needs little of it. "
        "With --copies, the views of each function are rendered in advance and stored as pieces; "
        "training draws its pairs from them, and gives local variables new names in views spelled "
        "as written. `contracode pretrain` takes the folder as its corpus.",
        epilog="example:\n"
        "  contracode corpus pack corpus -o packed --copies 4 --tokenizer tokenizer --workers 8",
    )
    parser.add_argument(
        "paths", nargs="+", metavar="CORPUS", help="folder of shards, or file of rows"
    )
    options.add_output(
        parser, "folder to write; an older one is replaced", metavar="DIR", required=True
    )
    parser.add_argument(
        "--copies",
        type=options.natural,
        default=0,
        metavar="K",
        help="views per function to render (default: 0)",
    )
    parser.add_argument(
        "--reads",
        choices=("written", "numbered", "normal"),
        default="normal",
        help="spelling of the views: data.reads of the runs to train (default: normal, as in the "
        "presets)",
    )
    parser.add_argument("--tokenizer", metavar="DIR", help="tokenizer of the views")
    options.add_seed(parser, "the views")
    parser.add_argument(
        "--shard-rows",
        type=options.positive,
        default=10_000,
        metavar="N",
        help="functions per shard (default: 10000)",
    )
    options.add_workers(parser, engine=True)
    options.add_json(parser, "print the manifest as JSON")
    parser.set_defaults(act=_pack)


def add_verify(actions: Any) -> None:
    """Declare the action `verify`."""
    parser = actions.add_parser(
        "verify",
        help="compare with the checksums",
        description="Compare every shard of a corpus, packed or not, with the checksum in its "
        "manifest.",
        epilog="example:\n  contracode corpus verify packed",
    )
    parser.add_argument("folder", metavar="DIR", help="the corpus")
    parser.set_defaults(act=_verify)


def _pack(args: argparse.Namespace) -> int:
    from contracode.cli.progress import stages
    from contracode.corpus.packed.packing import PackOptions, pack
    from contracode.inputs.tokenizer import Tokenizer
    from contracode.support.errors import InputError

    if bool(args.copies) != bool(args.tokenizer):
        raise InputError("--copies and --tokenizer need each other")
    chosen = PackOptions(
        copies=args.copies,
        reads=args.reads,
        tokenizer=Tokenizer.load(args.tokenizer) if args.tokenizer else None,
        seed=args.seed,
        shard_rows=args.shard_rows,
    )
    with engine_of(args) as engine, stages() as show:
        manifest = pack(args.paths, Path(args.output), chosen, engine=engine, progress=show)
    _print(manifest, args)
    return 0


def _print(manifest: PackedManifest, args: argparse.Namespace) -> None:
    import msgspec

    if args.json:
        print(json.dumps(msgspec.to_builtins(manifest)))
        return
    num_bytes = sum(shard.bytes for shard in manifest.shards)
    views = f", {sum(shard.views for shard in manifest.shards):,} views" if manifest.copies else ""
    print(
        f"{args.output}: {manifest.functions:,} functions{views} in {len(manifest.shards):,} "
        f"shards, {num_bytes:,} bytes"
    )
    for reason, count in manifest.left_out.items():
        print(f"left out: {count:,} functions: {reason}")


def _verify(args: argparse.Namespace) -> int:
    from contracode.cli.progress import bar
    from contracode.corpus.storage.verification import verify

    wrong = 0
    with bar("shards") as show:
        for problem in verify(Path(args.folder), show):
            wrong += 1
            report_problem(problem)
    if not wrong:
        print(f"{args.folder}: every shard matches its checksum")
    return 2 if wrong else 0
