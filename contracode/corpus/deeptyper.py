"""Reads DeepTyper's lines: one file of TypeScript a line, its tokens and their types.

A line is the tokens, TAB, and one label for each token, both parted by single spaces. `O` stands for no type, `$number$` for a type;
the file stands between `<s>` and `</s>`. Strings are the token "s", and words that were rare in DeepTyper's training data
`_UNKNOWN_`.

Source: Hellendoorn et al., "Deep Learning Type Inference" (ESEC/FSE 2018), repository DeepTyper/DeepTyper.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from contracode.corpus.readers import OnProblem, log_problem, read_lines, teller

NO_TYPE = "O"
"""The label of a token that has no type."""

_LABEL = re.compile(r"O|\$\S+\$")


class TypedLine(msgspec.Struct, frozen=True):
    """The tokens of one file and what types they have.

    Attributes:
        tokens: without white space in them; `<s>` and `</s>` are two of them.
        labels: of each token, `NO_TYPE` or a type between dollar signs.
        line: number of the line, from 1.
    """

    tokens: list[str]
    labels: list[str]
    line: int


def read_deeptyper(
    path: str | Path, *, strict: bool = False, on_problem: OnProblem = log_problem
) -> Iterator[TypedLine]:
    """Yield the lines of a file, plain or gzip.

    Args:
        path: the file, or "-" for standard input.
        strict: stop at the first broken line.
        on_problem: called with each line that is broken and left out.

    Raises:
        InputError: the file cannot be read; or `strict` and a line is broken, the file is cut short, or has no line.
    """
    tell = teller(path, strict=strict, on_problem=on_problem)
    for number, line in read_lines(path, tell):
        try:
            columns = [column.split(" ") for column in line.decode().split("\t")]
        except UnicodeDecodeError:
            tell("is not UTF-8", number)
            continue
        wrong = _wrong(columns)
        if wrong is None:
            tokens, labels = columns
            yield TypedLine(tokens, labels, number)
        else:
            tell(wrong, number)


def _wrong(columns: list[list[str]]) -> str | None:
    if len(columns) != 2:
        return f"has {len(columns)} columns, not tokens, TAB and labels"
    tokens, labels = columns
    if "" in tokens:
        return "has an empty token: a space too many"
    strange = next((label for label in labels if not _LABEL.fullmatch(label)), None)
    if strange is not None:
        return f"{strange[:80]!r} is no label: neither O nor a type between dollar signs"
    if len(tokens) != len(labels):
        return f"has {len(tokens)} tokens and {len(labels)} labels"
    return None
