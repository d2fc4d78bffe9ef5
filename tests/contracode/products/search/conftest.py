"""A model without weights: vectors are counts of words, so that a test can tell what is near to
what.
"""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from contracode.products.search.functions import words


class WordModel:
    fingerprint = "words"

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(
        self, sources: Sequence[str], *, language: str, batch_size: int, use_names: bool = False
    ) -> np.ndarray:
        self.embedded += sources
        vectors_ND = np.full((len(sources), 64), 1e-3, np.float32)
        for row, source in enumerate(sources):
            for word in words(source):
                vectors_ND[row, zlib.crc32(word.encode()) % 64] += 1
        return vectors_ND / np.linalg.norm(vectors_ND, axis=1, keepdims=True)


@pytest.fixture
def model() -> WordModel:
    return WordModel()


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Path]:
    """Write files, by path below the root, and return the root."""

    def write(files: dict[str, str]) -> Path:
        for path, text in files.items():
            (tmp_path / "work" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "work" / path).write_text(text, "utf-8")
        return tmp_path / "work"

    return write
