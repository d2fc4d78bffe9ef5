"""Measures what a pair of views costs that training draws from sources, and among views rendered
ahead in a packed corpus.

Both in CPU milliseconds on one core, in one run. With --epoch also the memory of a process that
draws pairs of that many functions in the order of training: shards are linked under other names
until there are enough functions, and mapped each for itself.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.augment import sample
from contracode.corpus.packed.manifest import PackedManifest, write_packed_manifest
from contracode.corpus.packed.packing import PackOptions, pack
from contracode.corpus.packed.reading import Packed
from contracode.inputs.tokenizer import train
from contracode.support.config import DataConfig, TokenizerConfig
from contracode.views.batch_plan import BatchPlan, EpochItem
from contracode.views.copy_pairs import CopyDataset
from contracode.views.pairs import PairDataset

SHARES = {"best": 0.0, "half sampled": 0.5, "sampled": 1.0}
"""Share of views whose pieces are sampled (`data.sampled`)."""

BLOCK = 50
"""Functions of a turn."""


def milliseconds(
    contestants: Sequence[PairDataset], num_functions: int, epochs: int
) -> list[float]:
    """Return CPU milliseconds of a pair of each, measured in turns, so that what else the machine
    does falls on all.
    """
    spent = [0.0] * len(contestants)
    for epoch in range(epochs + 1):
        for start in range(0, num_functions, BLOCK):
            for number, pairs in enumerate(contestants):
                begin = time.process_time()
                for function in range(start, min(start + BLOCK, num_functions)):
                    pairs[EpochItem(epoch, function)]
                if epoch:  # the first fills what is remembered between pairs
                    spent[number] += time.process_time() - begin
    return [seconds / num_functions / epochs * 1000 for seconds in spent]


def costs(packed: Packed, epochs: int) -> dict[str, Any]:
    """Return what pairs cost."""
    tokenizer = packed.tokenizer()
    assert tokenizer is not None
    table: dict[str, Any] = {}
    for name, sampled in SHARES.items():
        config = DataConfig(sampled=sampled)
        contestants = (
            PairDataset(packed, tokenizer, config, seed=0),
            CopyDataset(packed, config, seed=0),
        )
        sources, copies = milliseconds(contestants, len(packed), epochs)
        table[name] = {"sources_ms": sources, "copies_ms": copies, "ratio": sources / copies}
    return table


def widen(packed: Packed, folder: Path, num_functions: int) -> Packed:
    """Return a packed corpus of at least so many functions, made of links to the shards of
    another.
    """
    manifest: PackedManifest = packed.manifest
    shards = [msgspec.structs.replace(shard) for shard in manifest.shards]
    folder.mkdir()
    os.link(packed.folder / "tokenizer.model", folder / "tokenizer.model")
    linked = []
    while sum(shard.functions for shard in linked) < num_functions:
        shard = shards[len(linked) % len(shards)]
        name = f"shard_{len(linked):05}.safetensors"
        os.link(packed.folder / shard.name, folder / name)
        linked.append(msgspec.structs.replace(shard, name=name))
    functions = sum(shard.functions for shard in linked)
    write_packed_manifest(
        folder, msgspec.structs.replace(manifest, shards=linked, functions=functions)
    )
    return Packed(folder)


def epoch(packed: Packed, num_pairs: int | None) -> dict[str, float]:
    """Draw pairs in the order of training, of every function or the first so many; return time and
    memory of this process.
    """
    pairs = CopyDataset(packed, DataConfig(), seed=0)
    plan = BatchPlan(packed.lengths, 64, bucket=16)
    begin, pairs_drawn, refused = time.process_time(), 0, 0
    num_batches = (
        plan.batches_per_epoch
        if num_pairs is None
        else min(num_pairs // 64, plan.batches_per_epoch)
    )
    for batch in islice(plan, num_batches):
        pairs_drawn += len(batch)
        refused += sum(pairs[place] is None for place in batch)
    return {
        "functions": len(packed),
        "pairs": pairs_drawn,
        "refused": refused,
        "mapped_gb": sum(shard.bytes for shard in packed.manifest.shards) / 1e9,
        "cpu_minutes": (time.process_time() - begin) / 60,
        "peak_rss_mb": peak_memory(),
    }


def peak_memory() -> float:
    """Return the most MB that this process has had in memory, mapped pages included; other counts
    outlive `exec`.
    """
    line = next(
        line
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM:")
    )
    return int(line.split()[1]) / 1024


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.packed", description=__doc__.split("\n")[0]
    )
    parser.add_argument("functions", nargs="+", help="JSON lines with a field `code`, or a corpus")
    parser.add_argument(
        "--count", type=int, default=2000, help="functions, drawn from all (default 2000)"
    )
    parser.add_argument("--copies", type=int, default=4, help="views of each (default 4)")
    parser.add_argument(
        "--epochs", type=int, default=2, help="pairs of each that are drawn (default 2)"
    )
    parser.add_argument("--epoch", type=int, metavar="N", help="draw an epoch of N functions too")
    parser.add_argument(
        "--pairs", type=int, metavar="M", help="only its first M pairs; they are of all shards"
    )
    args = parser.parse_args()
    codes, _ = sample(args.functions, args.count, 0)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.jsonl"
        rows.write_text("".join(json.dumps({"code": code}) + "\n" for code in codes), "utf-8")
        tokenizer = train(codes, TokenizerConfig(vocab_size=2000))
        begin = time.process_time()
        manifest = pack(
            [rows], Path(folder) / "packed", PackOptions(copies=args.copies, tokenizer=tokenizer)
        )
        packed = Packed(Path(folder) / "packed")
        figures: dict[str, Any] = {
            "functions": len(packed),
            "views": sum(shard.views for shard in manifest.shards),
            "bytes": sum(shard.bytes for shard in manifest.shards),
            "pack_ms": (time.process_time() - begin) / len(packed) * 1000,
            "pairs": costs(packed, args.epochs),
        }
        if args.epoch:
            wide = widen(packed, Path(folder) / "wide", args.epoch)
            with get_context("spawn").Pool(1) as pool:
                figures["epoch"] = pool.apply(epoch, (wide, args.pairs))
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
