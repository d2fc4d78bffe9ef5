"""Pairs of views of counted functions, for a bag model.

A pair is two namesakes in different repositories, two samples of one function, or a documentation
or name with its code. A batch depends on the seed and its number alone, so that an interrupted run
resumes exactly.

Legend: B functions of a batch, N of the corpus, F items.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from contracode.corpus.counted.arrays import CountedCorpus
from contracode.inputs.bags.counting import FunctionBag
from contracode.inputs.bags.vocabulary import (
    BLIND,
    NAMED,
    QUERY,
    BagVocabulary,
    Rows,
    count_items,
    fit_vocabulary,
)
from contracode.support.config import BagConfig
from contracode.support.errors import InputError

_WORDS_KEPT = 0.7
"""Share of its words that a view with words keeps."""

_WITH_WORDS = 0.8
"""Share of the views that keep words of properties, globals and strings."""

_TEXT_KEPT = 0.9
"""Share of the words of a documentation that are kept."""

_CODE_KEPT = 0.7
"""Share of its fragments that a function paired with a text keeps."""

_CODE_NAMED = 0.8
"""Share of the functions paired with a text that keep local names."""

_NAME_HIDDEN = 0.4
"""Share of the functions paired with documentation whose own name is hidden."""

_MIN_WORDS = 3
"""Minimum number of words of a documentation."""

_MAX_REPOSITORIES = 20
"""Maximum number of repositories that share a name; more frequent names are not informative."""


class Ragged(NamedTuple):
    """Items of one part of all functions that the vocabulary knows.

    Attributes:
        rows_F: int32, row of the table of each item.
        weights_F: float32, weight of each item.
        starts: int64 (N + 1,), index of the first item of each function, and the end.
    """

    rows_F: np.ndarray
    weights_F: np.ndarray
    starts: np.ndarray


@dataclass(frozen=True, slots=True)
class Drawn:
    """One view of the functions of a batch, by part: rows, weights, starts (B + 1,)."""

    parts: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class DrawnPairs:
    """Pairs of views and their labels; equal labels are not negatives of each other."""

    query: Drawn
    key: Drawn
    labels_B: np.ndarray


class BagPairs:
    """Draws batches from a counted corpus.

    Args:
        corpus: the functions.
        vocabulary: fragments and words that have a row in the table.
        config: settings.
        batch_size: B: number of pairs of code and code, and of pairs of text and code.
        seed: seed of the draws.

    Raises:
        InputError: the corpus has no namesakes in two repositories, no documentation or no names.
    """

    def __init__(
        self,
        corpus: CountedCorpus,
        vocabulary: BagVocabulary,
        config: BagConfig,
        *,
        batch_size: int,
        seed: int,
    ) -> None:
        self._config = config
        self._batch_size = batch_size
        self._seed = seed
        self._labels_N = corpus.names_N
        self._parts = _known(corpus, vocabulary)
        self._namesakes = _namesakes(corpus)
        self._with_namesake = np.asarray(sorted(self._namesakes), np.int64)
        sizes_N = np.diff(self._parts[QUERY].starts)
        self._documented = np.flatnonzero(sizes_N >= _MIN_WORDS)
        self._named = np.flatnonzero(np.diff(self._parts["name"].starts) >= 2)
        if not len(self._with_namesake) or not len(self._documented) or not len(self._named):
            raise InputError(
                "has no namesakes in two repositories, or no documentation", path=corpus.folder
            )

    def draw(self, number: int) -> tuple[DrawnPairs, DrawnPairs]:
        """Return batch `number`: pairs of code and code, and pairs of text and code."""
        random = np.random.default_rng([self._seed, number])
        return self._code(random), self._text(random)

    def _code(self, random: np.random.Generator) -> DrawnPairs:
        size = self._batch_size
        paired_B = random.random(size) < self._config.namesakes
        chosen_B = np.where(
            paired_B,
            random.choice(self._with_namesake, size),
            random.integers(0, len(self._labels_N), size),
        )
        others_B = chosen_B.copy()
        for place in np.flatnonzero(paired_B):
            others_B[place] = random.choice(self._namesakes[int(chosen_B[place])])
        hidden_B = np.ones(size, bool)
        views = [
            self._view(random, which_B, hidden_B, self._config.keep, self._config.names)
            for which_B in (chosen_B, others_B)
        ]
        return DrawnPairs(views[0], views[1], self._labels_N[chosen_B])

    def _text(self, random: np.random.Generator) -> DrawnPairs:
        size = self._batch_size
        documented = size - int(self._config.names_as_text * size)
        chosen_B = np.concatenate(
            [
                random.choice(self._documented, documented),
                random.choice(self._named, size - documented),
            ]
        )
        keep = np.float32(_TEXT_KEPT)
        texts = _take(self._parts[QUERY], chosen_B[:documented], keep, random)
        named = _take(self._parts["name"], chosen_B[documented:], np.float32(1), random)
        text = (
            np.concatenate([texts[0], named[0]]),
            np.concatenate([texts[1], named[1]]),
            np.concatenate([texts[2], named[2][1:] + texts[2][-1]]),
        )
        hidden_B = (np.arange(size) >= documented) | (random.random(size) < _NAME_HIDDEN)
        code = self._view(random, chosen_B, hidden_B, _CODE_KEPT, _CODE_NAMED)
        return DrawnPairs(Drawn({QUERY: text}), code, self._labels_N[chosen_B])

    def _view(
        self,
        random: np.random.Generator,
        chosen_B: np.ndarray,
        hidden_B: np.ndarray,
        keep: float,
        names: float,
    ) -> Drawn:
        """Draw a view of some functions.

        Args:
            random: source of random numbers.
            chosen_B: indices of the functions.
            hidden_B: whether to leave out the function's own name.
            keep: share of the fragments that are kept.
            names: share of the views that keep local names.
        """
        size = len(chosen_B)
        words_B = np.where(random.random(size) < _WITH_WORDS, _WORDS_KEPT, 0)
        locals_B = np.where(random.random(size) < names, _WORDS_KEPT, 0)
        shares = {"words": words_B, "locals": locals_B, "name": np.where(hidden_B, 0, 1)}
        fragments_B = np.full(size, keep)
        return Drawn(
            {
                part: _take(self._parts[part], chosen_B, shares.get(part, fragments_B), random)
                for part in (*BLIND, *NAMED)
            }
        )


def fit_bag_vocabulary(corpus: CountedCorpus, config: BagConfig) -> BagVocabulary:
    """Return a vocabulary of the most frequent fragments and words of a counted corpus."""
    fragments = corpus.fields["fragments"]
    words = [corpus.fields[name] for name in ("words", "locals", "name", "documentation")]
    sizes = {
        "shape": config.shape,
        "signature": config.signature,
        "literals": config.literals,
        "operations": config.operations,
        "words": config.words,
    }
    return fit_vocabulary(
        count_items([fragments.keys_F], [fragments.counts_F]),
        count_items([one.keys_F for one in words], [one.counts_F for one in words]),
        functions=len(corpus),
        sizes=sizes,
        min_bags=config.min_bags,
    )


def _known(corpus: CountedCorpus, vocabulary: BagVocabulary) -> dict[str, Ragged]:
    """Return the items of all functions that the vocabulary knows, by part."""
    rows: defaultdict[str, list[Rows]] = defaultdict(list)
    for number in range(len(corpus)):
        bags = {name: field.bag(number) for name, field in corpus.fields.items()}
        documentation = bags.pop("documentation")
        for part, found in vocabulary.rows(FunctionBag(**bags)).items():
            rows[part].append(found)
        rows[QUERY].append(vocabulary.word_rows(documentation))
    return {
        part: Ragged(
            np.concatenate([one.rows_F for one in found]).astype(np.int32),
            np.concatenate([one.weights_F for one in found]),
            np.cumsum([0, *(len(one.rows_F) for one in found)]),
        )
        for part, found in rows.items()
    }


def _namesakes(corpus: CountedCorpus) -> dict[int, np.ndarray]:
    """Return the namesakes in other repositories of each function that has any."""
    found: dict[int, np.ndarray] = {}
    for numbers in _groups(corpus.names_N):
        repositories = corpus.repositories_N[numbers]
        if (
            corpus.names_N[numbers[0]] >= 0
            and 1 < len(set(repositories.tolist())) <= _MAX_REPOSITORIES
        ):
            for number, repository in zip(numbers.tolist(), repositories, strict=True):
                found[number] = numbers[repositories != repository]
    return found


def _groups(labels_N: np.ndarray) -> Iterator[np.ndarray]:
    order = np.argsort(labels_N, kind="stable")
    edges = np.flatnonzero(np.diff(labels_N[order])) + 1
    yield from np.split(order, edges)


def _take(
    items: Ragged,
    chosen_B: np.ndarray,
    keep: np.ndarray | np.floating | float,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, weights and starts of some functions, keeping each item with a probability."""
    sizes_B = items.starts[chosen_B + 1] - items.starts[chosen_B]
    owners_F = np.repeat(np.arange(len(chosen_B)), sizes_B)
    first_B = np.cumsum(sizes_B) - sizes_B
    places_F = np.arange(len(owners_F)) - first_B[owners_F] + items.starts[chosen_B][owners_F]
    kept_F = (
        random.random(len(owners_F), np.float32) < np.broadcast_to(keep, len(chosen_B))[owners_F]
    )
    places_F, owners_F = places_F[kept_F], owners_F[kept_F]
    starts = np.concatenate([[0], np.cumsum(np.bincount(owners_F, minlength=len(chosen_B)))])
    return items.rows_F[places_F], items.weights_F[places_F], starts
