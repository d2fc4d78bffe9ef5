"""The learned table of a bag model: bags to vectors with numpy alone.

Legend: F items of a bag, V rows, D dimensions, P parts.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from contracode.inputs.bags.counting import Bag, FunctionBag
from contracode.inputs.bags.vocabulary import BLIND, NAMED, PARTS, QUERY, BagVocabulary, Rows
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

FILE = "bags.safetensors"

TYPICAL = 3.0
"""Logarithm of the number of items at which a gate has its plain strength."""


class BagTable:
    """Vectors of bags.

    Args:
        vocabulary: the rows of the table.
        table_VD: int8; with `scales_V` the learned vectors.
        scales_V: float32.
        gates_P2: float32, strength of each part and its slope by the number of items: a part with n
            items has the norm exp(strength + slope * (log(1 + n) - `TYPICAL`)).
    """

    def __init__(
        self,
        vocabulary: BagVocabulary,
        table_VD: np.ndarray,
        scales_V: np.ndarray,
        gates_P2: np.ndarray,
    ) -> None:
        self.vocabulary = vocabulary
        self._table_VD = table_VD
        self._scales_V = scales_V
        self._gates_P2 = gates_P2

    @property
    def dimension(self) -> int:
        """D."""
        return self._table_VD.shape[1]

    @property
    def fingerprint(self) -> str:
        """Short hash of everything that affects the vectors."""
        digest = hashlib.blake2b(digest_size=8)
        for array in self._arrays().values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def function(self, bag: FunctionBag, *, names: bool = True) -> np.ndarray:
        """Embed a function: float32 (D,) of unit norm, or zeros if nothing in it is known.

        Args:
            bag: the function, counted.
            names: read names too.
        """
        rows = self.vocabulary.rows(bag)
        parts = (*BLIND, *NAMED) if names else BLIND
        return _unit(np.sum([self._part(part, rows[part]) for part in parts], axis=0))

    def words(self, words: Bag, name: Bag) -> np.ndarray:
        """Embed a function of which only words are known, as `function` does."""
        parts = {"words": words, "name": name}
        rows = {part: self.vocabulary.word_rows(bag) for part, bag in parts.items()}
        return _unit(np.sum([self._part(part, found) for part, found in rows.items()], axis=0))

    def query(self, bag: Bag) -> np.ndarray:
        """Embed a text: float32 (D,) of unit norm, or zeros if no word is known."""
        return _unit(self._part(QUERY, self.vocabulary.word_rows(bag)))

    def _part(self, part: str, rows: Rows) -> np.ndarray:
        if not len(rows.rows_F):
            return np.zeros(self.dimension, np.float32)
        weights_F = rows.weights_F * self._scales_V[rows.rows_F]
        vector_D = weights_F @ self._table_VD[rows.rows_F].astype(np.float32)
        strength, slope = self._gates_P2[PARTS.index(part)].tolist()
        return _unit(vector_D) * math.exp(
            strength + slope * (math.log1p(len(rows.rows_F)) - TYPICAL)
        )

    def _arrays(self) -> dict[str, np.ndarray]:
        return {
            "fragments": self.vocabulary.fragments_G,
            "words": self.vocabulary.words_U,
            "weights": self.vocabulary.weights_V,
            "table": self._table_VD,
            "scales": self._scales_V,
            "gates": self._gates_P2,
        }

    def save(self, folder: Path) -> None:
        """Write it into a folder, as `FILE`."""
        with replacing(folder / FILE) as beside:
            save_file(self._arrays(), beside)
            beside.chmod(0o644)  # safetensors restricts it to the owner

    @classmethod
    def load(cls, folder: Path) -> BagTable:
        """Read it from a folder.

        Raises:
            InputError: it is missing, broken, or its arrays do not fit.
        """
        path = folder / FILE
        try:
            found = load_file(path)
            vocabulary = BagVocabulary(found["fragments"], found["words"], found["weights"])
            table = cls(vocabulary, found["table"], found["scales"], found["gates"])
        except OSError as error:
            raise InputError(error.strerror or "is missing", path=path) from None
        except (SafetensorError, KeyError, ValueError):
            raise InputError("is not a table of bags of this version", path=path) from None
        rows = {
            len(found["fragments"]) + len(found["words"]),
            len(found["weights"]),
            len(found["table"]),
            len(found["scales"]),
        }
        if len(rows) > 1 or found["table"].ndim != 2 or found["gates"].shape != (len(PARTS), 2):
            raise InputError("is not a table of bags: its arrays do not fit", path=path)
        return table


def quantized_table(
    vocabulary: BagVocabulary, table_VD: np.ndarray, gates_P2: np.ndarray
) -> BagTable:
    """Return a table with the rows of a float matrix rounded to 8 bits."""
    scales_V = np.maximum(np.abs(table_VD).max(axis=1), np.finfo(np.float32).tiny) / 127
    rounded_VD = np.rint(table_VD / scales_V[:, None]).astype(np.int8)
    return BagTable(
        vocabulary, rounded_VD, scales_V.astype(np.float32), gates_P2.astype(np.float32)
    )


def _unit(vector_D: np.ndarray) -> np.ndarray:
    norm = float(np.linalg.norm(vector_D))
    return (vector_D / norm if norm else vector_D).astype(np.float32)
