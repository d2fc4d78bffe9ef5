"""What a corpus is like, for a report: one pass over its rows, in memory that grows with
repositories and not with functions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from contracode.corpus.stats import quantile
from contracode.corpus.storage.readers import OnProblem, log_problem, read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import SPLITS
from contracode.javascript.snippets import NO_SYNTAX, Snippet, describe
from contracode.support.errors import InputError

Key = TypeVar("Key", str, tuple[str, str])

NUM_REPOSITORIES = 30
"""How many repositories are named."""


class Bin(msgspec.Struct, frozen=True):
    """The number of functions with `low` to `high` of something, both included."""

    low: int
    high: int
    functions: int


class Distribution(msgspec.Struct, kw_only=True):
    """How large functions are: quantiles at 5, 25, 50, 75, 95 and 100 %, and bins, each wider than
    the one before by the root of two.
    """

    quantiles: dict[str, int]
    bins: list[Bin]


class SplitFacts(msgspec.Struct):
    """Of one split, number of functions, of repositories, of functions with documentation, and of
    those without a name.
    """

    functions: int = 0
    repositories: int = 0
    documented: int = 0
    anonymous: int = 0


class LicenceFacts(msgspec.Struct):
    """Of one name of a licence file ("" for none), number of functions and repositories."""

    functions: int = 0
    repositories: int = 0


class RepositoryFacts(msgspec.Struct):
    """Name, split and number of functions of one repository."""

    name: str
    split: str
    functions: int


class Profile(msgspec.Struct, kw_only=True):
    """What a corpus is like.

    Attributes:
        splits: by name, "" for rows that tell none.
        licences: by name of the licence file, the most frequent first.
        repositories: the `NUM_REPOSITORIES` with the most functions.
        lines: of a function.
        tokens: of a function: `code_tokens` as the corpus has them; functions without them do not
            count.
        names: different identifiers of a function, of those that parse.
        kinds: number of functions by `Snippet.kind`.
        asynchronous: number of functions that are async.
        declarations: number of declarations by `var`, `let` and `const`.
        functions: number of functions, nested ones included: "arrow" and "other".
        semicolons: number of functions that end "all", "some" or "none" of their statements with
            one, as far as a semicolon may end a statement in them.
        problems: number of broken lines and files that were left out.
    """

    splits: dict[str, SplitFacts]
    licences: dict[str, LicenceFacts]
    repositories: list[RepositoryFacts]
    lines: Distribution
    tokens: Distribution
    names: Distribution
    kinds: dict[str, int]
    asynchronous: int
    declarations: dict[str, int]
    functions: dict[str, int]
    semicolons: dict[str, int]
    problems: int

    @property
    def total(self) -> int:
        """Number of functions."""
        return sum(split.functions for split in self.splits.values())

    @property
    def num_repositories(self) -> int:
        """Number of repositories; one in two splits counts twice."""
        return sum(split.repositories for split in self.splits.values())


def profile(
    paths: Iterable[str | Path],
    *,
    strict: bool = False,
    on_problem: OnProblem = log_problem,
    progress: Callable[[str, int], None] = lambda repository, functions: None,
) -> Profile:
    """Read a corpus through.

    Args:
        paths: as `readers.read_functions` takes them.
        strict: stop at the first broken line or file.
        on_problem: called with what is broken and left out.
        progress: called with the repository that is read and the number of functions so far.

    Raises:
        InputError: there is no such file, or `strict` and something is broken.
    """
    sums, habits = _Sums(), _Habits()
    problems = 0

    def count_problem(problem: InputError) -> None:
        nonlocal problems
        problems += 1
        on_problem(problem)

    rows = read_functions(paths, strict=strict, on_problem=count_problem)
    for number, row in enumerate(rows, start=1):
        sums.add(row)
        habits.add(describe(row.code))
        progress(row.repo, number)
    return Profile(
        splits=sums.splits(),
        licences=sums.licences(),
        repositories=[
            RepositoryFacts(name, split, found)
            for (split, name), found in _by_size(sums.repositories)[:NUM_REPOSITORIES]
        ],
        lines=_distribution(sums.lines),
        tokens=_distribution(sums.tokens),
        names=_distribution(habits.names),
        kinds=dict(_by_size(habits.kinds)),
        asynchronous=habits.asynchronous,
        declarations=dict(zip(("var", "let", "const"), habits.declarations, strict=True)),
        functions={"arrow": habits.arrows, "other": habits.functions - habits.arrows},
        semicolons={extent: habits.semicolons[extent] for extent in ("all", "some", "none")},
        problems=problems,
    )


class _Sums:
    """Sums over rows.

    Attributes:
        repositories: number of functions by split and repository.
        lines: number of functions by their lines.
        tokens: number of functions by their tokens.
    """

    def __init__(self) -> None:
        self.repositories: Counter[tuple[str, str]] = Counter()
        self.lines: Counter[int] = Counter()
        self.tokens: Counter[int] = Counter()
        self._splits: dict[str, SplitFacts] = {}
        self._licences: Counter[str] = Counter()
        self._licence_of: dict[str, str] = {}

    def add(self, row: FunctionRecord) -> None:
        split = self._splits.setdefault(row.partition, SplitFacts())
        split.functions += 1
        split.documented += bool(row.docstring)
        split.anonymous += not row.func_name
        self.repositories[row.partition, row.repo] += 1
        self._licences[row.licence] += 1
        self._licence_of.setdefault(row.repo, row.licence)
        self.lines[row.code.count("\n") + 1] += 1
        if row.code_tokens:
            self.tokens[len(row.code_tokens)] += 1

    def splits(self) -> dict[str, SplitFacts]:
        """Return the facts of each split, in the order of `SPLITS`."""
        num_repositories = Counter(split for split, _ in self.repositories)
        return {
            name: msgspec.structs.replace(self._splits[name], repositories=num_repositories[name])
            for name in sorted(self._splits, key=_order)
        }

    def licences(self) -> dict[str, LicenceFacts]:
        """Return the facts of each licence, the most frequent first."""
        num_with = Counter(self._licence_of.values())
        return {
            name: LicenceFacts(found, num_with[name]) for name, found in _by_size(self._licences)
        }


class _Habits:
    """Sums over snippets."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.names: Counter[int] = Counter()
        self.semicolons: Counter[str] = Counter()
        self.declarations = [0, 0, 0]
        self.asynchronous = self.functions = self.arrows = 0

    def add(self, snippet: Snippet) -> None:
        self.kinds[snippet.kind] += 1
        if snippet.kind == NO_SYNTAX:
            return
        self.names[snippet.names] += 1
        self.asynchronous += snippet.is_async
        self.functions += snippet.functions
        self.arrows += snippet.arrows
        for at, found in enumerate(snippet.declarations):
            self.declarations[at] += found
        if snippet.statements:
            ended = snippet.semicolons
            self.semicolons[
                "none" if not ended else "all" if ended == snippet.statements else "some"
            ] += 1


def _order(split: str) -> tuple[int, str]:
    return SPLITS.index(split) if split in SPLITS else len(SPLITS), split


def _by_size(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _distribution(sizes: Counter[int]) -> Distribution:
    return Distribution(
        quantiles={
            f"{percent} %": quantile(sizes, percent) for percent in (5, 25, 50, 75, 95, 100)
        },
        bins=bins(sizes),
    )


def bins(sizes: Counter[int]) -> list[Bin]:
    """Return bins that hold all sizes, from the first that holds one to the last: 0, 1, 2, 3, 4-5,
    6-7, 8-10, 11-15, 16-22 ...
    """
    edges = [0, 1]
    while edges[-1] <= max(sizes, default=0):
        edges.append(
            round(2 ** (len(edges) / 2))
        )  # of equal width on a logarithmic scale, or their heights would be uneven
    functions: Counter[int] = Counter()
    for size, number in sizes.items():
        functions[bisect_right(edges, size) - 1] += number
    filled = range(min(functions, default=0), max(functions, default=-1) + 1)
    return [Bin(edges[at], edges[at + 1] - 1, functions[at]) for at in filled]
