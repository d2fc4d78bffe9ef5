"""Pairs of views from a packed corpus, with new local names."""

import random
from collections.abc import Callable

import numpy as np

from contracode.corpus.packed.reading import Packed
from contracode.corpus.packed.slots import WordEncoder, Words, draw_names, substitute
from contracode.support.config import DataConfig, MaskingConfig
from contracode.views.batches import PiecePair
from contracode.views.drawing import ATTEMPTS, NEAR, PairRefused, compact
from contracode.views.pairs import PairDataset


class CopyDataset(PairDataset):
    """Pairs of views from a packed corpus, with new local names.

    Args:
        packed: a corpus packed with copies.
        config: settings of the data.
        seed: seed of all random choices.
        masking: settings of the masks. Single pieces are masked, not words, as the words of
            sampled pieces are unknown.

    Raises:
        InputError: the tokenizer of the corpus is broken.
    """

    def __init__(
        self, packed: Packed, config: DataConfig, *, seed: int, masking: MaskingConfig | None = None
    ) -> None:
        tokenizer = packed.tokenizer()
        assert tokenizer is not None, "a corpus without copies"
        super().__init__(packed, tokenizer, config, seed=seed, masking=masking)
        self._packed = packed
        self._encoder = WordEncoder(tokenizer)

    def __reduce__(
        self,
    ) -> tuple[Callable[..., "CopyDataset"], tuple[Packed, DataConfig, int, MaskingConfig]]:
        return _copy_dataset, (self._packed, self._config, self._seed, self._masking)

    def _drawn(self, function: int, draw: random.Random) -> PiecePair:
        written, *others = self._packed.views(function)
        others = others or [written]
        first = self._renamed(function, draw.choice(others), draw)
        found: Words | None = None
        if draw.random() < NEAR:
            found = self._packed.view(function, written).words
        # Views that differ as written may have the same normal form.
        same_allowed = self._packed.manifest.reads != "written"
        for _ in range(ATTEMPTS):
            if found is not None and (same_allowed or not self._alike(first, found)):
                return PiecePair(
                    self._cut(first, draw), self._cut(found, draw), self._packed.label(function)
                )
            found = self._renamed(function, draw.choice(others), draw)
        raise PairRefused("no two views differ")

    def _renamed(self, function: int, number: int, draw: random.Random) -> Words:
        view = self._packed.view(function, number)
        return substitute(view, draw_names(view, draw.getrandbits(48)), self._encoder)

    def _alike(self, one: Words, other: Words) -> bool:
        """Return whether two views are equal up to white space."""
        if self._tokenizer.layout == "drop" or np.array_equal(one.pieces, other.pieces):
            return np.array_equal(one.pieces, other.pieces)
        return compact(self._tokenizer.decode(one.pieces)) == compact(
            self._tokenizer.decode(other.pieces)
        )

    def _cut(self, words: Words, draw: random.Random) -> np.ndarray:
        length = self._config.max_length
        if draw.random() < self._config.sampled:
            seed = draw.getrandbits(48)
            return self._encoder.sample(words, seed=seed, alpha=self._config.alpha, length=length)
        return words.pieces[:length].copy()


def _copy_dataset(
    packed: Packed, config: DataConfig, seed: int, masking: MaskingConfig
) -> CopyDataset:
    return CopyDataset(packed, config, seed=seed, masking=masking)
