"""Word vectors from a text file, to start the rows of words from.

Each line is a word and its numbers, with spaces between, as GloVe writes them; a first line of two
numbers, as word2vec writes it, is skipped.

Legend: U words, D dimensions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from contracode.inputs.bags.counting import word_key
from contracode.inputs.bags.vocabulary import BagVocabulary
from contracode.support.errors import InputError


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Vectors of words.

    Attributes:
        keys_U: uint32.
        vectors_UD: float32.
    """

    keys_U: np.ndarray
    vectors_UD: np.ndarray

    def rows(self, vocabulary: BagVocabulary) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the vocabulary that have vectors, and these."""
        places_U = np.searchsorted(vocabulary.words_U, self.keys_U)
        places_U = np.minimum(places_U, max(0, len(vocabulary.words_U) - 1))
        known_U = (
            vocabulary.words_U[places_U] == self.keys_U
            if len(vocabulary.words_U)
            else np.zeros(len(places_U), bool)
        )
        return places_U[known_U] + len(vocabulary.fragments_G), self.vectors_UD[known_U]


def read_word_vectors(path: Path) -> WordVectors:
    """Read a file.

    Raises:
        InputError: it cannot be read, or a line has another number of numbers than the first.
    """
    keys: list[int] = []
    rows: list[np.ndarray] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as text: {error}", path=path) from None
    for number, line in enumerate(lines, 1):
        word, *fields = line.split(" ")
        if number == 1 and len(fields) == 1:
            continue
        try:
            row = np.asarray(fields, np.float32)
        except ValueError:
            raise InputError("is not a word and its numbers", path=path, line=number) from None
        if not len(row) or (rows and len(row) != len(rows[0])):
            raise InputError("has another number of numbers", path=path, line=number)
        keys.append(word_key(word))
        rows.append(row)
    if not rows:
        raise InputError("has no words", path=path)
    return WordVectors(np.asarray(keys, np.uint32), np.stack(rows))
