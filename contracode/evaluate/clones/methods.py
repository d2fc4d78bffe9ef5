"""Ways to say how similar two programs are: embeddings, counted words, edit distances, behind one
interface.

Legend: N programs, M other ones, P pairs, V vocabulary, D embedding.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from contracode.support.errors import InputError

Embedder = Callable[[Sequence[str]], np.ndarray]
"""Sources to float (N, D), rows of unit norm."""

Analyzer = Callable[[str], list[str]]
"""A source to what is counted of it, with repeats."""


class Programs(Protocol):
    """Programs as a method sees them."""

    def __len__(self) -> int: ...

    def similarities(self, own: np.ndarray, other: Any, others: np.ndarray) -> np.ndarray:
        """Return the similarity of program `own[p]` of these with `others[p]` of `other`, of the
        same method: float (P,).
        """
        ...

    def matrix(self, other: Any) -> np.ndarray:
        """Return the similarity of each of these programs with each of `other`, of the same method:
        float (N, M).
        """
        ...


class Method(Protocol):
    """A way to compare programs."""

    def fit(self, sources: Sequence[str]) -> None:
        """Take what is counted over a whole set (how rare a word is) from these programs."""
        ...

    def read(self, sources: Sequence[str]) -> Programs:
        """Return programs in the form that is compared."""
        ...


class Vectors:
    """Programs as rows of unit norm, compared by cosine.

    Args:
        rows_ND: of any norm; the similarity of a row of nothing is 0.
    """

    def __init__(self, rows_ND: np.ndarray) -> None:
        norms_N1 = np.linalg.norm(rows_ND, axis=1, keepdims=True)
        self.rows_ND = rows_ND / np.maximum(norms_N1, 1e-12)

    def __len__(self) -> int:
        return len(self.rows_ND)

    def similarities(self, own: np.ndarray, other: "Vectors", others: np.ndarray) -> np.ndarray:
        """Return the cosine of pairs."""
        found_P = np.empty(len(own))
        for start in range(0, len(own), _ROWS):
            part = slice(start, start + _ROWS)
            found_P[part] = np.einsum(
                "pd,pd->p", self.rows_ND[own[part]], other.rows_ND[others[part]]
            )
        return found_P

    def matrix(self, other: "Vectors") -> np.ndarray:
        """Return the cosine of each program with each of `other`."""
        return self.rows_ND @ other.rows_ND.T


_ROWS = 256
"""Pairs whose vectors are gathered at once."""


class Embedding:
    """What an encoder does."""

    def __init__(self, embed: Embedder) -> None:
        self._embed = embed

    def fit(self, sources: Sequence[str]) -> None:
        """Do nothing: an encoder has its weights."""

    def read(self, sources: Sequence[str]) -> Vectors:
        """Return the embeddings of programs."""
        return Vectors(np.asarray(self._embed(sources), np.float64))


class TfIdf:
    """Counted words, damped by a logarithm and weighed by how rare they are, compared by cosine.

    Weights are those of scikit-learn's `TfidfVectorizer(sublinear_tf=True)`.

    Args:
        analyzer: what is counted.
        min_df: words in fewer programs of the set are left out.

    Source: Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """

    def __init__(self, analyzer: Analyzer, *, min_df: int = 1) -> None:
        self._analyzer = analyzer
        self._min_df = min_df
        self._number: dict[str, int] = {}
        self._idf_V = np.zeros(0)

    def fit(self, sources: Sequence[str]) -> None:
        """Count in how many programs each word is."""
        frequency: Counter[str] = Counter()
        for source in sources:
            frequency.update(set(self._analyzer(source)))
        kept = sorted(word for word, count in frequency.items() if count >= self._min_df)
        self._number = {word: number for number, word in enumerate(kept)}
        self._idf_V = np.asarray(
            [np.log((1 + len(sources)) / (1 + frequency[word])) + 1 for word in kept]
        )

    def read(self, sources: Sequence[str]) -> Vectors:
        """Return the weighed counts of programs."""
        rows_NV = np.zeros((len(sources), len(self._number)), np.float32)
        for row_V, source in zip(rows_NV, sources, strict=True):
            ids, counts = _counted(self._analyzer(source), self._number)
            row_V[ids] = (1 + np.log(counts)) * self._idf_V[ids]
        return Vectors(rows_NV)


def _counted(words: Sequence[str], number: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the known words and how often each is there."""
    found = [number[word] for word in words if word in number]
    return np.unique(np.asarray(found, np.int64), return_counts=True)


