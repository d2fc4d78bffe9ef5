"""Tables in a byte a number: each row is whole numbers from -127 to 127 times a scale of its own.

Legend: V rows, W columns.
"""

import numpy as np

SCALE = "_scale"
"""What the name of a table's scales ends with, where both are stored side by side."""

_HIGHEST = 127


def to_bytes(matrix_VW: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a table's int8 rows (V, W) and their scales, float16 (V,).

    A scale is the least number of 16 bits that suffices: its products with bytes are exact in 32,
    so that a table which was read back and is stored again gives the same bytes.
    """
    needed_V = np.abs(matrix_VW).max(axis=1, initial=0).astype(np.float32) / _HIGHEST
    needed_V = np.maximum(needed_V, np.finfo(np.float16).smallest_normal)
    scale_V = needed_V.astype(np.float16)
    scale_V = np.where(scale_V < needed_V, np.nextafter(scale_V, np.float16(np.inf)), scale_V)
    return np.rint(matrix_VW / scale_V.astype(np.float32)[:, None]).astype(np.int8), scale_V


def from_bytes(bytes_VW: np.ndarray, scale_V: np.ndarray) -> np.ndarray:
    """Return a table as float32 (V, W)."""
    return bytes_VW.astype(np.float32) * scale_V.astype(np.float32)[:, None]
