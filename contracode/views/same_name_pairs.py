"""Functions of one name in different repositories: written by others, for the same end more often
than not.

Rewriting makes pairs that do the same in every case and are alike in how; what two people wrote
under one name, for instance `binarySearch` or `debounce`, is alike in what for. The names
themselves are hidden from the views by renaming.

Legend: N functions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

SHORTEST = 4
"""Characters of a name that says something: not `get`, `run` or `i`."""

MOST = 12
"""Repositories that have a name at most: `init`, `render` or `toString` say little of what is
inside.
"""


class Namesakes(NamedTuple):
    """Who has a namesake.

    Attributes:
        of: for each function (N) those of its name in other repositories.
        labels: for each function (N) what all of its name share; None without a namesake.
    """

    of: list[tuple[int, ...]]
    labels: list[int | None]

    def without(self, held: Collection[int]) -> "Namesakes":
        """Return those of a corpus of which some functions are not trained on: they are nobody's
        namesakes but each other's.
        """
        left_out = set(held)
        of = [
            others
            if number in left_out
            else tuple(other for other in others if other not in left_out)
            for number, others in enumerate(self.of)
        ]
        return self._replace(of=of)


def find_namesakes(functions: Iterable[tuple[str, str]]) -> Namesakes:
    """Find them.

    Args:
        functions: of each name, with what it is a member of perhaps (`Queue.push`), and repository.
    """
    groups: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    names: list[tuple[str, str]] = []
    for number, (written, repository) in enumerate(functions):
        name = written.rpartition(".")[2].replace("_", "").lower()
        names.append((name, repository))
        if len(name) >= SHORTEST:
            groups[name][repository].append(number)
    of: list[tuple[int, ...]] = []
    labels: list[int | None] = []
    for name, repository in names:
        group = groups.get(name, {})
        others: Sequence[int] = ()
        if 1 < len(group) <= MOST:
            others = [
                number
                for other, numbers in group.items()
                if other != repository
                for number in numbers
            ]
        of.append(tuple(others))
        labels.append(
            int.from_bytes(blake2b(name.encode(), digest_size=7).digest()) if others else None
        )
    return Namesakes(of, labels)
