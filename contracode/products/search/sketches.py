"""Sketches of functions (MinHash), from which the overlap of their tokens is estimated.

A shingle is a run of `WIDTH` tokens, in which all declared names are alike. The minimum of a random
hash over two sets of shingles is equal with a probability of their Jaccard index. A sketch keeps
eight bits of each of 128 such minima; the error of an estimate is below 0.05 in two of three cases.

Source: Broder, "On the resemblance and containment of documents" (1997); Li and König, "b-Bit
    Minwise Hashing" (2010).

Legend: S shingles, K values of a sketch, M pairs.
"""

import hashlib
from collections.abc import Iterable

import numpy as np

SIZE = 128
"""K, the bytes of a sketch."""

WIDTH = 3
"""Tokens of a shingle; benchmarks/search.py compares."""

_CHANCE = 1 / 256
"""Probability that different values agree in the bits that are kept."""

_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd
_FACTORS_K, _SHIFTS_K = np.random.Generator(np.random.PCG64(2_110)).integers(
    0, 2**64, (2, SIZE), dtype=np.uint64
)
_FACTORS_K |= np.uint64(1)


def sketch(tokens: Iterable[str]) -> bytes:
    """Return the sketch of a function.

    Args:
        tokens: `contracode.javascript.syntax_hash.normal_tokens` of it.
    """
    plain = [b"\1" if token[0] == "\1" else token.encode() for token in tokens]
    count = max(len(plain) - WIDTH + 1, 1)
    shingles = {b"\0".join(plain[at : at + WIDTH]) for at in range(count)}
    digests = b"".join(hashlib.blake2b(shingle, digest_size=8).digest() for shingle in shingles)
    keys_S = np.frombuffer(digests, "<u8")
    least_K = (keys_S[:, None] * _FACTORS_K + _SHIFTS_K).min(axis=0)
    return ((least_K * _MIX) >> np.uint64(56)).astype(np.uint8).tobytes()


def overlap(one_MK: np.ndarray, two_MK: np.ndarray) -> np.ndarray:
    """Return the estimated Jaccard index of the shingles of each two functions: float32 (M,).

    Args:
        one_MK: uint8 (M, K), or (K,) for one function against M.
        two_MK: uint8 (M, K).
    """
    equal_M = (one_MK == two_MK).mean(axis=1, dtype=np.float32)
    return np.maximum((equal_M - _CHANCE) / (1 - _CHANCE), 0)