class Queries:
    """Programs under BM25: each as a query and as a document."""

    def __init__(self, query_NV: np.ndarray, document_NV: np.ndarray) -> None:
        self.query_NV = query_NV
        self.document_NV = document_NV

    def __len__(self) -> int:
        return len(self.query_NV)

    def similarities(self, own: np.ndarray, other: "Queries", others: np.ndarray) -> np.ndarray:
        """Return the mean of both directions of pairs."""
        found_P = np.zeros(len(own))
        for mine, theirs in (
            (self.query_NV, other.document_NV),
            (self.document_NV, other.query_NV),
        ):
            for start in range(0, len(own), _ROWS):
                part = slice(start, start + _ROWS)
                found_P[part] += np.einsum("pv,pv->p", mine[own[part]], theirs[others[part]]) / 2
        return found_P

    def matrix(self, other: "Queries") -> np.ndarray:
        """Return the mean of both directions of each program with each of `other`."""
        return (self.query_NV @ other.document_NV.T + self.document_NV @ other.query_NV.T) / 2


class BM25:
    """The ranking function of search engines, in both directions: each program is a query, a set of
    words, for the other.

    Scores are divided by the geometric mean of what the two programs score with themselves, lest
    long ones be similar to all.

    Args:
        analyzer: what is counted.
        k1: how soon repeats cease to count.
        b: how much long programs are held to be long for no reason.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009,
        with the usual k1 and b.
    """

    def __init__(self, analyzer: Analyzer, *, k1: float = 1.2, b: float = 0.75) -> None:
        self._analyzer = analyzer
        self._k1 = k1
        self._b = b
        self._number: dict[str, int] = {}
        self._idf_V = np.zeros(0)
        self._mean_length = 1.0

    def fit(self, sources: Sequence[str]) -> None:
        """Count in how many programs each word is, and how long they are on average."""
        frequency: Counter[str] = Counter()
        lengths: list[int] = []
        for source in sources:
            words = self._analyzer(source)
            lengths.append(len(words))
            frequency.update(set(words))
        self._number = {word: number for number, word in enumerate(sorted(frequency))}
        counts_V = np.asarray([frequency[word] for word in self._number], np.float64)
        self._idf_V = np.log(1 + (len(sources) - counts_V + 0.5) / (counts_V + 0.5))
        self._mean_length = float(np.mean(lengths)) or 1.0

    def read(self, sources: Sequence[str]) -> Queries:
        """Return programs as queries and as documents, scaled so that each scores 1 with itself."""
        query_NV = np.zeros((len(sources), len(self._number)), np.float32)
        document_NV = np.zeros_like(query_NV)
        for row, source in enumerate(sources):
            words = self._analyzer(source)
            ids, counts = _counted(words, self._number)
            damped = self._k1 * (1 - self._b + self._b * len(words) / self._mean_length)
            document_NV[row, ids] = counts * (self._k1 + 1) / (counts + damped)
            query_NV[row, ids] = self._idf_V[ids]
            scale = max(float(query_NV[row] @ document_NV[row]), 1e-12) ** 0.5
            query_NV[row] /= scale
            document_NV[row] /= scale
        return Queries(query_NV, document_NV)


class Sequences:
    """Programs as sequences of symbols, compared by edit distance: 1 for the same, 0 for nothing in
    common.
    """

    def __init__(self, rows: Sequence[list[int]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def similarities(self, own: np.ndarray, other: "Sequences", others: np.ndarray) -> np.ndarray:
        """Return the similarity of pairs."""
        similarity = _rapidfuzz().distance.Levenshtein.normalized_similarity
        return np.asarray(
            [similarity(self.rows[i], other.rows[j]) for i, j in zip(own, others, strict=True)]
        )

    def matrix(self, other: "Sequences") -> np.ndarray:
        """Return the similarity of each program with each of `other`."""
        library = _rapidfuzz()
        return library.process.cdist(
            self.rows,
            other.rows,
            scorer=library.distance.Levenshtein.normalized_similarity,
            dtype=np.float32,
        )


class EditDistance:
    """Levenshtein's distance over symbols of a program, as a share of the longer one.

    Args:
        analyzer: the symbols, in order.

    Source: Levenshtein, Binary codes capable of correcting deletions, insertions, and reversals,
        1966.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._number: dict[str, int] = {}

    def fit(self, sources: Sequence[str]) -> None:
        """Check that the library is there."""
        _rapidfuzz()

    def read(self, sources: Sequence[str]) -> Sequences:
        """Return programs as numbers of symbols."""
        number = self._number
        return Sequences(
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


class Rewritten:
    """A method that sees programs after a function of their text, such as their normal form.

    Args:
        method: what compares.
        rewrite: of the text.
    """

    def __init__(self, method: Method, rewrite: Callable[[str], str]) -> None:
        self._method = method
        self._rewrite = rewrite

    def fit(self, sources: Sequence[str]) -> None:
        """Fit the method to the rewritten programs."""
        self._method.fit([self._rewrite(source) for source in sources])

    def read(self, sources: Sequence[str]) -> Programs:
        """Return the rewritten programs in the form that is compared."""
        return self._method.read([self._rewrite(source) for source in sources])
