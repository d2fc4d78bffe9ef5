"""Pairs of views of counted functions: namesakes in different repositories, two halves of one
function, documentation or a name with the code.

A batch is a function of the seed and its number, so that an interrupted run resumes exactly.

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
"""Share of the words of a view that are kept, where it has words at all."""

_WITH_WORDS = 0.8
"""Share of the views that keep words of properties, globals and strings."""

_TEXT_KEPT = 0.9
"""Share of the words of a documentation that are kept."""

_CODE_KEPT = 0.7
"""Share of a function's fragments kept beside its documentation."""

_CODE_NAMED = 0.8
"""Share of the functions beside documentation that keep local names."""

_NAME_HIDDEN = 0.4
"""Share of the functions beside documentation whose own name is hidden."""

_SHORTEST_TEXT = 3
"""Words of a documentation that says something."""

_MOST = 20
"""Repositories that share a name at most; commoner names say little."""


class Ragged(NamedTuple):
    """Known items of one part of all functions.

    Attributes:
        rows_F: int32.
        weights_F: float32.
        starts: int64 (N + 1,).
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
    """Pairs of views, and a label of each: equal labels are no negatives of each other."""

    query: Drawn
    key: Drawn
    labels_B: np.ndarray


class BagPairs:
    """Draws batches from a counted corpus.

    Args:
        corpus: the functions.
        vocabulary: what is known of them.
        config: settings.
        batch_size: B, of code with code and of text with code each.
        seed: of the draws.

    Raises:
        InputError: the corpus has neither namesakes nor documentation to pair.
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
        self._documented = np.flatnonzero(sizes_N >= _SHORTEST_TEXT)
        self._named = np.flatnonzero(np.diff(self._parts["name"].starts) >= 2)
        if not len(self._with_namesake) or not len(self._documented) or not len(self._named):
            raise InputError(
                "has no namesakes in two repositories, or no documentation", path=corpus.folder
            )

    def draw(self, number: int) -> tuple[DrawnPairs, DrawnPairs]:
        """Return batch `number`: pairs of code and code, and of text and code."""
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
        told = _take(self._parts[QUERY], chosen_B[:documented], keep, random)
        named = _take(self._parts["name"], chosen_B[documented:], np.float32(1), random)
        text = (
            np.concatenate([told[0], named[0]]),
            np.concatenate([told[1], named[1]]),
            np.concatenate([told[2], named[2][1:] + told[2][-1]]),
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
        """Draw a view: a share of the fragments, with or without words, names and own name."""
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
    """Choose what is known: the commonest fragments and words of a counted corpus."""
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
    """Return the known items of all functions, by part."""
    rows: defaultdict[str, list[Rows]] = defaultdict(list)
    for number in range(len(corpus)):
        bags = {name: field.bag(number) for name, field in corpus.fields.items()}
        told = bags.pop("documentation")
        for part, found in vocabulary.rows(FunctionBag(**bags)).items():
            rows[part].append(found)
        rows[QUERY].append(vocabulary.word_rows(told))
    return {
        part: Ragged(
            np.concatenate([one.rows_F for one in found]).astype(np.int32),
            np.concatenate([one.weights_F for one in found]),
            np.cumsum([0, *(len(one.rows_F) for one in found)]),
        )
        for part, found in rows.items()
    }


def _namesakes(corpus: CountedCorpus) -> dict[int, np.ndarray]:
    """Return, for each function with a namesake in another repository, all of them."""
    found: dict[int, np.ndarray] = {}
    for numbers in _groups(corpus.names_N):
        repositories = corpus.repositories_N[numbers]
        if corpus.names_N[numbers[0]] >= 0 and 1 < len(set(repositories.tolist())) <= _MOST:
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
    """Return rows, weights and starts of some functions, each item kept with a probability."""
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
