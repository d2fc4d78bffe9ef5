"""Tables quantized to 8 bits: each row is whole numbers from -127 to 127 times a scale of its own.

Legend: V rows, W columns.
"""

import numpy as np

SCALE = "_scale"
"""Suffix of the name under which the scales of a table are stored."""

_HIGHEST = 127


def to_bytes(matrix_VW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a table's int8 rows (V, W) and their scales, float16 (V,).

    A scale is the smallest float16 that suffices. Its products with int8 are exact in float32, so
    that a table that was read back and is stored again gives the same bytes.
    """
    needed_V = np.abs(matrix_VW).max(axis=1, initial=0).astype(np.float32) / _HIGHEST
    needed_V = np.maximum(needed_V, np.finfo(np.float16).smallest_normal)
    scale_V = needed_V.astype(np.float16)
    scale_V = np.where(scale_V < needed_V, np.nextafter(scale_V, np.float16(np.inf)), scale_V)
    return np.rint(matrix_VW / scale_V.astype(np.float32)[:, None]).astype(np.int8), scale_V


def from_bytes(bytes_VW: np.ndarray, scale_V: np.ndarray) -> np.ndarray:
    """Return a table as float32 (V, W)."""
    return bytes_VW.astype(np.float32) * scale_V.astype(np.float32)[:, None]
