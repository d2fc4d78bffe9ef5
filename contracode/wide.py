"""The wide part of an encoder: fragments of a program's shape, counted, and laid into few dimensions.

It knows by counting what the deep part, which reads pieces, would have to learn: that programs alike in their expressions, properties and
loops are alike, whatever their variables are called. Nothing here needs torch, so that an exported model counts as training did.

Legend: V fragments known, F of them in a program, W dimensions, N sources, D of the deep part.

Source: Cheng et al., Wide & Deep Learning for Recommender Systems (arXiv 1606.07792), for the division of labour.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from zlib import crc32

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

import augment
from contracode.errors import InputError
from contracode.files import replacing
from contracode.fragments import KINDS, fragments

FILE = "wide.safetensors"


class WideEncoder:
    """Programs to vectors by what is counted in them.

    Args:
        keys_V: uint32, sorted: keys of the fragments known.
        weights_V: float32: what one occurrence counts, times the scale of its row.
        matrix_VW: int8: where each fragment lies.
    """

    def __init__(self, keys_V: np.ndarray, weights_V: np.ndarray, matrix_VW: np.ndarray) -> None:
        self._keys_V = keys_V
        self._weights_V = weights_V
        self._matrix_VW = matrix_VW

    @property
    def dimension(self) -> int:
        """W."""
        return self._matrix_VW.shape[1]

    @property
    def fingerprint(self) -> str:
        """Short hash of all that makes the vectors."""
        digest = hashlib.blake2b(digest_size=8)
        for array in (self._keys_V, self._weights_V, self._matrix_VW):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def embed(self, source: str, *, language: augment.Language = "javascript") -> np.ndarray:
        """Return float32 (W,) of unit norm; zeros for a source that does not parse or has no fragment known."""
        try:
            keys_F, counts_F = counted(source, language=language)
        except augment.ParseError:
            return np.zeros(self.dimension, np.float32)
        return self.vector(keys_F, counts_F)

    def vector(self, keys_F: np.ndarray, counts_F: np.ndarray) -> np.ndarray:
        """Return the vector of what `counted` returns: float32 (W,) of unit norm, or zeros."""
        places_F = np.searchsorted(self._keys_V, keys_F)
        places_F[places_F == len(self._keys_V)] = 0
        known_F = self._keys_V[places_F] == keys_F
        places_F, counts_F = places_F[known_F], counts_F[known_F]
        weights_F = (1 + np.log(counts_F)) * self._weights_V[places_F]
        vector_W = weights_F.astype(np.float32) @ self._matrix_VW[places_F].astype(np.float32)
        norm = float(np.linalg.norm(vector_W))
        return vector_W / norm if norm else vector_W

    def save(self, folder: Path) -> None:
        """Write it into a folder, as `FILE`."""
        arrays = {"keys": self._keys_V, "weights": self._weights_V, "matrix": self._matrix_VW}
        with replacing(folder / FILE) as beside:
            save_file(arrays, beside)
            beside.chmod(0o644)  # safetensors makes it the owner's alone

    @classmethod
    def load(cls, folder: Path) -> WideEncoder:
        """Read it from a folder.

        Raises:
            InputError: it is missing or broken.
        """
        path = folder / FILE
        try:
            found = load_file(path)
            keys_V, weights_V, matrix_VW = found["keys"], found["weights"], found["matrix"]
        except OSError as error:
            raise InputError(error.strerror or "is missing", path=path) from None
        except (SafetensorError, KeyError):
            raise InputError("is not a wide encoder", path=path) from None
        if not len(keys_V) == len(weights_V) == len(matrix_VW) or matrix_VW.ndim != 2 or not len(keys_V):
            raise InputError("is not a wide encoder: its parts do not fit", path=path)
        return cls(keys_V, weights_V, matrix_VW)


def counted(source: str, *, language: augment.Language = "javascript") -> tuple[np.ndarray, np.ndarray]:
    """Return the fragments of a source: their keys, uint32 (F,), and how often each occurs, float64 (F,). Of a key, the rest by `KINDS` is
    the kind of the fragment.

    Raises:
        augment.ParseError: it does not parse.
    """
    program = augment.parse(source, language=language, source_type="commonjs")  # what it declares is its own
    counts = Counter(
        crc32(fragment.encode("utf-8", "replace")) // KINDS * KINDS + kind for kind, fragment in fragments(program)
    )
    size = len(counts)
    return np.fromiter(counts, np.uint32, size), np.fromiter(counts.values(), np.float64, size)


def joined(deep_ND: np.ndarray, wide_NW: np.ndarray, gain: float) -> np.ndarray:
    """Return unit vectors and a wide part that weighs `gain` beside them as one vector: float32 (N, D + W), rows of unit norm."""
    both = np.concatenate([deep_ND, gain * wide_NW], axis=1)
    return (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)


def quantized(keys_V: np.ndarray, weights_V: np.ndarray, matrix_VW: np.ndarray) -> WideEncoder:
    """Return the encoder with each row of a float matrix rounded to 8 bits, its scale within its weight."""
    scales_V = np.maximum(np.abs(matrix_VW).max(axis=1), np.finfo(np.float32).tiny) / 127
    rounded_VW = np.rint(matrix_VW / scales_V[:, None]).astype(np.int8)
    return WideEncoder(keys_V, (weights_V * scales_V).astype(np.float32), rounded_VW)
