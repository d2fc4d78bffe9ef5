"""`contracode corpus pack` and `verify`: the form of a corpus that training reads, and
checksums.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contracode.cli.progress import bar, positive, stages

if TYPE_CHECKING:
    from contracode.corpus.packed.manifest import PackedManifest


def add_actions(actions: Any) -> None:
    """Declare the actions and their options."""
    form: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    pack = actions.add_parser(
        "pack",
        help="write the form that training reads",
        description="Write the functions that a corpus has for training (its split `train`, or all) into shards that are mapped into "
        "memory, so that a corpus of any size needs little of it. With --copies, views of each function are rendered ahead and kept in "
        "pieces; training then draws pairs among them, where they are spelled as written with new names for local variables each time. "
        "Give the folder to `contracode pretrain` as its corpus.",
        epilog="example:\n  contracode corpus pack corpus -o packed --copies 4 --tokenizer tokenizer --workers 8",
        **form,
    )
    pack.add_argument(
        "paths",
        nargs="+",
        metavar="CORPUS",
        help="folders of shards, JSONL files (.gz or not), parquet",
    )
    pack.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="DIR",
        help="what to write; an older one is replaced",
    )
    pack.add_argument(
        "--copies",
        type=int,
        default=0,
        metavar="K",
        help="views to render of each function (default: 0)",
    )
    pack.add_argument(
        "--reads",
        choices=("written", "numbered", "normal"),
        default="normal",
        help="how the views are spelled, as data.reads of the run that will read them (default: normal, as in the presets)",
    )
    pack.add_argument("--tokenizer", metavar="DIR", help="tokenizer of the views")
    pack.add_argument("--seed", type=int, default=0, metavar="N", help="of the views (default: 0)")
    pack.add_argument(
        "--shard-rows",
        type=int,
        default=10_000,
        metavar="N",
        help="functions of a full shard (default: 10000)",
    )
    pack.add_argument(
        "--engine",
        choices=("local", "ray"),
        default="local",
        help="as in `contracode corpus build` (default: local)",
    )
    pack.add_argument(
        "--workers", type=int, default=1, metavar="N", help="number of processes (default: 1)"
    )
    pack.add_argument("--json", action="store_true", help="print the manifest as JSON")

    verify = actions.add_parser(
        "verify",
        help="compare with the checksums",
        description="Read every shard of a corpus, packed or not, and compare it with the sha256 in its manifest.",
        epilog="example:\n  contracode corpus verify packed",
        **form,
    )
    verify.add_argument("folder", metavar="DIR", help="the corpus")


def run(args: argparse.Namespace) -> int:
    """Run one action."""
    return {"pack": _pack, "verify": _verify}[args.action](args)


def _pack(args: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from contracode.corpus.build.engine import LocalEngine
    from contracode.corpus.build.ray_engine import ray_engine
    from contracode.corpus.packed.packing import PackOptions, pack
    from contracode.inputs.tokenizer import Tokenizer
    from contracode.support.errors import InputError

    if args.copies < 0:
        raise InputError(f"--copies must be at least 0, not {args.copies}")
    if bool(args.copies) != bool(args.tokenizer):
        raise InputError("--copies and --tokenizer go together: views are kept in pieces")
    options = PackOptions(
        copies=args.copies,
        reads=args.reads,
        tokenizer=Tokenizer.load(args.tokenizer) if args.tokenizer else None,
        seed=args.seed,
        shard_rows=positive("--shard-rows", args.shard_rows),
    )
    workers = positive("--workers", args.workers)
    with (
        ray_engine(workers)
        if args.engine == "ray"
        else nullcontext(LocalEngine(workers)) as engine,
        stages() as show,
    ):
        manifest = pack(args.paths, Path(args.output), options, engine=engine, progress=show)
    _print_packed(manifest, args)
    return 0


def _print_packed(manifest: PackedManifest, args: argparse.Namespace) -> None:
    import msgspec

    if args.json:
        print(json.dumps(msgspec.to_builtins(manifest)))
        return
    num_bytes = sum(shard.bytes for shard in manifest.shards)
    views = f", {sum(shard.views for shard in manifest.shards):,} views" if manifest.copies else ""
    print(
        f"{args.output}: {manifest.functions:,} functions{views} in {len(manifest.shards):,} shards, {num_bytes:,} bytes"
    )
    for reason, count in manifest.left_out.items():
        print(f"left out: {count:,} functions: {reason}")


def _verify(args: argparse.Namespace) -> int:
    from contracode.corpus.storage.verification import verify

    wrong = 0
    with bar("shards read") as show:
        for problem in verify(Path(args.folder), show):
            wrong += 1
            print(f"contracode corpus: {problem}", file=sys.stderr)
    if not wrong:
        print(f"{args.folder}: every shard is what its manifest says")
    return 2 if wrong else 0
