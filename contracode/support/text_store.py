"""Functions of a corpus in memory, as one block of UTF-8 instead of one object each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np

from contracode.support.digests import digest_parts


class Texts(Sequence[str]):
    """A sequence of texts in one block of memory.

    Reading writes nothing, so that forked loader processes share the memory.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        """Add a text."""
        self._data += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._data))

    def clear(self) -> None:
        """Remove all texts."""
        self._data, self._ends = bytearray(), array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        return self._data[self._ends[number] : self._ends[number + 1]].decode(
            "utf-8", "surrogatepass"
        )

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    @property
    def lengths(self) -> array[int]:
        """Bytes of each text."""
        return array("Q", np.diff(self._ends).tobytes())

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all texts, with NUL between them, in hexadecimal."""
        return digest_parts(self._separated())

    def _separated(self) -> Iterator[memoryview | bytes]:
        """Yield the bytes of the texts, with NUL between two."""
        with memoryview(self._data) as data:
            for number in range(len(self)):
                if number:
                    yield b"\0"
                yield data[self._ends[number] : self._ends[number + 1]]
