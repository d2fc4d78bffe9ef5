"""Sources longer than the encoder's window: where to cut them, and which pieces a span of bytes
covers.

Legend: T pieces of the whole source, D embedding, N targets.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

import augment

Break = tuple[int, int]
"""A place to cut before: index of a piece, nesting depth of the syntax that starts there."""


# Nodes whose children stand in a row: between them a source falls apart with least harm.
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


class Window(NamedTuple):
    """Pieces `start:stop` are encoded together; the states of `core_start:core_stop` are kept, the
    rest is context.
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
    """Cut `num_pieces` pieces into consecutive parts of at most `size`, at least half full where
    there is a choice.

    Args:
        num_pieces: how many there are; none give no part.
        size: the most that a part may hold.
        places: where cutting is welcome; the shallowest place in the second half of a part is
            taken, the last among equals. Without one the part is filled.

    Returns:
        Ranges `(start, stop)` that cover all pieces.

    Raises:
        ValueError: `size` is less than 1, so that no part would hold a piece.
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
    """Cut into cores of at most three quarters of `size`, each widened by its neighbours' pieces to
    at most `size`.
    """
    if num_pieces <= size:
        return [Window(0, num_pieces, 0, num_pieces)] if num_pieces else []
    windows: list[Window] = []
    for core_start, core_stop in cut(num_pieces, max(1, size * 3 // 4), places):
        start = max(0, core_start - (size - (core_stop - core_start)) // 2)
        windows.append(Window(start, min(num_pieces, start + size), core_start, core_stop))
    return windows


def pieces_of(spans_T2: np.ndarray, span: tuple[int, int]) -> slice:
    """Return the pieces that overlap a span of bytes; the spans of the pieces are in order."""
    first = int(np.searchsorted(spans_T2[:, 1], span[0], side="right"))
    last = int(np.searchsorted(spans_T2[:, 0], span[1], side="left"))
    return slice(first, max(first, last))


def covered(spans_T2: np.ndarray, spans: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return which pieces overlap some of these spans of bytes: bool (T,)."""
    span_S2 = np.asarray(list(spans), np.int64).reshape(-1, 2)
    edges_T = np.zeros(len(spans_T2) + 1, np.int64)
    np.add.at(edges_T, np.searchsorted(spans_T2[:, 1], span_S2[:, 0], side="right"), 1)
    np.add.at(edges_T, np.searchsorted(spans_T2[:, 0], span_S2[:, 1], side="left"), -1)
    return np.cumsum(edges_T[:-1]) > 0


class Occurrences(NamedTuple):
    """Which pieces belong to which occurrences of which targets, flat.

    Attributes:
        pieces: int64 (P,), indices of pieces, grouped by occurrence.
        occurrence_of: int64 (P,), for each of them the number of its occurrence, ascending.
        target_of: int64 (O,), for each occurrence the number of its target, ascending.
    """

    pieces: np.ndarray
    occurrence_of: np.ndarray
    target_of: np.ndarray


def occurrences(spans_T2: np.ndarray, targets: Sequence[Sequence[tuple[int, int]]]) -> Occurrences:
    """Find the pieces of every target's spans; every target must have a span that covers a
    piece.
    """
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

    An occurrence is the mean of its pieces; a target is the mean, and the element-wise maximum, of
    its occurrences: so a name split into five pieces counts no more than one of a single piece.

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
