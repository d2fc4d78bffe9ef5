"""`Packed`: a packed corpus, of which only what is looked at is in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import overload

import numpy as np

from contracode.corpus.packed.arrays import Arrays
from contracode.corpus.packed.manifest import is_packed, read_packed_manifest
from contracode.corpus.packed.slots import StoredView, Words
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

_MAX_OPEN = 256
"""Shards that are open at the same time: each holds a file handle."""

_RELEASE_EVERY = 256
"""Functions after which memory is given back. To look at one may bring a megabyte into it, as
systems map pages around a page.
"""


class Packed(Sequence[str]):
    """The sources of a packed corpus, and what else there is of each function.

    It pickles as its path.

    Args:
        folder: of the corpus.

    Raises:
        InputError: it is no packed corpus, a shard is not there or of another size, or the
            tokenizer is another one. Bytes are compared by
            `contracode.corpus.storage.verification`.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.manifest = read_packed_manifest(self.folder)
        self._starts = [0, *accumulate(shard.functions for shard in self.manifest.shards)]
        self._open: dict[int, Arrays] = {}
        self._until_release = _RELEASE_EVERY
        for shard in self.manifest.shards:
            path = self.folder / shard.name
            try:
                size = path.stat().st_size
            except OSError as error:
                raise InputError(error.strerror or str(error), path=path) from None
            if size != shard.bytes:
                raise InputError(f"has {size:,} bytes instead of {shard.bytes:,}", path=path)

    def __reduce__(self) -> tuple[type[Packed], tuple[Path]]:
        return Packed, (self.folder,)

    @property
    def digest(self) -> str:
        """SHA-256 of all shards, in hexadecimal."""
        return self.manifest.digest

    @property
    def copies(self) -> int:
        """Views that were rendered ahead of each function; 0 where there are only sources."""
        return self.manifest.copies

    def tokenizer(self) -> Tokenizer | None:
        """Return the tokenizer of the views; None where there are none.

        Raises:
            InputError: it is not there, or is another one.
        """
        if not self.manifest.tokenizer:
            return None
        tokenizer = Tokenizer.load(self.folder)
        if tokenizer.fingerprint != self.manifest.tokenizer:
            raise InputError(
                "is not the tokenizer of this packed corpus", path=self.folder / "tokenizer.model"
            )
        return tokenizer

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        shard, row = self._locate(range(len(self))[index])
        return shard.row("text", row).tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    @property
    def lengths(self) -> array[int]:
        """Bytes of each source."""
        lengths = array("Q")
        for number in range(len(self.manifest.shards)):
            shard = self._shard(number)
            lengths.frombytes(np.diff(shard["text.offsets"]).tobytes())
            shard.release()
        return lengths

    def label(self, function: int) -> int:
        """Return the label of a function: the same for functions that are the same up to the names
        of variables.
        """
        shard, row = self._locate(function)
        return int(shard["labels"][row])

    def views(self, function: int) -> range:
        """Return the numbers of the views of a function, for `view`; the first is the function as
        written.
        """
        shard, row = self._locate(function)
        start, end = shard["views"][row : row + 2].tolist()
        return range(start, end)

    def view(self, function: int, number: int) -> StoredView:
        """Return a view of a function.

        Args:
            function: its number.
            number: one of `views`.
        """
        shard, _ = self._locate(function)
        pieces = shard.row("pieces", number)
        start, end = shard["pieces.offsets"][number : number + 2].tolist()
        begins = np.unpackbits(shard["begins"][start // 8 : end // 8 + 1])[start % 8 :][
            : end - start
        ].astype(bool)
        names = shard.row("names", number).tobytes().decode()
        return StoredView(
            Words(pieces, begins),
            shard.row("slots", number),
            shard.row("kinds", number),
            names.split("\n") if names else [],
        )

    def _locate(self, function: int) -> tuple[Arrays, int]:
        number = bisect_right(self._starts, function) - 1
        self._until_release -= 1
        if not self._until_release:
            self._until_release = _RELEASE_EVERY
            for shard in self._open.values():
                shard.release()
        return self._shard(number), function - self._starts[number]

    def _shard(self, number: int) -> Arrays:
        shard = self._open.get(number)
        if shard is None:
            if len(self._open) >= _MAX_OPEN:
                del self._open[next(iter(self._open))]
            shard = self._open[number] = Arrays(self.folder / self.manifest.shards[number].name)
        return shard


def open_packed(places: Sequence[str | Path]) -> Packed | None:
    """Return the packed corpus that a list of places is; None if none of them is one.

    Raises:
        InputError: one is, and there are others; or it is broken.
    """
    found = [place for place in places if is_packed(Path(place))]
    if found and len(places) > 1:
        raise InputError("is a packed corpus, which is given alone", path=found[0])
    return Packed(found[0]) if found else None
