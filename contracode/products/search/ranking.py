"""The functions of an index that are most like a given one, or match words best.

Legend: N functions, D embedding.
"""

import re
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

import numpy as np

from contracode.inference.bag_model import BagModel
from contracode.inputs.bags.counting import Bag
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


def by_text(index: Index, query: str, count: int, model: BagModel) -> list[SearchHit]:
    """Return the functions that fit a text best: BM25 and a learned text tower, fused by rank.

    The learned part finds functions that share no word with the query. Functions in the files of
    tests come after others of the same rank.

    Args:
        index: in which to look.
        query: some words.
        count: most functions returned.
        model: embeds the query and the words that the index keeps.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion Outperforms Condorcet and
        Individual Rank Learning Methods, SIGIR 2009.
    """
    (query_D,) = model.encode_queries([query])
    if not len(index) or not (query_D.any() or word_keys([query])):
        return []
    names = [place.function.name for place in index.places]
    held = [np.frombuffer(place.function.words, np.uint32) for place in index.places]
    bags = [Bag(keys, np.ones(len(keys), np.float32)) for keys in held]
    learned_N = model.encode_words(bags, names) @ query_D
    learned_N += NAME_SIMILARITY * (model.encode_queries(names) @ query_D)
    score_N = _reciprocal_ranks(_word_scores(index, query)) + _reciprocal_ranks(learned_N)
    is_test_N = [bool(_TEST.search(place.path)) for place in index.places]
    return _best(index, score_N - _TEST_PENALTY * np.asarray(is_test_N), count, lambda place: True)


NAME_SIMILARITY = 0.5
"""Weight of the similarity of a query and a name beside that of the query and the function."""

_RANK_OFFSET = 60
"""The constant of reciprocal rank fusion."""

_TEST = re.compile(r"(^|/)(tests?|specs?|__tests__)/|[._-](test|spec)\.\w+$")
"""Paths of tests."""

_TEST_PENALTY = 0.002
"""What a function of a test loses: some eight ranks near the top."""


def _reciprocal_ranks(score_N: np.ndarray) -> np.ndarray:
    """Return 1 / (offset + rank), equal for equal scores; 0 for scores of 0 and less."""
    order_N = np.sort(-score_N)
    ranks_N = np.searchsorted(order_N, -score_N) + 1
    return np.where(score_N > 0, 1 / (_RANK_OFFSET + ranks_N), 0.0)


def by_words(index: Index, query: str, count: int) -> list[SearchHit]:
    """Return the functions whose names, code or documentation match the words of a query best."""
    return _best(index, _word_scores(index, query), count, lambda place: True, min_score=0.0)


def _word_scores(index: Index, query: str) -> np.ndarray:
    """Score all functions by BM25: float64 (N,); 0 for one without a word of the query.

    The score is BM25 with infinite k1 and b = 0.5, as each word is kept once: rare words count more
    (weight of Robertson and Spärck Jones), and so do words of the name.
    """
    keys = word_keys([query])
    places = index.places
    held = [np.frombuffer(place.function.words, np.uint32) for place in places]
    if not keys or not held:
        return np.zeros(len(places))
    wanted = np.fromiter(keys, np.uint32)
    have_NQ = np.stack([np.isin(wanted, own) for own in held])
    holders_Q = have_NQ.sum(axis=0)
    weight_Q = np.log(1 + (len(places) - holders_Q + 0.5) / (holders_Q + 0.5))
    lengths_N = np.asarray([len(own) for own in held], np.float64)
    factor_NQ = have_NQ.astype(np.float64)
    for row in np.flatnonzero(have_NQ.any(axis=1)):
        in_name = word_keys([places[row].function.name])
        factor_NQ[row] *= [_NAME_WEIGHT if key in in_name else 1 for key in keys]
    return factor_NQ @ weight_Q / (0.5 + 0.5 * lengths_N / max(lengths_N.mean(), 1))


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
