"""The functions of an index that are most like a given one, or match words best.

Legend: N functions, D embedding.
"""

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

import numpy as np

from contracode.products.search.functions import word_keys
from contracode.products.search.index import FunctionLocation, Index
from contracode.products.search.sketches import overlap

_ROWS = 16_384
"""Rows that are compared at once: 16 MB in float32 for vectors of 256 numbers."""

_NAME_WEIGHT = 3
"""Weight of a word in the name, relative to one in the body."""


class SearchHit(NamedTuple):
    """A function that was found, with its likeness, or its score for words, which has no scale."""

    place: FunctionLocation
    score: float


def nearest(
    index: Index,
    vector_D: np.ndarray,
    sketch: bytes,
    count: int,
    *,
    wanted: Callable[[FunctionLocation], bool] = lambda place: True,
) -> list[SearchHit]:
    """Return the functions that are most like a given one, best first.

    Args:
        index: the functions to compare.
        vector_D: embedding of the given function, of unit norm: float32 (D,).
        sketch: of the given function.
        count: most functions to return.
        wanted: returns whether a function may be returned.
    """
    score_N = np.empty(len(index), np.float32)
    sketch_K = np.frombuffer(sketch, np.uint8)
    for start in range(0, len(index), _ROWS):
        rows = slice(start, start + _ROWS)
        score_N[rows] = likeness(
            index.unit(rows) @ vector_D, overlap(sketch_K, index.sketches_NK[rows])
        )
    return _best(index, score_N, count, wanted)


def likeness(cosine: np.ndarray, shared: np.ndarray) -> np.ndarray:
    """Return the likeness of functions, 0 to 1: the mean of cosine similarity and shared shingles.

    With the shipped model it finds rewritten functions far more often than the cosine alone
    (`docs/search.md`).
    """
    return np.clip((np.maximum(cosine, 0) + shared) / 2, 0, 1)


def by_words(index: Index, query: str, count: int) -> list[SearchHit]:
    """Return the functions whose names, code or documentation match the words of a query best.

    The score is BM25 with infinite k1 and b = 0.5, as each word is kept once: rare words count more
    (weight of Robertson and Spärck Jones), and so do words of the name.
    """
    keys = word_keys([query])
    places = index.places
    held = [np.frombuffer(place.function.words, np.uint32) for place in places]
    if not keys or not held:
        return []
    wanted = np.fromiter(keys, np.uint32)
    have_NQ = np.stack([np.isin(wanted, own) for own in held])
    holders_Q = have_NQ.sum(axis=0)
    weight_Q = np.log(1 + (len(places) - holders_Q + 0.5) / (holders_Q + 0.5))
    lengths_N = np.asarray([len(own) for own in held], np.float64)
    factor_NQ = have_NQ.astype(np.float64)
    for row in np.flatnonzero(have_NQ.any(axis=1)):
        in_name = word_keys([places[row].function.name])
        factor_NQ[row] *= [_NAME_WEIGHT if key in in_name else 1 for key in keys]
    score_N = factor_NQ @ weight_Q / (0.5 + 0.5 * lengths_N / max(lengths_N.mean(), 1))
    return _best(index, score_N, count, lambda place: True, min_score=0.0)


def _best(
    index: Index,
    score_N: np.ndarray,
    count: int,
    wanted: Callable[[FunctionLocation], bool],
    min_score: float = -np.inf,
) -> list[SearchHit]:
    order = np.argsort(-score_N, kind="stable").tolist()  # ties in the order of the files
    found = (
        SearchHit(index.places[row], float(score_N[row]))
        for row in order
        if score_N[row] > min_score
    )
    return list(islice((one for one in found if wanted(one.place)), count))
