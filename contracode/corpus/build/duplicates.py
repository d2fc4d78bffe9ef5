"""Second stage of a build: which rows are kept, told from their keys alone.

In memory are 17 bytes of keys a row, and 42 at most while they are sorted (measured on 1.8
million); the rows stay on disk.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from contracode.corpus.build.parts import KEYS


def choose(keys: np.ndarray, excluded: np.ndarray) -> tuple[np.ndarray, Counter[str]]:
    """Say which rows are kept: of those that are equal up to renaming the first, and none that is
    excluded.

    A row is excluded when its tokens are listed, or when it equals one of the corpus that is, up to
    renaming.

    Args:
        keys: `parts.KEYS` (N,), in the order of the corpus.
        excluded: keys of tokens, uint64 (M,).

    Returns:
        kept: bool (N,).
        left_out: number of the others, by reason.
    """
    assert keys.dtype == KEYS
    reserved = _is_excluded(keys, excluded)
    same_tokens = ~_is_first(keys["tokens"]) & ~reserved
    renamed = ~_is_first(keys["renamed"]) & ~reserved & ~same_tokens
    left_out = {"excluded": reserved, "duplicate": same_tokens, "duplicate up to renaming": renamed}
    counts = Counter({reason: int(rows.sum()) for reason, rows in left_out.items() if rows.any()})
    return ~(reserved | same_tokens | renamed), counts


def excluded_rows(keys: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Return the numbers of the rows that are excluded, of those that are equal up to renaming the
    first, rising, int64 (R,).
    """
    rows = np.flatnonzero(_is_excluded(keys, excluded))
    return rows[_is_first(keys["renamed"][rows])]


def _is_excluded(keys: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    listed = np.isin(keys["tokens"], excluded)
    return np.isin(keys["renamed"], keys["renamed"][listed]) if listed.any() else listed


def _is_first(values: np.ndarray) -> np.ndarray:
    """Whether each value (N,) occurs for the first time, bool (N,)."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.empty(len(values), bool)
    first[order[:1]] = True
    first[order[1:]] = ordered[1:] != ordered[:-1]
    return first
