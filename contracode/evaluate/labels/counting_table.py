"""Counting tables: labels ranked by how often they stood under a key."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

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
