"""Last stage of a build: copies the kept rows from parts into shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from contracode.corpus.build.parts import read_lines
from contracode.corpus.storage.shards import Shard, describe, packing
from contracode.corpus.storage.splits import SPLITS
from contracode.support.atomic_files import replacing


@dataclass(frozen=True, slots=True)
class Assembly:
    """One task of the stage.

    Attributes:
        place: the shard.
        rows: parts in the order of the corpus, each with the numbers of its rows that go into the
            shard, rising.
    """

    place: Path
    rows: list[tuple[Path, np.ndarray]]

    @property
    def name(self) -> str:
        """The name of the shard."""
        return self.place.name


def assemble(task: Assembly) -> Shard:
    """Write the shard of a task, unless it is there."""
    if not task.place.exists():
        with replacing(task.place) as beside, open(beside, "wb") as raw, packing(raw) as stream:
            for part, rows in task.rows:
                stream.writelines(read_lines(part, rows.tolist()))
    return describe(task.place, sum(len(rows) for _, rows in task.rows))


def plan(
    folder: Path,
    parts: Sequence[Path],
    starts: np.ndarray,
    splits: np.ndarray,
    kept: np.ndarray,
    shard_rows: int,
) -> Iterator[Assembly]:
    """Yield the tasks that write a corpus: split by split, its rows in order, `shard_rows` in all
    shards but the last.

    Args:
        folder: where the shards go.
        parts: in the order of the corpus.
        starts: number of the first row of each part in the corpus, and of all rows, int64 (P + 1,).
        splits: indices in `SPLITS`, uint8 (N,).
        kept: bool (N,).
        shard_rows: rows of a full shard.
    """
    for split, name in enumerate(SPLITS):
        chosen = np.flatnonzero(kept & (splits == split))
        for number, first in enumerate(range(0, len(chosen), shard_rows)):
            rows = chosen[first : first + shard_rows]
            behind_first, behind_last = np.searchsorted(
                starts, rows[[0, -1]], side="right"
            ).tolist()
            concerned = range(behind_first - 1, behind_last)
            bounds = np.searchsorted(rows, starts[concerned.start : concerned.stop + 1])
            yield Assembly(
                folder / f"javascript_{name}_{number}.jsonl.gz",
                [
                    (parts[part], (rows[one:other] - starts[part]).astype(np.uint32))
                    for part, (one, other) in zip(concerned, pairwise(bounds), strict=True)
                    if one < other
                ],
            )
