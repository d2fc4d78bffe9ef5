"""Groups of functions that are alike: the same text, the same up to names and layout, or alike to
the model and in their tokens.

Legend: N functions, B functions compared at once, L leaders, M pairs, K values of a sketch.
"""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import numpy as np

from contracode.products.search.index import FunctionLocation, Index
from contracode.products.search.ranking import likeness
from contracode.products.search.sketches import overlap

CloneKind = Literal["identical", "renamed", "similar"]
"""How the members of a group are alike: in text, in tokens up to the names that they declare, or by
likeness.
"""

THRESHOLD = 0.75
"""Likeness (see `ranking`) from which two functions count as alike; docs/search.md says how it was
chosen.
"""

MIN_TOKENS = 40
"""Tokens of a function from which it is compared: short ones are alike without being copies."""

_ROWS = 1_024
"""Functions compared at once with as many others."""

_PAIRS = 32_768
"""Pairs of sketches compared at once."""


class CloneMember(NamedTuple):
    """A function of a group, and how alike it is to the first of the group, 0 to 1."""

    place: FunctionLocation
    likeness: float


class CloneGroup(NamedTuple):
    """Functions that are like the first of them, in the order of their files."""

    kind: CloneKind
    members: list[CloneMember]

    @property
    def likeness(self) -> float:
        """The least of its members'."""
        return min(member.likeness for member in self.members)

    @property
    def repeated(self) -> int:
        """Tokens that would be saved if all but the largest were gone."""
        sizes = [member.place.function.tokens for member in self.members]
        return sum(sizes) - max(sizes)


def clones(
    index: Index,
    *,
    threshold: float = THRESHOLD,
    min_tokens: int = MIN_TOKENS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CloneGroup]:
    """Return the groups of alike functions, those that repeat most first.

    Functions are taken in the order of their files. Each joins the group whose first member it is
    most like, if it is enough so, or else begins a group. So a group never drifts: all in it are
    like its first member. A function is never grouped with one that contains it, and what is
    repeated only inside of a larger repetition is not told. Time grows with the square of the
    number of functions at worst, memory with the number alone.

    Args:
        index: whose functions are compared.
        threshold: least likeness of a function to the first of its group. The same tokens up to
            names are enough at any threshold.
        min_tokens: of the functions that are compared.
        progress: called with functions compared, and functions in all.
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
    """Groups under way.

    Attributes:
        members: for each leader, the first of a group, the rows of the group with their likeness to
            it.
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
        """Return the pairs that are alike enough, by the cosine similarity of all."""
        # what shares all its shingles has to have a cosine of this at least
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
        """Whether one of two functions is inside the other."""
        (path, a), (other, b) = self._places[one], self._places[two]
        return path == other and (
            (a.start <= b.start and b.end <= a.end) or (b.start <= a.start and a.end <= b.end)
        )


def _outermost(groups: list[CloneGroup]) -> Iterator[CloneGroup]:
    """Yield the groups, larger ones first, without those whose members are each in a member of one
    group before.
    """
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
