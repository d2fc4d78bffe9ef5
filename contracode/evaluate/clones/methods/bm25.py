"""BM25 over sub-words, by bm25s.

Legend: N programs, M other programs, P pairs, Q queries.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Analyzer, Method
from contracode.inference.model import Model
from contracode.javascript import leaves
from contracode.support.errors import InputError


class BM25Programs:
    """Programs, each both a query (the set of its terms) and a document.

    A score is divided by the geometric mean of the scores of both programs with themselves, so that
    long programs are not similar to everything. A similarity is the mean of both directions.

    Args:
        index: the bm25s index of the documents.
        queries: the distinct terms of each program.
    """

    def __init__(self, index: Any, queries: Sequence[list[str]]) -> None:
        self._index = index
        self._queries = queries
        self._own_N = np.asarray([self._scores(query)[row] for row, query in enumerate(queries)])

    def __len__(self) -> int:
        return len(self._queries)

    def similarities(
        self, own: np.ndarray, other: "BM25Programs", others: np.ndarray
    ) -> np.ndarray:
        """Return the mean of both directions of pairs."""
        return (self._asked(own, other, others) + other._asked(others, self, own)) / 2

    def matrix(self, other: "BM25Programs") -> np.ndarray:
        """Return the mean of both directions of each program with each of `other`."""
        return (self._answers(other) + other._answers(self).T) / 2

    def _scores(self, query: list[str]) -> np.ndarray:
        """Return the score of every document of this set: float (N,)."""
        known = [term for term in query if term in self._index.vocab_dict]
        if not known:
            return np.zeros(len(self._queries))
        return self._index.get_scores(known)

    def _asked(self, own: np.ndarray, other: "BM25Programs", others: np.ndarray) -> np.ndarray:
        """Return the normalised scores of pairs, with programs of this set as the queries."""
        found_P = np.empty(len(own))
        for query in np.unique(own):
            pairs = np.flatnonzero(own == query)
            found_P[pairs] = other._scores(self._queries[query])[others[pairs]]
        return found_P / _geometric(self._own_N[own], other._own_N[others])

    def _answers(self, other: "BM25Programs") -> np.ndarray:
        """Return the normalised scores of all pairs, with programs of this set as the queries."""
        scores_NM = np.stack([other._scores(query) for query in self._queries])
        return scores_NM / _geometric(self._own_N[:, None], other._own_N[None])


def _geometric(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.maximum(np.sqrt(one * other), 1e-12)


class BM25:
    """BM25 in both directions, with bm25s' "lucene" variant.

    Args:
        analyzer: function from a source to its terms.
        k1: saturation of term frequencies.
        b: strength of the normalisation by length.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009,
        with the usual k1 and b.
    """

    def __init__(self, analyzer: Analyzer, *, k1: float = 1.2, b: float = 0.75) -> None:
        try:
            import bm25s
        except ImportError:
            raise InputError("BM25 needs `pip install 'contracode[evaluate]'`") from None
        self._new_index = lambda: bm25s.BM25(k1=k1, b=b, method="lucene")
        self._analyzer = analyzer

    def fit(self, sources: Sequence[str]) -> None:
        """Do nothing: every set of documents has its own statistics."""

    def read(self, sources: Sequence[str]) -> BM25Programs:
        """Index programs, and keep their terms as queries."""
        terms = [self._analyzer(source) for source in sources]
        index = self._new_index()
        index.index(terms, show_progress=False)
        return BM25Programs(index, [sorted(set(one)) for one in terms])


@baseline("bm25", fast=True)
def build(model: Model | None, seed: int) -> Method:
    """Rank by sub-words."""
    return BM25(leaves.words)
