"""The interface of methods that compare programs, and its implementation for embeddings.

Legend: N programs, M other programs, P pairs, D embedding.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

Embedder = Callable[[Sequence[str]], np.ndarray]
"""Function from sources to vectors, float (N, D) with rows of unit norm."""

Analyzer = Callable[[str], list[str]]
"""Function from a source to its terms, with repetitions."""


class ProgramSet(Protocol):
    """Programs in the form that a method compares."""

    def __len__(self) -> int: ...

    def similarities(self, own: np.ndarray, other: Any, others: np.ndarray) -> np.ndarray:
        """Return the similarity of pairs, float (P,).

        Args:
            own: int (P,), indices of the first programs in this set.
            other: a set of the same method.
            others: int (P,), indices of the second programs in `other`.
        """
        ...

    def matrix(self, other: Any) -> np.ndarray:
        """Return the similarity of each program with each program of `other`, float (N, M)."""
        ...


class Method(Protocol):
    """A way to compare programs."""

    def fit(self, sources: Sequence[str]) -> None:
        """Compute statistics, such as document frequencies, of these programs."""
        ...

    def read(self, sources: Sequence[str]) -> ProgramSet:
        """Convert programs to the form that is compared."""
        ...


class Vectors:
    """Programs as rows of unit norm, compared by cosine.

    Args:
        rows_ND: rows of any norm; a zero row has similarity 0 with every other.
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
"""Number of pairs whose vectors are gathered at once."""


class Embedding:
    """Compares programs by the cosine of their embeddings."""

    def __init__(self, embed: Embedder) -> None:
        self._embed = embed

    def fit(self, sources: Sequence[str]) -> None:
        """Do nothing: encoders are trained before."""

    def read(self, sources: Sequence[str]) -> Vectors:
        """Embed programs."""
        return Vectors(np.asarray(self._embed(sources), np.float64))
