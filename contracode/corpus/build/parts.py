"""Parts: what a build keeps of one input until the corpus is written.

A part is a folder of files that appears at once:

    rows.jsonl.gz  rows in the order of their source; a new gzip member every `CHUNK_ROWS` rows,
                   so that reading can start there
    keys.npy       `KEYS` of each row: the keys by which duplicates are found, and its split
    facts.json     `PartFacts`

With a search for near-duplicates also:

    shingles.u4    the sorted shingles of each row, row by row
    sizes.u4       number of shingles of each row
    bands.u4       the key of each band, band by band, of each row
"""

from __future__ import annotations

import gzip
import io
from array import array
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from contracode.corpus.build.shingles import Bands, TokenBatch, band_keys
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import SPLITS
from contracode.support.atomic_files import replacing

KEYS = np.dtype([("renamed", "<u8"), ("tokens", "<u8"), ("split", "u1")])
"""Key up to renaming, key of the tokens (`hashes.function_key`), index in `SPLITS`."""

CHUNK_ROWS = 1_000
_CHUNK_BYTES = 4_000_000

MAX_PROBLEMS = 100
"""Problems of an input that are kept one by one."""


class PartFacts(msgspec.Struct, kw_only=True):
    """Facts of a part.

    Attributes:
        sha: commit of a repository; sha256 of a file of rows.
        files: number of files looked at.
        files_left_out: number of files without rows, by reason.
        rows: number of rows.
        rows_left_out: number of functions left out, by reason.
        problems: what was broken, one line each, the first `MAX_PROBLEMS`.
        num_problems: number of all problems.
        splits: where rows keep their splits, those of each repository; one bit per entry of
            `SPLITS`.
        chunks: number of the first row and offset of the first byte of each gzip member.
    """

    sha: str = ""
    files: int = 0
    files_left_out: dict[str, int] = {}
    rows: int = 0
    rows_left_out: dict[str, int] = {}
    problems: list[str] = []
    num_problems: int = 0
    splits: dict[str, int] = {}
    chunks: list[tuple[int, int]] = []


class SignatureWriter:
    """Writes the signatures by which near-duplicates are found.

    Args:
        folder: of the part.
        bands: of the keys.
    """

    def __init__(self, folder: Path, bands: Bands) -> None:
        self._folder = folder
        self._bands = bands
        self._batch = TokenBatch()
        # Of millions of rows these may be: 4 bytes for each band of a row, here until the end, as
        # the file has them band by band.
        self._keys: list[np.ndarray] = []

    def add(self, normal: Iterable[str]) -> None:
        """Append a row by its tokens up to renaming."""
        self._batch.add(normal)

    def flush(self) -> None:
        """Write the shingles of the last rows."""
        shingles = self._batch.take()
        if len(shingles.sizes):
            self._keys.append(band_keys(shingles, self._bands))
        for name, values in (("shingles.u4", shingles.values), ("sizes.u4", shingles.sizes)):
            with open(self._folder / name, "ab") as stream:
                stream.write(values.astype("<u4").tobytes())

    def finish(self) -> None:
        """Write the keys of all rows."""
        self.flush()
        with open(self._folder / "bands.u4", "wb") as stream:
            for band in range(self._bands.number):
                stream.writelines(keys[band].astype("<u4").tobytes() for keys in self._keys)


