"""The counted block of an embedding: fragments of a program, weighted and projected.

Counting shows without learning that programs with the same expressions, properties and loops are
alike, whatever their variables are called. Nothing here needs torch, so that exported models count
exactly as in training.

Legend: V known fragments, F fragments of a program, W dimensions, N sources, D dimensions of the
    encoder.

Source: Cheng et al., Wide & Deep Learning for Recommender Systems (arXiv 1606.07792), for the idea
    of joining counted and learned features.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

import augment
from augment import Program
from contracode.inputs.fragments import KINDS, fragments
from contracode.inputs.identifier_vector import IdentifierEncoder
from contracode.inputs.input_forms import SourceForms
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

FILE = "wide.safetensors"


class FragmentTable(NamedTuple):
    """The projection of some kinds of fragments.

    Attributes:
        keys_V: uint32, sorted: keys of the known fragments.
        weights_V: float32: weight of one occurrence, times the scale of its row.
        matrix_VW: int8: direction of each fragment.
        gain: norm of the resulting block.
    """

    keys_V: np.ndarray
    weights_V: np.ndarray
    matrix_VW: np.ndarray
    gain: float

    def vector(self, keys_F: np.ndarray, counts_F: np.ndarray) -> np.ndarray:
        """Return a block of the vector: float32 (W,) of norm `gain`, or zeros without fragments."""
        if not self.matrix_VW.size:
            return np.zeros(self.matrix_VW.shape[1], np.float32)
        places_F = np.searchsorted(self.keys_V, keys_F)
        places_F[places_F == len(self.keys_V)] = 0
        known_F = self.keys_V[places_F] == keys_F
        places_F, counts_F = places_F[known_F], counts_F[known_F]
        weights_F = (1 + np.log(counts_F)) * self.weights_V[places_F]
        vector_W = weights_F.astype(np.float32) @ self.matrix_VW[places_F].astype(np.float32)
        norm = float(np.linalg.norm(vector_W))
        return vector_W * np.float32(self.gain / norm) if norm else vector_W


NOTHING = FragmentTable(
    np.zeros(0, np.uint32), np.zeros(0, np.float32), np.zeros((0, 0), np.int8), 1.0
)
"""A table without dimensions."""


class FragmentEncoder:
    """Embeds programs by their counted fragments.

    Args:
        parts: tables, whose blocks are concatenated.
        identifiers: embeds names, which no table reads; None to ignore names.

    Attributes:
        identifiers: the same.
    """

    def __init__(
        self, parts: Sequence[FragmentTable], identifiers: IdentifierEncoder | None = None
    ) -> None:
        self._parts = parts
        self.identifiers = identifiers

    @property
    def dimensions(self) -> tuple[int, ...]:
        """Dimensions of each table."""
        return tuple(part.matrix_VW.shape[1] for part in self._parts)

    @property
    def dimension(self) -> int:
        """W, the dimensions of all tables, without those of names."""
        return sum(self.dimensions)

    @property
    def fingerprint(self) -> str:
        """Short hash of everything that the vectors depend on."""
        digest = hashlib.blake2b(digest_size=8)
        for part in self._parts:
            for array in (part.keys_V, part.weights_V, part.matrix_VW, np.float32(part.gain)):
                digest.update(np.ascontiguousarray(array).tobytes())
        if self.identifiers is not None:
            for array in _arrays(self.identifiers).values():
                digest.update(array.tobytes())
        return digest.hexdigest()

    def embed(self, source: str, *, language: augment.Language = "javascript") -> np.ndarray:
        """Return float32 (W,) of unit norm; zeros if the source does not parse, or no fragment is
        known.
        """
        return self.read(SourceForms(source, language=language))

    def read(self, forms: SourceForms) -> np.ndarray:
        """Return the same as `embed`, of a source whose forms are shared with others."""
        return (
            np.zeros(self.dimension, np.float32)
            if forms.normal is None
            else self.vector(*count_fragments(forms.normal))
        )

    def vector(self, keys_F: np.ndarray, counts_F: np.ndarray) -> np.ndarray:
        """Return the vector of counted fragments: float32 (W,) of unit norm, or zeros."""
        vector_W = np.concatenate([part.vector(keys_F, counts_F) for part in self._parts])
        norm = float(np.linalg.norm(vector_W))
        return vector_W / np.float32(norm) if norm else vector_W

    def save(self, folder: Path) -> None:
        """Write the tables into a folder, as `FILE`."""
        arrays: dict[str, np.ndarray] = {
            "gains": np.asarray([part.gain for part in self._parts], np.float32)
        }
        for number, part in enumerate(self._parts):
            named = {"keys": part.keys_V, "weights": part.weights_V, "matrix": part.matrix_VW}
            arrays |= {f"{number}.{name}": array for name, array in named.items()}
        if self.identifiers is not None:
            arrays |= _arrays(self.identifiers)
        with replacing(folder / FILE) as beside:
            save_file(arrays, beside)
            beside.chmod(0o644)  # safetensors makes it the owner's alone

    @classmethod
    def load(cls, folder: Path) -> FragmentEncoder:
        """Read `FILE` from a folder.

        Raises:
            InputError: the file is missing, broken, or of an earlier version.
        """
        path = folder / FILE
        try:
            found = load_file(path)
            gains = [float(gain) for gain in found["gains"]]
            parts = [
                FragmentTable(
                    found[f"{number}.keys"],
                    found[f"{number}.weights"],
                    found[f"{number}.matrix"],
                    gain,
                )
                for number, gain in enumerate(gains)
            ]
            identifiers = None
            if _SHAPE in found:
                dimension, gain = found[_SHAPE].tolist()
                identifiers = IdentifierEncoder(
                    found[_KEYS],
                    found[_WEIGHTS],
                    int(dimension),
                    gain,
                    "unicode" if _UNICODE in found else "ascii",
                )
        except OSError as error:
            raise InputError(error.strerror or "is missing", path=path) from None
        except (SafetensorError, KeyError, ValueError):
            raise InputError("is not a fragment encoder of this version", path=path) from None
        for part in parts:
            sizes = {len(part.keys_V), len(part.weights_V), len(part.matrix_VW)}
            if len(sizes) > 1 or part.matrix_VW.ndim != 2:
                raise InputError("is not a fragment encoder: its arrays do not fit", path=path)
        if identifiers is not None and len(identifiers.keys_V) != len(identifiers.weights_V):
            raise InputError("is not a fragment encoder: its arrays do not fit", path=path)
        return cls(parts, identifiers)


_KEYS, _WEIGHTS, _SHAPE = "identifiers.keys", "identifiers.weights", "identifiers.shape"
_UNICODE = "identifiers.unicode"
"""There if names are split at letters of all scripts; older files know the letters A to Z alone."""


def _arrays(identifiers: IdentifierEncoder) -> dict[str, np.ndarray]:
    shape = np.asarray([identifiers.dimension, identifiers.gain], np.float32)
    arrays = {_KEYS: identifiers.keys_V, _WEIGHTS: identifiers.weights_V, _SHAPE: shape}
    return arrays | ({_UNICODE: np.ones(1, np.uint8)} if identifiers.splitter == "unicode" else {})


def count_fragments(program: Program) -> tuple[np.ndarray, np.ndarray]:
    """Count the fragments of a program, which should be a normal form.

    Returns:
        Keys, uint32 (F,), and counts, float64 (F,). A key modulo `KINDS` is the fragment's kind.
    """
    counts = Counter(
        crc32(fragment.encode("utf-8", "replace")) // KINDS * KINDS + kind
        for kind, fragment in fragments(program)
    )
    size = len(counts)
    return np.fromiter(counts, np.uint32, size), np.fromiter(counts.values(), np.float64, size)


def concat_weighted(deep_ND: np.ndarray, fragments_NW: np.ndarray, gain: float) -> np.ndarray:
    """Concatenate unit vectors and counted blocks of weight `gain`: float32 (N, D + W) of unit
    norm.
    """
    both = np.concatenate([deep_ND, gain * fragments_NW], axis=1)
    return (both / np.linalg.norm(both, axis=1, keepdims=True)).astype(np.float32)


def quantize(
    keys_V: np.ndarray, weights_V: np.ndarray, matrix_VW: np.ndarray, gain: float
) -> FragmentTable:
    """Return a table with 8-bit rows, whose scales are multiplied into the weights."""
    scales_V = np.maximum(np.abs(matrix_VW).max(axis=1), np.finfo(np.float32).tiny) / 127
    rounded_VW = np.rint(matrix_VW / scales_V[:, None]).astype(np.int8)
    return FragmentTable(keys_V, (weights_V * scales_V).astype(np.float32), rounded_VW, gain)
