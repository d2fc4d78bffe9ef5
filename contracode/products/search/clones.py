"""Groups of clones: functions with the same text, the same tokens up to names, or high likeness.

Legend: N functions, B functions compared at once, L leaders, M pairs, K values of a sketch.
"""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import numpy as np

from contracode.products.search.index import FunctionLocation, Index
from contracode.products.search.ranking import likeness
from contracode.products.search.sketches import overlap

CloneKind = Literal["identical", "renamed", "similar"]
"""What the functions of a group share: their text, their tokens up to declared names, or neither.
"""

THRESHOLD = 0.75
"""Likeness (see `ranking`) from which functions count as clones; docs/search.md says how it was
chosen.
"""

MIN_TOKENS = 40
"""Tokens of the shortest function that is compared; shorter ones are alike by chance."""

_ROWS = 1_024
"""Functions that are compared at once with as many others."""

_PAIRS = 32_768
"""Pairs of sketches that are compared at once."""


class CloneMember(NamedTuple):
    """A function of a group, and its likeness to the first of the group, 0 to 1."""

    place: FunctionLocation
    likeness: float


class CloneGroup(NamedTuple):
    """Functions that are like the first one, in the order of their files."""

    kind: CloneKind
    members: list[CloneMember]

    @property
    def likeness(self) -> float:
        """The lowest likeness of its members."""
        return min(member.likeness for member in self.members)

    @property
    def repeated(self) -> int:
        """Tokens that would be saved if only the largest function were kept."""
        sizes = [member.place.function.tokens for member in self.members]
        return sum(sizes) - max(sizes)


def clones(
    index: Index,
    *,
    threshold: float = THRESHOLD,
    min_tokens: int = MIN_TOKENS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CloneGroup]:
    """Return the groups of clones, those that repeat most tokens first.

    Functions are taken in the order of their files. Each joins the group whose first function it is
    most like, or starts a new group if none is like it, so that groups do not drift. A function is
    never grouped with one that contains it, and repetitions inside larger ones are left out. Time
    is quadratic in the number of functions at worst, memory linear.

    Args:
        index: the functions to compare.
        threshold: smallest likeness of a function to the first of its group. Functions with the
        same
            tokens up to names are grouped at any threshold.
        min_tokens: tokens of the shortest function that is compared.
        progress: called with the number of functions compared, and of all.
    """
    rows = [row for row, place in enumerate(index.places) if place.function.tokens >= min_tokens]
    found = _Grouping(index, threshold)
    for start in range(0, len(rows), _ROWS):
        found.take(rows[start : start + _ROWS])
        progress(min(start + _ROWS, len(rows)), len(rows))
    groups = [_group(index, members) for members in found.members.values() if len(members) > 1]
    groups.sort(
        key=lambda group: (
            -group.repeated,
            group.members[0].place.path,
            group.members[0].place.function.start,
        )
    )
    return list(_outermost(groups))


class _Grouping:
    """Groups in the making.

    Attributes:
        members: row of the first function of each group -> rows of the group, with their likeness.
    """

    def __init__(self, index: Index, threshold: float) -> None:
        self._index = index
        self._places = index.places
        self._threshold = threshold
        self._leaders: list[int] = []
        self._leader_of_syntax: dict[bytes, int] = {}
        self.members: dict[int, list[tuple[int, float]]] = {}

    def take(self, rows: list[int]) -> None:
        """Put functions into groups."""
        vectors_BD = self._index.unit(rows)
        best: dict[int, tuple[float, int]] = {}  # row -> how alike, and to which leader
        for start in range(0, len(self._leaders), _ROWS):
            leaders = self._leaders[start : start + _ROWS]
            self._compare(rows, leaders, vectors_BD @ self._index.unit(leaders).T, best)
        among: dict[
            int, list[tuple[float, int]]
        ] = {}  # row -> how alike, and to which row of this block before it
        cosine_BB = np.tril(vectors_BD @ vectors_BD.T, -1)
        for one, two, alike in self._pairs(rows, rows, cosine_BB):
            among.setdefault(one, []).append((alike, two))
        for row in rows:
            choices = [
                *([best[row]] if row in best else []),
                *(c for c in among.get(row, ()) if c[1] in self.members),
            ]
            alike, leader = max(
                choices, key=lambda choice: (choice[0], -choice[1]), default=(1.0, row)
            )
            syntax = self._places[row].function.syntax
            same = self._leader_of_syntax.get(syntax)
            if same is not None and not self._nested(same, row):
                alike, leader = 1.0, same
            if leader == row:
                self._leaders.append(row)
                self._leader_of_syntax.setdefault(syntax, row)
            self.members.setdefault(leader, []).append((row, alike))

    def _compare(
        self,
        rows: list[int],
        leaders: list[int],
        cosine_BL: np.ndarray,
        best: dict[int, tuple[float, int]],
    ) -> None:
        for row, leader, alike in self._pairs(rows, leaders, cosine_BL):
            if row not in best or alike > best[row][0]:
                best[row] = (alike, leader)

    def _pairs(
        self, rows: list[int], others: list[int], cosine_BL: np.ndarray
    ) -> list[tuple[int, int, float]]:
        """Return the pairs above the threshold, given the cosine similarities of all pairs."""
        # functions that share all shingles need at least this cosine
        one_M, two_M = (
            np.nonzero(cosine_BL >= 2 * self._threshold - 1)
            if self._threshold > 0.5
            else np.nonzero(cosine_BL)
        )
        rows_B, others_L = np.asarray(rows), np.asarray(others)
        sketches_NK = self._index.sketches_NK
        found: list[tuple[int, int, float]] = []
        for start in range(0, len(one_M), _PAIRS):
            ones, twos = one_M[start : start + _PAIRS], two_M[start : start + _PAIRS]
            shared_M = overlap(sketches_NK[rows_B[ones]], sketches_NK[others_L[twos]])
            alike_M = likeness(cosine_BL[ones, twos], shared_M)
            for at in np.flatnonzero(alike_M >= self._threshold).tolist():
                one, two = rows[ones[at]], others[twos[at]]
                if not self._nested(one, two):
                    found.append((one, two, float(alike_M[at])))
        return found

    def _nested(self, one: int, two: int) -> bool:
        """Return whether one of two functions is inside the other."""
        (path, a), (other, b) = self._places[one], self._places[two]
        return path == other and (
            (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
        )


def _outermost(groups: list[CloneGroup]) -> Iterator[CloneGroup]:
    """Yield the groups whose functions are not all nested in functions of an earlier group."""
    regions: dict[str, list[tuple[int, int, int]]] = {}
    for number, group in enumerate(groups):
        around = [
            {
                g
                for start, end, g in regions.get(path, ())
                if start <= function.start and function.end <= end
            }
            for (path, function), _ in group.members
        ]
        if set.intersection(*around):
            continue
        for (path, function), _ in group.members:
            regions.setdefault(path, []).append((function.start, function.end, number))
        yield group


def _group(index: Index, members: list[tuple[int, float]]) -> CloneGroup:
    functions = [index.places[row].function for row, _ in members]
    kind: CloneKind = "similar"
    if len({function.syntax for function in functions}) == 1:
        kind = "identical" if len({function.text for function in functions}) == 1 else "renamed"
    return CloneGroup(
        kind, [CloneMember(index.places[row], round(alike, 3)) for row, alike in members]
    )
