"""Functions with the same name in different repositories, which mostly serve the same purpose.

Rewrites make pairs with equal behaviour and similar code. Two people's functions called
`binarySearch` or `debounce`, by contrast, share their purpose but not their code. Views are
renamed, so the names themselves are hidden.

Legend: N functions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

MIN_LENGTH = 4
"""Minimum length of a name; shorter ones such as `get` or `run` are not informative."""

MAX_REPOSITORIES = 12
"""Maximum number of repositories with a name; more frequent names such as `init`, `render` or
`toString` are not informative.
"""


class Namesakes(NamedTuple):
    """The namesakes of functions.

    Attributes:
        of: for each of N functions, the indices of its namesakes in other repositories.
        labels: for each of N functions, the label of its name; None if it has no namesake.
    """

    of: list[tuple[int, ...]]
    labels: list[int | None]

    def without(self, held: Collection[int]) -> "Namesakes":
        """Return namesakes of which none is held out, except that held-out functions keep theirs.

        Args:
            held: indices of held-out functions.
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
    """Find the namesakes of functions.

    Args:
        functions: name, possibly qualified (`Queue.push`), and repository of each function.
    """
    groups: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    names: list[tuple[str, str]] = []
    for number, (written, repository) in enumerate(functions):
        name = written.rpartition(".")[2].replace("_", "").lower()
        names.append((name, repository))
        if len(name) >= MIN_LENGTH:
            groups[name][repository].append(number)
    of: list[tuple[int, ...]] = []
    labels: list[int | None] = []
    for name, repository in names:
        group = groups.get(name, {})
        others: Sequence[int] = ()
        if 1 < len(group) <= MAX_REPOSITORIES:
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
