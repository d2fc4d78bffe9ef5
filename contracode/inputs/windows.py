"""Sources longer than the encoder's window: where to cut them, and which pieces cover a span.

Legend: B rows, T pieces of the whole source or of a row, D embedding, N targets.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

import augment

Break = tuple[int, int]
"""A place to cut: index of the piece behind it, nesting depth of the syntax that starts there."""


# Nodes whose children are lists of statements or members, between which sources are best cut.
_LISTS = frozenset(
    {
        "program",
        "statement_block",
        "class_body",
        "switch_body",
        "switch_case",
        "switch_default",
        "object",
    }
)


def padded(rows: Sequence[np.ndarray], fill: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of pieces padded to the longest, int64 (B, T), and the mask of their pieces."""
    lengths_B = np.asarray([len(row) for row in rows], np.int64)
    length = int(lengths_B.max(initial=0))
    pieces_BT = np.full((len(rows), length), fill, np.int64)
    for number, ids_T in enumerate(rows):
        pieces_BT[number, : len(ids_T)] = ids_T
    return pieces_BT, np.arange(length) < lengths_B[:, None]


class Window(NamedTuple):
    """Pieces `start:stop` are encoded together, and the states of `core_start:core_stop` are kept;
    the rest is context.
    """

    start: int
    stop: int
    core_start: int
    core_stop: int


def breaks(
    program: augment.Program, spans_T2: np.ndarray, offsets: Sequence[int] | None = None
) -> list[Break]:
    """Return the pieces at which statements and class members begin, in order.

    Args:
        program: the source.
        spans_T2: bytes of the pieces.
        offsets: the byte at which each token of the program begins in the text that was cut into
            pieces, if that is another text than the source.
    """
    depth: list[int] = []  # of each node, in preorder
    begins: list[tuple[int, int]] = []
    for node in program.tree.nodes:
        depth.append(0 if node.parent is None else depth[node.parent.index] + 1)
        if node.is_named and node.parent is not None and node.parent.type in _LISTS:
            start = node.start if offsets is None else offsets[node.first]
            begins.append((start, depth[-1]))
    first_B = np.searchsorted(spans_T2[:, 1], [start for start, _ in begins], side="right")
    found: dict[int, int] = {}  # the outermost of those that begin with one piece comes first
    for first, (_, deep) in zip(first_B.tolist(), begins, strict=True):
        found.setdefault(first, deep)
    return sorted(found.items())


def cut(num_pieces: int, size: int, places: Sequence[Break] = ()) -> list[tuple[int, int]]:
    """Cut pieces into consecutive parts of at most `size`.

    Args:
        num_pieces: number of pieces; 0 gives no part.
        size: most pieces of a part.
        places: preferred places: of those in the second half of a part the shallowest is taken, the
            last one if several are. If there is none, the part is filled.

    Returns:
        Ranges `(start, stop)` that cover all pieces.

    Raises:
        ValueError: `size` is less than 1.
    """
    if size < 1:
        raise ValueError(f"parts of {size} pieces")
    parts: list[tuple[int, int]] = []
    start = 0
    at = 0
    while num_pieces - start > size:
        best: Break | None = None
        while at < len(places) and places[at][0] <= start + size // 2:
            at += 1
        ahead = at
        while ahead < len(places) and places[ahead][0] <= start + size:
            if best is None or places[ahead][1] <= best[1]:
                best = places[ahead]
            ahead += 1
        stop = best[0] if best else start + size
        parts.append((start, stop))
        start = stop
    if start < num_pieces:
        parts.append((start, num_pieces))
    return parts


