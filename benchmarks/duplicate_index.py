"""What telling duplicates takes in memory, time and disk for a function, apart from reading the
functions.

python -m benchmarks.duplicate_index [--functions 1800000] [--folder DIR] [--json]

Keys and signatures are drawn, not computed: a fifth of the functions are duplicates, and one in
forty has a near-duplicate. Memory is how far VmHWM of /proc rises above what the process had
before; Linux alone can set that back.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from contracode.corpus.build.duplicates import choose
from contracode.corpus.build.engine import LocalEngine
from contracode.corpus.build.near_duplicates import thin_out
from contracode.corpus.build.parts import KEYS
from contracode.corpus.build.shingles import choose_bands

PART = 30_000
"""Rows of a part, as a file of CodeSearchNet has."""

THRESHOLD = 0.8


def keys(functions: int, generator: np.random.Generator) -> np.ndarray:
    """Return keys of which a fifth occur before."""
    found = np.zeros(functions, KEYS)
    found["renamed"] = generator.integers(0, 2**63, functions, np.uint64)
    again = generator.random(functions) < 0.2
    found["renamed"][again] = found["renamed"][generator.integers(0, functions, int(again.sum()))]
    found["tokens"] = found["renamed"]
    return found


def write_part(place: Path, rows: int, generator: np.random.Generator) -> None:
    """Write signatures of functions of 20 to 120 shingles; of each forty the first two are near and
    share three bands in ten.
    """
    place.mkdir()
    sizes = generator.integers(20, 120, rows).astype("<u4")
    sizes[1::40] = sizes[:-1:40]
    shingles = generator.integers(0, 2**32, int(sizes.sum()), np.uint64).astype("<u4")
    ends = np.cumsum(sizes)
    bands = generator.integers(0, 2**32, (choose_bands(THRESHOLD).number, rows), np.uint64).astype(
        "<u4"
    )
    for second in range(1, rows, 40):
        size = int(sizes[second])
        shingles[ends[second] - size : ends[second]] = shingles[
            ends[second] - 2 * size : ends[second] - size
        ]
        shared = generator.random(len(bands)) < 0.3
        bands[shared, second] = bands[shared, second - 1]
    for name, values in (("sizes.u4", sizes), ("shingles.u4", shingles), ("bands.u4", bands)):
        values.tofile(place / name)


@contextmanager
def measured(figures: dict[str, float], stage: str, functions: int) -> Iterator[None]:
    """Add to `figures` the bytes of memory and the CPU microseconds that the block takes for a
    function.
    """
    Path("/proc/self/clear_refs").write_text("5")
    before, begin = _high_water(), time.process_time()
    yield
    figures[f"{stage}: CPU us"] = (time.process_time() - begin) / functions * 1e6
    figures[f"{stage}: bytes of memory"] = (_high_water() - before) / functions


def _high_water() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def measure(functions: int, folder: Path) -> dict[str, float]:
    """Return the figures of each function."""
    generator = np.random.Generator(np.random.PCG64(0))
    figures: dict[str, float] = {}
    with measured(figures, "keys", functions):
        drawn = np.empty(functions, KEYS)
        drawn[:] = 0
    drawn[:] = keys(functions, generator)
    with measured(figures, "duplicates", functions):
        kept, _ = choose(drawn, np.empty(0, np.uint64))
    starts = np.append(np.arange(0, functions, PART), functions)
    parts = [folder / f"part-{number}" for number in range(len(starts) - 1)]
    for place, rows in zip(parts, np.diff(starts).tolist(), strict=True):
        write_part(place, rows, generator)
    kept[:] = True
    with measured(figures, "near-duplicates", functions):
        none = np.empty(0, np.int64)
        thin_out(
            folder / "near",
            parts,
            starts,
            kept,
            none,
            choose_bands(THRESHOLD),
            THRESHOLD,
            LocalEngine(),
        )
    written = [file for file in (folder / "near").rglob("*") if file.is_file()]
    figures["near-duplicates: bytes on disk"] = (
        sum(file.stat().st_size for file in written) / functions
    )
    figures["near-duplicates: share found"] = (functions - int(kept.sum())) / functions
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measure what telling duplicates takes for a function."
    )
    parser.add_argument("--functions", type=int, default=1_800_000)
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the signatures go (default: the folder for temporary files)",
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        figures = measure(args.functions, Path(folder))
    text = "\n".join(f"{value:>9.3f}  {name}" for name, value in figures.items())
    print(
        json.dumps(figures) if args.json else f"for each of {args.functions:,} functions:\n{text}"
    )


if __name__ == "__main__":
    main()
