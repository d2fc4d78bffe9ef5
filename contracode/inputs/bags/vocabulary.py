"""The fragments and words that a bag model knows, each with a weight for its rarity.

Legend: F items of a bag, G fragments known, U words known, V = G + U rows of the table, B bags.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from contracode.inputs.bags.counting import Bag, FunctionBag
from contracode.inputs.fragments import KINDS, OPERATIONS, SHAPE, SIGNATURE, WORDS

SMOOTHING = 1e-3
"""The constant a of a word's weight a / (a + p).

Source: Arora, Liang and Ma, A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR 2017,
    algorithm 1.
"""

FRAGMENT_PARTS = {
    "shape": SHAPE,
    "signature": SIGNATURE,
    "literals": WORDS,
    "operations": OPERATIONS,
}
"""Kinds of fragments by part."""

BLIND = (*FRAGMENT_PARTS, "words")
"""Parts that do not read names."""

NAMED = ("locals", "name")
"""Parts that read names."""

QUERY = "query"
"""The part of a text in natural language."""

PARTS = (*BLIND, *NAMED, QUERY)


class Rows(NamedTuple):
    """The known items of a bag: rows of the table and their weights.

    Attributes:
        rows_F: int64.
        weights_F: float32.
    """

    rows_F: np.ndarray
    weights_F: np.ndarray


class BagVocabulary:
    """Known fragments and words; each is a row of the table, fragments first.

    Args:
        fragments_G: uint32, sorted keys.
        words_U: uint32, sorted keys.
        weights_V: float32, rarity of each.
    """

    def __init__(self, fragments_G: np.ndarray, words_U: np.ndarray, weights_V: np.ndarray) -> None:
        self.fragments_G = fragments_G
        self.words_U = words_U
        self.weights_V = weights_V
        self._part_G = np.zeros(len(fragments_G), np.int8)
        for number, kinds in enumerate(FRAGMENT_PARTS.values()):
            self._part_G[np.isin(fragments_G % KINDS, kinds)] = number

    def __len__(self) -> int:
        return len(self.weights_V)

    def rows(self, bag: FunctionBag) -> dict[str, Rows]:
        """Return the known items of a function by part."""
        found = self._known(bag.fragments, self.fragments_G, 0)
        part_F = self._part_G[found.rows_F]
        parts = {
            part: Rows(found.rows_F[part_F == number], found.weights_F[part_F == number])
            for number, part in enumerate(FRAGMENT_PARTS)
        }
        for part, words in (("words", bag.words), ("locals", bag.locals), ("name", bag.name)):
            parts[part] = self.word_rows(words)
        return parts

    def word_rows(self, bag: Bag) -> Rows:
        """Return the known words of a bag."""
        return self._known(bag, self.words_U, len(self.fragments_G))

    def _known(self, bag: Bag, keys_K: np.ndarray, first: int) -> Rows:
        if not len(keys_K):
            return Rows(np.zeros(0, np.int64), np.zeros(0, np.float32))
        places_F = np.minimum(np.searchsorted(keys_K, bag.keys_F), len(keys_K) - 1)
        known_F = keys_K[places_F] == bag.keys_F
        rows_F = places_F[known_F].astype(np.int64) + first
        weights_F = (1 + np.log(bag.counts_F[known_F])) * self.weights_V[rows_F]
        return Rows(rows_F, weights_F.astype(np.float32))


class Counts(NamedTuple):
    """How often items occur in a corpus.

    Attributes:
        keys_K: uint32, sorted.
        bags_K: number of bags that have each.
        total_K: occurrences.
    """

    keys_K: np.ndarray
    bags_K: np.ndarray
    total_K: np.ndarray


def count_items(keys: Sequence[np.ndarray], counts: Sequence[np.ndarray]) -> Counts:
    """Add up bags, given as flat arrays of keys and counts."""
    keys_F, counts_F = np.concatenate(keys), np.concatenate(counts)
    keys_K, place_F, bags_K = np.unique(keys_F, return_inverse=True, return_counts=True)
    return Counts(keys_K, bags_K, np.bincount(place_F, counts_F, len(keys_K)))


def fit_vocabulary(
    fragments: Counts,
    words: Counts,
    *,
    functions: int,
    sizes: dict[str, int],
    min_bags: int,
) -> BagVocabulary:
    """Choose the items that occur in the most functions.

    Args:
        fragments: of the corpus.
        words: of functions and documentation.
        functions: number of functions.
        sizes: most fragments of each part (shared evenly among its kinds), and most "words".
        min_bags: functions that must have an item.
    """
    chosen = [
        _commonest(fragments, fragments.keys_K % KINDS == kind, sizes[part] // len(kinds), min_bags)
        for part, kinds in FRAGMENT_PARTS.items()
        for kind in kinds
    ]
    places_G = np.sort(np.concatenate(chosen))
    places_U = np.sort(
        _commonest(words, np.ones(len(words.keys_K), bool), sizes["words"], min_bags)
    )
    rarity_G = np.log((1 + functions) / (1 + fragments.bags_K[places_G])) + 1
    share_U = words.total_K[places_U] / max(1.0, words.total_K.sum())
    weights_V = np.concatenate([rarity_G, SMOOTHING / (SMOOTHING + share_U)])
    return BagVocabulary(
        fragments.keys_K[places_G], words.keys_K[places_U], weights_V.astype(np.float32)
    )


def _commonest(counts: Counts, wanted_K: np.ndarray, size: int, min_bags: int) -> np.ndarray:
    """Return the places of the items in the most bags; ties by key."""
    places = np.flatnonzero(wanted_K & (counts.bags_K >= min_bags))
    return places[np.argsort(-counts.bags_K[places], kind="stable")[:size]]
