"""Shingles of functions, and MinHash bands to find functions that share most of them.

A shingle is `WIDTH` consecutive tokens. All local variables are one token here, so that functions
equal up to renaming have equal shingles. The similarity of two functions is the Jaccard index of
their sets of shingles. The minimum of a random hash over two sets is equal with a probability of
this index (MinHash); a band combines several such minima, so its keys are equal with a power of it.

Computed with numpy for a thousand functions at once. Libraries (datasketch, rensa) keep an object
per function and a dict entry per band, kilobytes per function, where a build may use 200 bytes.

Source: Broder, "On the resemblance and containment of documents" (1997); Leskovec, Rajaraman,
    Ullman, "Mining of Massive Datasets", 3.4.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

WIDTH = 5
"""Tokens of a shingle, as in the near-deduplication of The Stack (Kocetkov et al., arXiv
2211.15533, section 3).
"""

NUM_HASHES = 128
"""Most values of a function that are used."""

MIN_RECALL = 0.98
"""Share of the pairs exactly at the threshold that must be found."""

_SEED = 2_111
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd


class Bands(NamedTuple):
    """How MinHash values are grouped into bands.

    Attributes:
        number: of bands.
        rows: values in each.
    """

    number: int
    rows: int

    def recall(self, jaccard: float) -> float:
        """Return the probability that two functions share a band."""
        return 1 - (1 - jaccard**self.rows) ** self.number


def choose_bands(threshold: float) -> Bands:
    """Return the longest bands, which collide least by chance, that find `MIN_RECALL` of the pairs
    at `threshold`.
    """
    cuts = (Bands(NUM_HASHES // rows, rows) for rows in range(NUM_HASHES, 0, -1))
    return next(cut for cut in cuts if cut.recall(threshold) >= MIN_RECALL)


class Shingles(NamedTuple):
    """Sets of shingles, concatenated.

    Attributes:
        values: uint32 (S,), sorted within each set.
        sizes: of the sets, int64 (N,).
    """

    values: np.ndarray
    sizes: np.ndarray


class TokenBatch:
    """Collects the tokens of functions for one computation of their shingles."""

    def __init__(self) -> None:
        self._words = array("Q")
        self._sizes = array("Q")

    def add(self, tokens: Iterable[str]) -> None:
        """Append a function.

        Args:
            tokens: as `hashes.normal_tokens` returns them.
        """
        before = len(self._words)
        self._words.extend(map(_word, tokens))
        self._sizes.append(max(len(self._words) - before, 1))
        # Padding after the last token gives the shortest functions shingles, and makes the end
        # count.
        self._words.extend([0] * (before + int(self._sizes[-1]) + WIDTH - 1 - len(self._words)))

    def take(self) -> Shingles:
        """Return the shingles of the added functions, and start anew."""
        words, sizes = np.array(self._words, np.uint64), np.array(self._sizes, np.int64)
        self.__init__()
        if not len(sizes):
            return Shingles(np.empty(0, np.uint32), sizes)
        rows = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
        begins = np.arange(len(rows)) + rows.astype(np.int64) * (WIDTH - 1)
        hashes = np.zeros(len(rows), np.uint64)
        for place in range(WIDTH):
            hashes = hashes * _MIX + words[begins + place]
        found = np.sort(
            rows << np.uint64(32) | _folded(hashes)
        )  # np.unique takes sixty times as long
        found = found[np.concatenate([[True], found[1:] != found[:-1]])]
        rows = (found >> np.uint64(32)).astype(np.int64)
        return Shingles(found.astype(np.uint32), np.bincount(rows, minlength=len(sizes)))


def band_keys(shingles: Shingles, bands: Bands) -> np.ndarray:
    """Return the key of each band of each set, uint32 (bands, N); sets are not empty."""
    values, starts = shingles.values.astype(np.uint64), np.cumsum(shingles.sizes) - shingles.sizes
    keys = np.empty((bands.number, len(starts)), np.uint32)
    functions = iter(_functions(bands.number * bands.rows))
    for band in range(bands.number):
        key = np.zeros(len(starts), np.uint64)
        for _ in range(bands.rows):
            factor, shift = next(functions)
            # Strongly universal from 32 bits to 32 bits; Dietzfelbinger (1996), "Universal hashing
            # and k-wise independence via integer arithmetic without primes".
            hashed = values * factor
            hashed += shift
            hashed >>= np.uint64(32)
            key = key * _MIX + np.minimum.reduceat(hashed, starts)
        keys[band] = _folded(key)
    return keys


@cache
def _functions(number: int) -> list[tuple[np.uint64, np.uint64]]:
    """Return an odd factor and a summand for each hash function: raw bits of a generator, equal in
    every version of numpy.
    """
    bits = np.random.PCG64(_SEED).random_raw(2 * number).astype(np.uint64)
    return [
        (factor | np.uint64(1), shift) for factor, shift in zip(bits[::2], bits[1::2], strict=True)
    ]


@lru_cache(maxsize=2**16)
def _word(token: str) -> int:
    text, mark, _ = token.partition("\x01")  # a number of a variable stands behind the mark
    return int.from_bytes(
        hashlib.blake2b((text + mark).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    )


def _folded(hashes: np.ndarray) -> np.ndarray:
    """Mix hashes (N,) and keep 32 bits of each, as uint64."""
    hashes = (hashes ^ hashes >> np.uint64(29)) * _MIX
    return (hashes ^ hashes >> np.uint64(32)) * _MIX >> np.uint64(32)
