"""Writes corpora: gzip shards named as CodeSearchNet's, the same bytes for the same rows, and the
facts that a manifest tells of them.
"""

import gzip
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from contracode.support.digests import digest_file

SHARD_ROWS = 30_000
"""Rows of a full shard, as in CodeSearchNet."""


class Shard(msgspec.Struct):
    """One file of a corpus: name, number of rows, sha256 of its bytes."""

    name: str
    rows: int
    sha256: str


def packing(stream: BinaryIO) -> gzip.GzipFile:
    """Return a file that packs into `stream`; neither name nor time go into the header, so that
    equal rows give equal bytes.
    """
    return gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0)


def describe(path: Path, rows: int) -> Shard:
    """Return the facts of a finished shard."""
    return Shard(path.name, rows, digest_file(path))


class ShardWriter:
    """Distributes rows over `{prefix}_{split}_{number}.jsonl.gz` files of a folder; a context
    manager.

    Attributes:
        shards: what was written, once it is closed.
    """

    def __init__(self, folder: Path, prefix: str, *, shard_rows: int = SHARD_ROWS) -> None:
        self._folder = folder
        self._prefix = prefix
        self._shard_rows = shard_rows
        self._encode = msgspec.json.Encoder().encode
        self._open: dict[str, tuple[Path, BinaryIO, gzip.GzipFile]] = {}
        self._rows: dict[str, int] = {}
        self.shards: list[Shard] = []

    def write(self, split: str, row: msgspec.Struct) -> None:
        """Append a row to its split."""
        rows = self._rows.get(split, 0)
        if rows % self._shard_rows == 0:
            self._close(split)
            path = self._folder / f"{self._prefix}_{split}_{rows // self._shard_rows}.jsonl.gz"
            raw = open(path, "wb")  # noqa: SIM115
            self._open[split] = (path, raw, packing(raw))
        self._open[split][2].write(self._encode(row) + b"\n")
        self._rows[split] = rows + 1

    def _close(self, split: str) -> None:
        if split in self._open:
            path, raw, stream = self._open.pop(split)
            stream.close()
            raw.close()
            rows = (self._rows[split] - 1) % self._shard_rows + 1
            self.shards.append(describe(path, rows))

    def __enter__(self) -> "ShardWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for split in list(self._open):
            self._close(split)
        self.shards.sort(key=lambda shard: shard.name)
