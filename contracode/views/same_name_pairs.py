"""Functions with the same name in different repositories, which mostly serve the same purpose.

Rewrites make pairs that do exactly the same in a similar way. Functions that two people called, for
instance, `binarySearch` or `debounce` share their purpose, but not their code. Renaming hides the
names themselves from the views.

Legend: N functions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

SHORTEST = 4
"""Characters of the shortest name that counts; `get` or `run` say little."""

MOST = 12
"""Most repositories that may have a name; `init`, `render` or `toString` say little."""


class Namesakes(NamedTuple):
    """The namesakes of functions.

    Attributes:
        of: for each function (N), the functions of its name in other repositories.
        labels: for each function (N), the label of its name; None if it has no namesake.
    """

    of: list[tuple[int, ...]]
    labels: list[int | None]

    def without(self, held: Collection[int]) -> "Namesakes":
        """Return the namesakes for a corpus with held-out functions, which only have each other."""
        left_out = set(held)
        of = [
            others
            if number in left_out
            else tuple(other for other in others if other not in left_out)
            for number, others in enumerate(self.of)
        ]
        return self._replace(of=of)


def find_namesakes(functions: Iterable[tuple[str, str]]) -> Namesakes:
    """Find the namesakes of functions.

    Args:
        functions: the name of each, maybe qualified (`Queue.push`), and its repository.
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