class PartWriter:
    """Receives the rows of a part; see `writing_part`.

    Attributes:
        sha, files, files_left_out, rows_left_out, splits: as in `PartFacts`.
    """

    def __init__(self, stream: BinaryIO, signatures: SignatureWriter | None = None) -> None:
        self.sha = ""
        self.files = 0
        self.files_left_out: Counter[str] = Counter()
        self.rows_left_out: Counter[str] = Counter()
        self.splits: dict[str, int] = {}
        self._stream = stream
        self._signatures = signatures
        self._encode = msgspec.json.Encoder().encode
        self._chunk = bytearray()
        self._chunks: list[tuple[int, int]] = []
        # Flat arrays: an input can have millions of rows.
        self._renamed, self._tokens, self._split = array("Q"), array("Q"), bytearray()
        self._problems: list[str] = []
        self._num_problems = 0

    def write(
        self, record: FunctionRecord, renamed: str, tokens: str, normal: Sequence[str] = ()
    ) -> None:
        """Append a row; its split is `record.partition`.

        Args:
            record: the row.
            renamed: its key up to renaming.
            tokens: the key of its tokens.
            normal: its tokens up to renaming; not needed without signatures.
        """
        row = len(self._split)
        if (
            not self._chunk
            or len(self._chunk) >= _CHUNK_BYTES
            or row - self._chunks[-1][0] >= CHUNK_ROWS
        ):
            self.flush()
            self._chunks.append((row, self._stream.tell()))
        self._chunk += self._encode(record) + b"\n"
        self._renamed.append(int(renamed, 16))
        self._tokens.append(int(tokens, 16))
        self._split.append(SPLITS.index(record.partition))
        if self._signatures is not None:
            self._signatures.add(normal)

    def tell(self, problem: ValueError) -> None:
        """Keep a problem."""
        self._num_problems += 1
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(str(problem))

    def flush(self) -> None:
        """Write the rows of the last chunk."""
        if self._chunk:
            self._stream.write(gzip.compress(self._chunk, compresslevel=1, mtime=0))
            self._chunk.clear()
            if self._signatures is not None:
                self._signatures.flush()

    def keys(self) -> np.ndarray:
        """Return the keys of all rows, `KEYS` (N,)."""
        keys = np.empty(len(self._split), KEYS)
        keys["renamed"], keys["tokens"] = self._renamed, self._tokens
        keys["split"] = np.frombuffer(self._split, np.uint8)
        return keys

    def facts(self) -> PartFacts:
        """Return the facts."""
        return PartFacts(
            sha=self.sha,
            files=self.files,
            files_left_out=dict(self.files_left_out),
            rows=len(self._split),
            rows_left_out=dict(self.rows_left_out),
            problems=self._problems,
            num_problems=self._num_problems,
            splits=self.splits,
            chunks=self._chunks,
        )


@contextmanager
def writing_part(place: Path, bands: Bands | None = None) -> Generator[PartWriter]:
    """Return a writer of the part at `place`, which appears when the block ends without an error;
    with signatures if `bands` are given.
    """
    with replacing(place) as folder:
        folder.mkdir()
        with open(folder / "rows.jsonl.gz", "wb") as stream:
            signatures = SignatureWriter(folder, bands) if bands is not None else None
            writer = PartWriter(stream, signatures)
            yield writer
            writer.flush()
        if signatures is not None:
            signatures.finish()
        np.save(folder / "keys.npy", writer.keys())
        (folder / "facts.json").write_bytes(msgspec.json.encode(writer.facts()))


def read_facts(place: Path) -> PartFacts:
    """Read the facts of a part."""
    return msgspec.json.decode((place / "facts.json").read_bytes(), type=PartFacts)


def read_keys(place: Path) -> np.ndarray:
    """Return the keys of a part's rows, `KEYS` (N,)."""
    return np.load(place / "keys.npy")


def read_lines(place: Path, rows: Iterable[int]) -> Iterator[bytes]:
    """Yield rows of a part as lines with their ends; only their chunks are unpacked.

    Args:
        place: the part.
        rows: their sorted numbers.
    """
    chunks = read_facts(place).chunks
    chunk, lines = -1, []
    with open(place / "rows.jsonl.gz", "rb") as stream:
        for row in rows:
            while chunk + 1 < len(chunks) and chunks[chunk + 1][0] <= row:
                chunk += 1
                lines = []
            if not lines:
                stream.seek(chunks[chunk][1])
                end = chunks[chunk + 1][1] if chunk + 1 < len(chunks) else None
                packed = stream.read(-1 if end is None else end - chunks[chunk][1])
                lines = io.BytesIO(gzip.decompress(packed)).readlines()
            yield lines[row - chunks[chunk][0]]
