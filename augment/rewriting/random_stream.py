"""`RandomStream`: random choices that depend on a seed alone."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, TypeVar

_STEP: Final = 2.0**-32

_T = TypeVar("_T")

_NUMBERS: Final = struct.Struct("<16I")


class RandomStream:
    """A stream of random choices: hashes of the seed and a counter, cut into numbers.

    It replaces `random.Random`, whose seeding takes longer than the sixty or so choices of a view,
    and whose subclasses cannot be compiled.

    Args:
        seed: streams with different seeds are independent.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._block = 0
        self._at = 16
        self._numbers: tuple[int, ...] = ()

    def random(self) -> float:
        """Return the next number, at least 0 and below 1."""
        at = self._at
        if at == 16:
            at = 0
            self._numbers = _NUMBERS.unpack(
                blake2b(f"{self._seed}/{self._block}".encode()).digest()
            )
            self._block += 1
        self._at = at + 1
        return self._numbers[at] * _STEP

    def choice(self, options: Sequence[_T]) -> _T:
        """Return one of `options`, which must not be empty."""
        return options[int(self.random() * len(options))]

    def randrange(self, first: int, stop: int) -> int:
        """Return an integer, at least `first` and below `stop`."""
        return first + int(self.random() * (stop - first))


def stream_key(*parts: object) -> int:
    """Return 32 bits that depend on all parts."""
    text = "/".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")


def mixed(key: int) -> float:
    """Return a number, at least 0 and below 1, that depends on all 32 bits of `key`.

    Source: Appleby, MurmurHash3, the finalizer fmix32.
    """
    key = (key ^ key >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    key = (key ^ key >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return (key ^ key >> 16) * _STEP
