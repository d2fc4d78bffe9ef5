"""Files of named flat arrays, little-endian, memory-mapped: the safetensors format, which other
programs read too.

Rows of different lengths stand one behind the other in one array, `NAME`; where row i starts and
ends says another, `NAME.offsets`, uint64 (N + 1,).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.numpy import save

from contracode.support.errors import InputError

_DTYPES = {"U8": "<u1", "U16": "<u2", "U64": "<u8", "I64": "<i8"}


class _Entry(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def pack_rows(name: str, rows: Sequence[np.ndarray], empty: np.ndarray) -> dict[str, np.ndarray]:
    """Return the two arrays of rows of different lengths.

    Args:
        name: of the rows.
        rows: that differ in their first dimension alone.
        empty: what there is if there is no row.
    """
    return {
        name: np.concatenate([empty, *rows]),
        f"{name}.offsets": np.cumsum([0, *map(len, rows)], dtype=np.uint64),
    }


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write a file; the same arrays give the same bytes."""
    little = {
        name: np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        for name, array in arrays.items()
    }
    path.write_bytes(save(little))


class Arrays:
    """The arrays of a file, of which nothing is in memory but what is looked at.

    Args:
        path: the file.

    Raises:
        InputError: it cannot be read, or has another form.
    """

    def __init__(self, path: Path) -> None:
        try:
            with open(path, "rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            (length,) = struct.unpack("<Q", self._map[:8])
            entries = msgspec.json.decode(self._map[8 : 8 + length], type=dict[str, _Entry])
            self._arrays = {name: self._array(entry, 8 + length) for name, entry in entries.items()}
        except OSError as error:
            raise InputError(error.strerror or str(error), path=path) from None
        except (
            ValueError,
            TypeError,
            KeyError,
            struct.error,
            OverflowError,
        ):  # msgspec's errors are ValueErrors
            raise InputError("is no shard of a packed corpus", path=path) from None
        self._path = path

    def _array(self, entry: _Entry, base: int) -> np.ndarray:
        return np.ndarray(
            entry.shape, _DTYPES[entry.dtype], self._map, base + entry.data_offsets[0]
        )

    def __getitem__(self, name: str) -> np.ndarray:
        """Return an array, read-only.

        Raises:
            InputError: there is none of this name.
        """
        try:
            return self._arrays[name]
        except KeyError:
            raise InputError(f"is a shard without {name}", path=self._path) from None

    def row(self, name: str, number: int) -> np.ndarray:
        """Return one of rows of different lengths."""
        start, end = self[f"{name}.offsets"][number : number + 2].tolist()
        return self[name][start:end]

    def num_rows(self, name: str) -> int:
        """Return the number of such rows."""
        return len(self[f"{name}.offsets"]) - 1

    def release(self) -> None:
        """Give back the memory of what was looked at; it is read again, mostly from the system's
        cache, when needed.
        """
        advise: Any = getattr(self._map, "madvise", None)
        if advise is not None and hasattr(mmap, "MADV_DONTNEED"):
            advise(mmap.MADV_DONTNEED)
