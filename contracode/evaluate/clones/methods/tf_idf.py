"""TF-IDF over sub-words, by scikit-learn.

Legend: N programs, M other programs, P pairs, V vocabulary.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Analyzer, Method
from contracode.inference.model import Model
from contracode.javascript import leaves
from contracode.support.errors import InputError


class SparseVectors:
    """Programs as sparse rows of unit norm, compared by cosine.

    Args:
        rows_NV: a SciPy CSR matrix.
    """

    def __init__(self, rows_NV: Any) -> None:
        self.rows_NV = rows_NV

    def __len__(self) -> int:
        return self.rows_NV.shape[0]

    def similarities(
        self, own: np.ndarray, other: "SparseVectors", others: np.ndarray
    ) -> np.ndarray:
        """Return the cosine of pairs."""
        products_PV = self.rows_NV[own].multiply(other.rows_NV[others])
        return np.asarray(products_PV.sum(axis=1)).ravel()

    def matrix(self, other: "SparseVectors") -> np.ndarray:
        """Return the cosine of each program with each of `other`."""
        return (self.rows_NV @ other.rows_NV.T).toarray()


class TfIdf:
    """scikit-learn's `TfidfVectorizer` with logarithmic term frequencies, compared by cosine.

    Args:
        analyzer: function from a source to its terms.
        min_df: minimum number of programs with a term for it to count.

    Source: Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988.
    """

    def __init__(self, analyzer: Analyzer, *, min_df: int = 1) -> None:
        try:
            from sklearn.feature_extraction import text
        except ImportError:
            raise InputError("TF-IDF needs `pip install 'contracode[evaluate]'`") from None
        vectorizer: Any = text.TfidfVectorizer  # the stubs take a string for the analyzer
        self._vectorizer = vectorizer(
            analyzer=analyzer, min_df=min_df, sublinear_tf=True, dtype=np.float64
        )

    def fit(self, sources: Sequence[str]) -> None:
        """Count the programs that contain each term."""
        try:
            self._vectorizer.fit(sources)
        except ValueError as error:  # an empty vocabulary
            raise InputError(f"TF-IDF: {error}") from None

    def read(self, sources: Sequence[str]) -> SparseVectors:
        """Return the weighted terms of programs."""
        return SparseVectors(self._vectorizer.transform(sources))


@baseline("tf-idf", fast=True)
def build(model: Model | None, seed: int) -> Method:
    """Count sub-words."""
    return TfIdf(leaves.words)
