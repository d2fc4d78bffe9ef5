"""What is in a corpus: counted from its rows, so that any CodeSearchNet file has statistics too."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from contracode.corpus.storage.readers import OnProblem, log_problem, read_functions
from contracode.support.errors import InputError


class CorpusStatistics(msgspec.Struct, kw_only=True):
    """Counts over the functions of a corpus.

    Attributes:
        functions: number by split.
        repositories: number by split.
        documented: number of functions with a docstring.
        anonymous: number of functions without a name.
        tokens: quantiles of the number of tokens: 5, 25, 50, 75, 95 and 100 %.
        licences: number of functions by name of their repository's licence file.
        problems: number of broken lines and files that were left out.
    """

    functions: dict[str, int]
    repositories: dict[str, int]
    documented: int
    anonymous: int
    tokens: dict[str, int]
    licences: dict[str, int]
    problems: int


def statistics(
    paths: Iterable[str | Path], *, strict: bool = False, on_problem: OnProblem = log_problem
) -> CorpusStatistics:
    """Read a corpus through and count.

    Args:
        paths: as `readers.read_functions` takes them.
        strict: stop at the first broken line or file.
        on_problem: called with what is broken and left out.

    Raises:
        InputError: there is no such file, or `strict` and something is broken.
    """
    functions: Counter[str] = Counter()
    repositories: set[tuple[str, str]] = set()
    lengths: Counter[int] = Counter()
    licences: Counter[str] = Counter()
    documented = anonymous = problems = 0

    def count_problem(problem: InputError) -> None:
        nonlocal problems
        problems += 1
        on_problem(problem)

    for row in read_functions(paths, strict=strict, on_problem=count_problem):
        functions[row.partition] += 1
        repositories.add((row.partition, row.repo))
        lengths[len(row.code_tokens)] += 1
        licences[row.licence] += 1
        documented += bool(row.docstring)
        anonymous += not row.func_name
    return CorpusStatistics(
        functions=dict(sorted(functions.items())),
        repositories=dict(sorted(Counter(split for split, _ in repositories).items())),
        documented=documented,
        anonymous=anonymous,
        tokens={f"{percent} %": quantile(lengths, percent) for percent in (5, 25, 50, 75, 95, 100)},
        licences=dict(sorted(licences.items())),
        problems=problems,
    )


def quantile(lengths: Counter[int], percent: int) -> int:
    """Return the smallest length that at least `percent` % of the functions do not exceed; 0 for
    none.
    """
    rest = lengths.total() * percent / 100
    for length, count in sorted(lengths.items()):
        rest -= count
        if rest <= 0:
            return length
    return 0
