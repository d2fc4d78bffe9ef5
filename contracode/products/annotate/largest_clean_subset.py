"""Finds a large subset of changes without errors, by removing suspects and then by bisection."""

from collections.abc import Callable, Collection, Sequence

ROUNDS = 6
"""Rounds in which accused changes are removed, before the bisection."""


class LargestCleanSubset:
    """Searches for a subset of changes without errors. The empty subset must have none.

    Args:
        accused: returns, for each error of a subset, the changes that may have caused it, if any.
        limit: most calls of `accused`; changes that are not known to be clean by then are left out.

    Attributes:
        asked: number of calls so far.
    """

    def __init__(
        self, accused: Callable[[Sequence[int]], Sequence[Collection[int]]], *, limit: int
    ) -> None:
        self._accused = accused
        self._limit = limit
        self._known: dict[frozenset[int], Sequence[Collection[int]]] = {frozenset(): ()}
        self.asked = 0

    def find(self, items: Sequence[int]) -> list[int]:
        """Return changes, in their order, that have no errors together.

        No other change can be added, unless the limit was reached or adding a change removes
        errors.
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
        """Return clean changes and those of a group that can be added to them."""
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
        """Return the errors of a subset; None if the limit is reached."""
        key = frozenset(subset)
        if key not in self._known:
            if self.asked >= self._limit:
                return None
            self.asked += 1
            self._known[key] = self._accused(subset)
        return self._known[key]
