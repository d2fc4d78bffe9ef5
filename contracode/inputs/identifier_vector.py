"""The block of an embedding that reads names: the words of all names that a program declares.

Each word has a random direction, derived from its hash, and counts more the rarer it is, so that
functions with similar names are near, however they are written. Names that say little, such as `a`
or `f0`, count little. Only the rarity of words is fitted. The block can be left out.

Source: Kanerva, Kristoferson and Holst, Random Indexing of Text Samples for Latent Semantic
    Analysis, CogSci 2000; Spärck Jones, A Statistical Interpretation of Term Specificity, Journal
    of Documentation 28, 1972.

Legend: V known words, I dimensions, N sources, D dimensions of the other blocks.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

import numpy as np

from augment import Program
from contracode.javascript.subtokens import Splitter, split_name

FULL = 15.0
"""Length of a sum of words from which its block has full weight: two or three rare words."""

_PARAMETER, _LOCAL = 0.5, 0.25
"""Weights of words of parameters, and of other local names; outermost names weigh 1."""

_LONGEST = 64
"""Most different words of a program; later ones are ignored, as none of so many says much."""

_CACHED = 20_000


class IdentifierEncoder:
    """Embeds programs by the names that they declare.

    Args:
        keys_V: uint32, sorted: keys of the known words.
        weights_V: float32: rarity of each; unknown words weigh as the rarest of them.
        dimension: I.
        gain: weight of the block, whose norm is at most 1, beside the others.
        splitter: how names are split.
    """

    def __init__(
        self,
        keys_V: np.ndarray,
        weights_V: np.ndarray,
        dimension: int,
        gain: float,
        splitter: Splitter = "unicode",
    ) -> None:
        self.splitter: Splitter = splitter
        self.keys_V = keys_V
        self.weights_V = weights_V
        self.dimension = dimension
        self.gain = gain
        self._unknown = float(weights_V.max()) if len(weights_V) else 1.0

    def vector(self, program: Program, called: str = "") -> np.ndarray:
        """Return float32 (I,) of norm at most 1; zeros if no name has a word.

        Args:
            program: the source.
            called: its name, if the text does not show it.
        """
        vector_I = np.zeros(self.dimension, np.float32)
        for word, share in declared_words(program, called, self.splitter).items():
            vector_I += share * self._weight(word) * _direction(word, self.dimension)
        return vector_I / max(float(np.linalg.norm(vector_I)), FULL)

    def concat(self, rest_ND: np.ndarray, named_NI: np.ndarray) -> np.ndarray:
        """Concatenate unit vectors and name blocks: float32 (N, D + I), rows of unit norm."""
        both = np.concatenate([rest_ND, self.gain * named_NI], axis=1)
        return (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)

    def _weight(self, word: str) -> float:
        key = _key(word)
        place = int(np.searchsorted(self.keys_V, key))
        known = place < len(self.keys_V) and self.keys_V[place] == key
        return float(self.weights_V[place]) if known else self._unknown


def fit_identifier_encoder(
    programs: Iterable[Iterable[str]], dimension: int, gain: float, *, vocabulary: int, min_df: int
) -> IdentifierEncoder:
    """Fit the rarity of words.

    Args:
        programs: the `declared_words` of each function.
        dimension: I.
        gain: weight of the block.
        vocabulary: most words to know, those of the most functions.
        min_df: functions that must have a word for it to be known.
    """
    occurs: Counter[int] = Counter()
    total = 0
    for found in programs:
        occurs.update({_key(word) for word in found})
        total += 1
    ranked = sorted(
        (key for key, number in occurs.items() if number >= min_df),
        key=lambda key: (-occurs[key], key),
    )
    keys_V = np.sort(np.asarray(ranked[:vocabulary], np.uint32))
    weights_V = [math.log((1 + total) / (1 + occurs[key])) for key in keys_V.tolist()]
    return IdentifierEncoder(keys_V, np.asarray(weights_V, np.float32), dimension, gain)


def declared_words(
    program: Program, called: str = "", splitter: Splitter = "unicode"
) -> dict[str, float]:
    """Return the words of all names that a program declares: word -> its largest weight.

    Args:
        program: the source.
        called: its name, if the text does not show it.
        splitter: how names are split.
    """
    found: dict[str, float] = {}

    def add(name: str, share: float) -> None:
        for word in split_name(name, splitter):
            if len(word) > 1 and not word.isdigit() and (word in found or len(found) < _LONGEST):
                found[word] = max(found.get(word, 0.0), share)

    add(called, 1.0)
    for function in program.functions:
        if function.outer is None and function.name:
            add(function.name, 1.0)
    for binding in program.scopes.bindings:
        if binding.scope.parent is None:
            add(binding.name, 1.0)
        else:
            add(binding.name, _PARAMETER if binding.kind == "parameter" else _LOCAL)
    return found


def _key(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"))


@lru_cache(_CACHED)
def _direction(word: str, dimension: int) -> np.ndarray:
    """Return random signs derived from the word: float32 (I,) of unit norm."""
    digest = hashlib.shake_128(word.encode("utf-8", "replace")).digest(-(-dimension // 8))
    bits_I = np.unpackbits(np.frombuffer(digest, np.uint8))[:dimension]
    return (2 * bits_I.astype(np.float32) - 1) / np.float32(math.sqrt(dimension))
