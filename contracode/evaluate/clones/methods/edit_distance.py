"""Levenshtein's distance over tokens or node types, by rapidfuzz."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Analyzer, Method
from contracode.inference.model import Model
from contracode.javascript import leaves
from contracode.support.errors import InputError


class SymbolSequences:
    """Programs as sequences of symbols. Equal ones have similarity 1, disjoint ones 0."""

    def __init__(self, rows: Sequence[list[int]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def similarities(
        self, own: np.ndarray, other: "SymbolSequences", others: np.ndarray
    ) -> np.ndarray:
        """Return the similarity of pairs."""
        similarity = _rapidfuzz().distance.Levenshtein.normalized_similarity
        return np.asarray(
            [similarity(self.rows[i], other.rows[j]) for i, j in zip(own, others, strict=True)]
        )

    def matrix(self, other: "SymbolSequences") -> np.ndarray:
        """Return the similarity of each program with each of `other`."""
        library = _rapidfuzz()
        return library.process.cdist(
            self.rows,
            other.rows,
            scorer=library.distance.Levenshtein.normalized_similarity,
            dtype=np.float32,
        )


class EditDistance:
    """Levenshtein's distance over symbols, relative to the length of the longer program.

    Args:
        analyzer: function from a source to its symbols, in order.

    Source: Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals,
        1966.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        _rapidfuzz()
        self._analyzer = analyzer
        self._number: dict[str, int] = {}

    def fit(self, sources: Sequence[str]) -> None:
        """Do nothing: distances have no statistics."""

    def read(self, sources: Sequence[str]) -> SymbolSequences:
        """Return programs as numbered symbols."""
        number = self._number
        return SymbolSequences(
            [
                [number.setdefault(word, len(number)) for word in self._analyzer(one)]
                for one in sources
            ]
        )


def _rapidfuzz() -> Any:
    try:
        import rapidfuzz
        import rapidfuzz.distance
        import rapidfuzz.process
    except ImportError:
        raise InputError("edit distances need `pip install 'contracode[evaluate]'`") from None
    return rapidfuzz


@baseline("token-edits")
def build_tokens(model: Model | None, seed: int) -> Method:
    """Compare tokens."""
    return EditDistance(lambda source: [leaf.text for leaf in leaves.leaves(source)])


@baseline("node-edits")
def build_nodes(model: Model | None, seed: int) -> Method:
    """Compare node types in preorder."""
    return EditDistance(leaves.node_types)
