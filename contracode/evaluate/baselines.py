"""The honest opponents: counting tables, a bag of pieces, an untrained encoder of the same shape.

Legend: N sources, V pieces, D embedding.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from contracode.inputs.tokenizer import Tokenizer

Keys = Sequence[Hashable]
"""What a counting table may know of an item, from the most telling key to the least."""


class CountingTable:
    """Ranks labels by how often they stood under an item's first key; ranks that are left go to its
    next keys.

    With the single key `()` it answers the most frequent labels, with `[name, ()]` the most
    frequent for that name.

    Args:
        items: keys and label of each item of the training split.
    """

    def __init__(self, items: Iterable[tuple[Keys, str]]) -> None:
        self._counts: dict[Hashable, Counter[str]] = {}
        for keys, label in items:
            for key in keys:
                self._counts.setdefault(key, Counter())[label] += 1
        self._ranked: dict[Hashable, list[str]] = {}

    def rank(self, keys: Keys, *, k: int = 5) -> list[str]:
        """Return up to `k` labels, best first; among equally frequent ones the alphabet decides."""
        labels = chain.from_iterable(self._of(key) for key in keys)
        found: dict[str, None] = {}
        for label in labels:
            found[label] = None
            if len(found) == k:
                break
        return list(found)

    def _of(self, key: Hashable) -> list[str]:
        if (
            key not in self._ranked
        ):  # thousands of labels stand under the commonest keys, which are asked again and again
            counts = self._counts.get(key, Counter()).items()
            self._ranked[key] = [
                label for label, _ in sorted(counts, key=lambda item: (-item[1], item[0]))
            ]
        return self._ranked[key]


def bag_of_pieces(tokenizer: "Tokenizer", sources: Sequence[str]) -> np.ndarray:
    """Embed sources as the square roots of their pieces' counts: float32 (N, V), rows of unit norm
    (or zero).
    """
    bags_NV = np.zeros((len(sources), tokenizer.size), np.float32)
    for row, source in enumerate(sources):
        np.add.at(bags_NV[row], tokenizer.encode(source).ids, 1)
    norms_N1 = np.sqrt(bags_NV.sum(axis=1, keepdims=True))
    return np.sqrt(bags_NV) / np.maximum(norms_N1, 1)
