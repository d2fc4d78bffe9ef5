"""The functions of an index that are most like one, or that fit words best.

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
"""Rows compared at once: 16 MB in float32 for vectors of 256 numbers."""

_NAME_WEIGHT = 3
"""Of a word that the name has, against one of the body."""


class SearchHit(NamedTuple):
    """A function that was found, and how well it fits: its likeness, or a score of words, without a
    scale.
    """

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
    """Return the functions that are most like one, the most alike first.

    Args:
        index: in which to look.
        vector_D: of the function, of unit norm: float32 (D,).
        sketch: of the function.
        count: most functions returned.
        wanted: answers which may be returned.
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
    """Return how alike functions are, 0 to 1: the mean of their cosine similarity and of the share
    of shingles they have in common.

    With the shipped model the mean finds a rewritten function again far more often than the cosine
    alone (`docs/search.md`).
    """
    return np.clip((np.maximum(cosine, 0) + shared) / 2, 0, 1)


def by_words(index: Index, query: str, count: int) -> list[SearchHit]:
    """Return the functions that have the words of a query in their names, code or documentation.

    Each word counts by how few functions have it (Robertson and Spärck Jones' weight), more where
    the name has it; a function with few other words before one with many (BM25 with k1 infinite and
    b = 0.5, as each word is kept once).
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
    return _best(index, score_N, count, lambda place: True, least=0.0)


def _best(
    index: Index,
    score_N: np.ndarray,
    count: int,
    wanted: Callable[[FunctionLocation], bool],
    least: float = -np.inf,
) -> list[SearchHit]:
    order = np.argsort(-score_N, kind="stable").tolist()  # ties in the order of the files
    found = (
        SearchHit(index.places[row], float(score_N[row])) for row in order if score_N[row] > least
    )
    return list(islice((one for one in found if wanted(one.place)), count))
