"""Second stage of a build: chooses the rows to keep, by their keys alone.

Memory: 17 bytes of keys per row, and at most 42 while they are sorted (measured on 1.8 million
rows); the rows themselves stay on disk.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from contracode.corpus.build.parts import KEYS


def choose(keys: np.ndarray, excluded: np.ndarray) -> tuple[np.ndarray, Counter[str]]:
    """Keep the first of the rows that are equal up to renaming, and no excluded row.

    A row is excluded if its tokens are listed, or if it is equal up to renaming to a row whose
    tokens are.

    Args:
        keys: `parts.KEYS` (N,), in the order of the corpus.
        excluded: keys of tokens, uint64 (M,).

    Returns:
        kept: bool (N,).
        left_out: number of the other rows, by reason.
    """
    assert keys.dtype == KEYS
    reserved = _is_excluded(keys, excluded)
    same_tokens = ~_is_first(keys["tokens"]) & ~reserved
    renamed = ~_is_first(keys["renamed"]) & ~reserved & ~same_tokens
    left_out = {"excluded": reserved, "duplicate": same_tokens, "duplicate up to renaming": renamed}
    counts = Counter({reason: int(rows.sum()) for reason, rows in left_out.items() if rows.any()})
    return ~(reserved | same_tokens | renamed), counts


def excluded_rows(keys: np.ndarray, excluded: np.ndarray) -> np.ndarray:
    """Return the sorted numbers of the excluded rows, int64 (R,); of rows that are equal up to
    renaming, only the first.
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