def with_context(num_pieces: int, size: int, places: Sequence[Break] = ()) -> list[Window]:
    """Cut into cores of at most three quarters of `size`, each with context on both sides, at most
    `size` in all.
    """
    if num_pieces <= size:
        return [Window(0, num_pieces, 0, num_pieces)] if num_pieces else []
    windows: list[Window] = []
    for core_start, core_stop in cut(num_pieces, max(1, size * 3 // 4), places):
        start = max(0, core_start - (size - (core_stop - core_start)) // 2)
        windows.append(Window(start, min(num_pieces, start + size), core_start, core_stop))
    return windows


def pieces_of(spans_T2: np.ndarray, span: tuple[int, int]) -> slice:
    """Return the pieces that overlap a span of bytes; `spans_T2` must be in order."""
    first = int(np.searchsorted(spans_T2[:, 1], span[0], side="right"))
    last = int(np.searchsorted(spans_T2[:, 0], span[1], side="left"))
    return slice(first, max(first, last))


def covered(spans_T2: np.ndarray, spans: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return which pieces overlap any of some spans of bytes: bool (T,)."""
    span_S2 = np.asarray(list(spans), np.int64).reshape(-1, 2)
    edges_T = np.zeros(len(spans_T2) + 1, np.int64)
    np.add.at(edges_T, np.searchsorted(spans_T2[:, 1], span_S2[:, 0], side="right"), 1)
    np.add.at(edges_T, np.searchsorted(spans_T2[:, 0], span_S2[:, 1], side="left"), -1)
    return np.cumsum(edges_T[:-1]) > 0


class Occurrences(NamedTuple):
    """The pieces of each occurrence of each target, as flat arrays.

    Attributes:
        pieces: int64 (P,), indices of pieces, grouped by occurrence.
        occurrence_of: int64 (P,), the occurrence of each of these pieces, ascending.
        target_of: int64 (O,), the target of each occurrence, ascending.
    """

    pieces: np.ndarray
    occurrence_of: np.ndarray
    target_of: np.ndarray


def occurrences(spans_T2: np.ndarray, targets: Sequence[Sequence[tuple[int, int]]]) -> Occurrences:
    """Find the pieces of each target's spans; each target must have a span that covers a piece."""
    number_S = np.repeat(np.arange(len(targets)), [len(spans) for spans in targets])
    span_S2 = np.asarray([span for spans in targets for span in spans], np.int64).reshape(-1, 2)
    first_S = np.searchsorted(spans_T2[:, 1], span_S2[:, 0], side="right")
    last_S = np.searchsorted(spans_T2[:, 0], span_S2[:, 1], side="left")
    covers_S = last_S > first_S
    first_O, length_O, target_of = (
        first_S[covers_S],
        (last_S - first_S)[covers_S],
        number_S[covers_S],
    )
    missing = np.setdiff1d(np.arange(len(targets)), target_of)
    assert not len(missing), f"target {missing[0]} at {list(targets[missing[0]])} covers no piece"
    occurrence_of = np.repeat(np.arange(len(length_O)), length_O)
    within_P = np.arange(len(occurrence_of)) - np.repeat(np.cumsum(length_O) - length_O, length_O)
    return Occurrences(first_O[occurrence_of] + within_P, occurrence_of, target_of)


def pool(hidden_TD: np.ndarray, which: Occurrences) -> tuple[np.ndarray, np.ndarray]:
    """Pool hidden states over the occurrences of each target.

    An occurrence is the mean of its pieces, so that a name of five pieces counts no more than a
    name of one; a target is the mean, and the element-wise maximum, of its occurrences.

    Returns:
        Mean and maximum, float32 (N, D) each.
    """
    occurrence_OD = _segment_mean(hidden_TD[which.pieces], which.occurrence_of)
    starts = _starts(which.target_of)
    return _segment_mean(occurrence_OD, which.target_of), np.maximum.reduceat(
        occurrence_OD, starts, axis=0
    )


def _starts(segments: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.diff(segments, prepend=-1))


def _segment_mean(rows: np.ndarray, segments: np.ndarray) -> np.ndarray:
    return np.add.reduceat(rows, _starts(segments), axis=0) / np.bincount(segments)[:, None].astype(
        np.float32
    )
