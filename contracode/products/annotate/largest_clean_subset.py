"""Which of many changes can be made together without an error: those that are accused go, then
halves are tried, then single ones.
"""

from collections.abc import Callable, Collection, Sequence

ROUNDS = 6
"""Times that accused changes are taken back before the search begins."""


class LargestCleanSubset:
    """The search. It asks for the errors of subsets, each once; an empty subset has none.

    Args:
        accused: for a subset, the changes that each error accuses: an empty list is no error, an
            error may accuse nobody.
        limit: most subsets that are asked for; then what is not yet known to be sound is left out.

    Attributes:
        asked: subsets asked for so far.
    """

    def __init__(
        self, accused: Callable[[Sequence[int]], Sequence[Collection[int]]], *, limit: int
    ) -> None:
        self._accused = accused
        self._limit = limit
        self._known: dict[frozenset[int], Sequence[Collection[int]]] = {frozenset(): ()}
        self.asked = 0

    def find(self, items: Sequence[int]) -> list[int]:
        """Return changes, in their order, that have no error together, and of which none of the
        others can be added to.

        The last holds as long as the limit does, and where errors do not vanish by adding a change.
        """
        rest, suspects = list(items), list[int]()
        for _ in range(ROUNDS):
            errors = self._ask(rest)
            guilty = {one for accused in errors or () for one in accused}.intersection(rest)
            if not guilty:
                break
            suspects += [one for one in rest if one in guilty]
            rest = [one for one in rest if one not in guilty]
        kept = self._add([], rest)
        place = {one: at for at, one in enumerate(items)}
        return sorted(self._add(kept, suspects), key=place.__getitem__)

    def _add(self, kept: list[int], group: list[int]) -> list[int]:
        """Return `kept`, which is sound, with what of `group` can be added to it."""
        if not group:
            return kept
        errors = self._ask([*kept, *group])
        if errors is not None and not errors:
            return [*kept, *group]
        if errors is None or len(group) == 1:
            return kept
        middle = len(group) // 2
        return self._add(self._add(kept, group[:middle]), group[middle:])

    def _ask(self, subset: Sequence[int]) -> Sequence[Collection[int]] | None:
        """Return the errors of a subset; None when there is nothing left to ask with."""
        key = frozenset(subset)
        if key not in self._known:
            if self.asked >= self._limit:
                return None
            self.asked += 1
            self._known[key] = self._accused(subset)
        return self._known[key]
