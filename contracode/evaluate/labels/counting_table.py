"""Counting tables: labels ranked by their frequency under a key."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

Keys = Sequence[Hashable]
"""Keys of an item, from the most specific to the most general."""


class CountingTable:
    """Ranks labels by their frequency under an item's first key, then under its next keys.

    The keys `[()]` rank the most frequent labels of all items; `[name, ()]` rank the most frequent
    labels of that name first.

    Args:
        items: keys and label of each training item.
    """

    def __init__(self, items: Iterable[tuple[Keys, str]]) -> None:
        self._counts: dict[Hashable, Counter[str]] = {}
        for keys, label in items:
            for key in keys:
                self._counts.setdefault(key, Counter())[label] += 1
        self._ranked: dict[Hashable, list[str]] = {}

    def rank(self, keys: Keys, *, k: int = 5) -> list[str]:
        """Return up to `k` labels, best first; ties are in alphabetical order."""
        labels = chain.from_iterable(self._of(key) for key in keys)
        found: dict[str, None] = {}
        for label in labels:
            found[label] = None
            if len(found) == k:
                break
        return list(found)

    def _of(self, key: Hashable) -> list[str]:
        if key not in self._ranked:  # frequent keys have thousands of labels: sort them once
            counts = self._counts.get(key, Counter()).items()
            self._ranked[key] = [
                label for label, _ in sorted(counts, key=lambda item: (-item[1], item[0]))
            ]
        return self._ranked[key]
