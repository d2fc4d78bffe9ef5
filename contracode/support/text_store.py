"""Functions of a corpus in memory: their UTF-8 and where each begins, instead of an object for
each.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

import numpy as np


class Texts(Sequence[str]):
    """Texts one behind the other.

    Loader processes share them: nothing is written to them when they are read.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        """Add a text."""
        self._data += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._data))

    def clear(self) -> None:
        """Forget all texts."""
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
        digest = hashlib.sha256()
        with memoryview(self._data) as data:
            for number in range(len(self)):
                digest.update(data[self._ends[number] : self._ends[number + 1]])
                if number + 1 < len(self):
                    digest.update(b"\0")
        return digest.hexdigest()
