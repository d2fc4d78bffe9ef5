"""Stage of a build between `duplicates` and `assembly`: leaves out near-duplicates.

The signatures of the remaining rows are gathered into one folder on disk. Each band is a task: its
keys are sorted, rows with equal keys are compared exactly, shingle by shingle, and pairs that are
near enough are written. Finally the rows are visited in order, and a row that is near to a kept row
is left out. So every row left out is near to a kept one; MinHash only decides which rows are
compared.

Memory: at most 60 bytes per row in each process; pairs, shingles and keys stay on disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np

from contracode.corpus.build.engine import Engine
from contracode.corpus.build.shingles import Bands
from contracode.support.atomic_files import replacing

FIRST = 8
"""Of the rows that share a key, each is compared with so many of the first: a key that a million
rows have must not make a trillion pairs, and near to each other, all are near to the first of them.
"""

_BATCH = 2**20
"""Shingles or pairs per batch."""

_ROWS = 2**13
"""Rows of a part whose shingles are read at once."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One task: the rows that share a key in one band.

    Attributes:
        place: the file of pairs.
        folder: what `gather` wrote.
        band: number of the band.
        threshold: minimum Jaccard index of a pair.
    """

    place: Path
    folder: Path
    band: int
    threshold: float

    @property
    def name(self) -> str:
        """The name of the band."""
        return f"band {self.band}"


def thin_out(
    work: Path,
    parts: Sequence[Path],
    starts: np.ndarray,
    kept: np.ndarray,
    reserved: np.ndarray,
    bands: Bands,
    threshold: float,
    engine: Engine,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Counter[str]:
    """Clear the rows of `kept` that are near to an excluded row or to an earlier kept row.

    Args:
        work: folder of this stage, named by a fingerprint of the other arguments.
        parts: in the order of the corpus, with signatures.
        starts: number of the first row of each part in the corpus, and of all rows, int64 (P + 1,).
        kept: bool (N,), changed.
        reserved: sorted numbers of the excluded rows, int64 (R,).
        bands: of the signatures.
        threshold: minimum Jaccard index.
        engine: runs the tasks.
        progress: called with the number of finished bands and of all bands.

    Returns:
        Number of rows taken out, by reason.
    """
    rows = np.concatenate([reserved, np.flatnonzero(kept)])
    work.mkdir(exist_ok=True)
    if not (work / "signatures").is_dir():
        with replacing(work / "signatures") as folder:
            folder.mkdir()
            _gather(folder, parts, starts, (rows[: len(reserved)], rows[len(reserved) :]), bands)
    tasks = [
        Comparison(work / f"pairs-{band}.u4", work / "signatures", band, threshold)
        for band in range(bands.number)
    ]
    progress(0, len(tasks))
    for done, _ in enumerate(engine.map_ordered(compare, tasks), start=1):
        progress(done, len(tasks))
    fates = _decide([task.place for task in tasks], len(rows), len(reserved))
    kept[rows[fates > 0]] = False
    counts = {
        "near-duplicate": int((fates == 1).sum()),
        "near-duplicate of an excluded function": int((fates == 2).sum()),
    }
    return Counter({reason: number for reason, number in counts.items() if number})


def _gather(
    folder: Path,
    parts: Sequence[Path],
    starts: np.ndarray,
    sections: Sequence[np.ndarray],
    bands: Bands,
) -> None:
    """Write the signatures of each section's rows, given by their sorted numbers in the corpus, one
    section after the other.
    """
    with open(folder / "shingles.u4", "wb") as shingles, open(folder / "sizes.u4", "wb") as sizes:
        for part, local in _of_parts(parts, starts, sections):
            of_part = np.fromfile(part / "sizes.u4", "<u4")
            of_part[local].tofile(sizes)
            ends = np.cumsum(of_part, dtype=np.int64)
            windows = np.unique(local // _ROWS)
            for some in np.split(local, np.searchsorted(local, windows[1:] * _ROWS)):
                first, last = int(some[0]), int(some[-1]) + 1
                begin = int(ends[first] - of_part[first])
                values = np.fromfile(
                    part / "shingles.u4", "<u4", int(ends[last - 1]) - begin, offset=4 * begin
                )
                chosen = np.zeros(last - first, bool)
                chosen[some - first] = True
                values[np.repeat(chosen, of_part[first:last])].tofile(shingles)
    for band in range(bands.number):
        with open(folder / f"band-{band}.u4", "wb") as stream:
            for part, local in _of_parts(parts, starts, sections):
                size = (part / "sizes.u4").stat().st_size
                np.fromfile(part / "bands.u4", "<u4", size // 4, offset=band * size)[local].tofile(
                    stream
                )


def _of_parts(
    parts: Sequence[Path], starts: np.ndarray, sections: Iterable[np.ndarray]
) -> Iterator[tuple[Path, np.ndarray]]:
    """Yield each part that has rows of a section, with their numbers in it."""
    for rows in sections:
        bounds = np.searchsorted(rows, starts)
        for part, start, one, other in zip(parts, starts, bounds, bounds[1:], strict=False):
            if one < other:
                yield part, rows[one:other] - start


def compare(task: Comparison) -> None:
    """Write the pairs of a task unless they exist: uint32 (E, 2), the smaller number first, ordered
    by the larger.
    """
    if task.place.exists():
        return
    keys = np.fromfile(task.folder / f"band-{task.band}.u4", "<u4")
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    again = np.flatnonzero(keys[1:] == keys[:-1]) + 1
    before = again - np.searchsorted(keys, keys[again])  # rows of the same key before it
    del keys
    sizes = np.fromfile(task.folder / "sizes.u4", "<u4")
    ends = np.cumsum(sizes, dtype=np.int64)
    found: list[np.ndarray] = [np.empty((0, 2), np.uint32)]
    with open(task.folder / "shingles.u4", "rb", buffering=0) as stream:
        for some in range(0, len(again), _BATCH // FIRST):
            at, rank = again[some : some + _BATCH // FIRST], before[some : some + _BATCH // FIRST]
            compared = np.minimum(rank, FIRST)
            nth = np.arange(compared.sum()) - np.repeat(np.cumsum(compared) - compared, compared)
            pairs = np.stack(
                [order[np.repeat(at - rank, compared) + nth], order[np.repeat(at, compared)]],
                axis=1,
            )
            small, large = np.sort(sizes[pairs], axis=1).T
            pairs = pairs[small >= task.threshold * large]  # others cannot be near
            cuts = np.cumsum(sizes[pairs].sum(axis=1)) // _BATCH
            for batch in np.split(pairs, np.flatnonzero(np.diff(cuts)) + 1):
                near = _jaccard(stream, batch, sizes, ends) >= task.threshold
                found.append(batch[near].astype(np.uint32))
    pairs = np.concatenate(found)
    with replacing(task.place) as beside:
        pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].astype("<u4").tofile(beside)


def _jaccard(
    shingles: FileIO, pairs: np.ndarray, sizes: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """Return the Jaccard index of each pair, float64 (E,).

    Args:
        shingles: the file.
        pairs: int64 (E, 2).
        sizes: of the sets, uint32 (M,).
        ends: of the sets in the file, int64 (M,).
    """
    ends_E2 = ends[pairs]
    sizes_E2 = sizes[pairs].astype(np.int64)
    sets: list[bytes] = []
    for size, start in zip(
        (4 * sizes_E2).ravel().tolist(), (4 * (ends_E2 - sizes_E2)).ravel().tolist(), strict=True
    ):
        shingles.seek(start)
        sets.append(shingles.read(size))
    values = np.frombuffer(b"".join(sets), "<u4")
    both = sizes_E2.sum(axis=1)
    tagged = np.sort(np.repeat(np.arange(len(pairs)), both) << 32 | values)
    common = np.bincount(tagged[1:][tagged[1:] == tagged[:-1]] >> 32, minlength=len(pairs))
    return common / (both - common)


def _decide(places: Sequence[Path], num_rows: int, num_reserved: int) -> np.ndarray:
    """Return for each row 0 if it is kept, 1 if it is near to an earlier kept row, 2 if it is near
    to a reserved one; uint8 (M,).
    """
    fates = bytearray(num_rows)
    files = [
        np.memmap(place, "<u4", "r").reshape(-1, 2) for place in places if place.stat().st_size
    ]
    for first in range(0, num_rows, _BATCH):
        some: list[np.ndarray] = [np.empty((0, 2), np.uint32)]
        for pairs in files:
            bounds = np.searchsorted(pairs[:, 1], [first, first + _BATCH])
            some.append(pairs[bounds[0] : bounds[1]])
        pairs = np.concatenate(some)
        for one, other in pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))].tolist():
            if other >= num_reserved and not fates[one] and not fates[other]:
                fates[other] = 2 if one < num_reserved else 1
    return np.frombuffer(fates, np.uint8)
