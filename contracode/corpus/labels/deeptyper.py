"""DeepTyper's lines: one file of TypeScript a line, its tokens and their types. Reads them, and
brings our own files into their form.

A line is the tokens, TAB, and one label for each token, both parted by single spaces. `O` stands
for no type, `$number$` for a type; the file stands between `<s>` and `</s>`. Strings are the token
"s", and words that were rare in DeepTyper's training data `_UNKNOWN_`.

Source: Hellendoorn et al., "Deep Learning Type Inference" (ESEC/FSE 2018), repository
    DeepTyper/DeepTyper.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

import msgspec

import augment
from contracode.corpus.labels.labelled_file import LabelledFile, TypeLabel
from contracode.corpus.storage.readers import OnProblem, log_problem, read_lines, teller
from contracode.javascript.records import COMPLEX, Span

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
        InputError: the file cannot be read; or `strict` and a line is broken, the file is cut
            short, or has no line.
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


UNKNOWN = "_UNKNOWN_"
"""Stands for a word that was rare in the training data."""

MOST_OCCURRENCES = 16
"""Of a token's other occurrences the nearest ones are read."""


def as_file(line: TypedLine, path: str) -> LabelledFile:
    """Return a line as a labelled file whose targets are its labelled tokens, `any` too."""
    edge = ("<s>", "</s>")
    pairs = [
        (token, label)
        for token, label in zip(line.tokens, line.labels, strict=True)
        if token not in edge
    ]
    return _file(
        [token for token, _ in pairs],
        [label for _, label in pairs],
        repo="",
        path=f"{path}:{line.line}",
    )


def as_tokens(file: LabelledFile, known: Container[str]) -> LabelledFile:
    """Bring a file with the compiler's types of its names into the form of a line.

    Args:
        file: parses.
        known: words that are not rare, see `known_words`; others become `UNKNOWN`.

    Raises:
        augment.ParseError: it does not parse.
    """
    assert file.language != "tokens"
    program = augment.parse(file.code, language=file.language)
    types = {(one.start, one.end): one.type for one in file.identifiers}
    tokens: list[str] = []
    labels: list[str] = []
    for leaf, text in zip(program.tree.leaves, program.text_of, strict=True):
        around = leaf.parent
        if (
            around is not None
            and around.type == "template_string"
            and leaf is not around.children[0]
        ):
            continue  # its text and its end: it is one token but for what stands in it
        type = types.get(leaf.span)
        tokens.append(_normal(text, known))
        labels.append(f"${_spelling(type)}$" if type is not None else NO_TYPE)
    return _file(tokens, labels, repo=file.repo, path=file.path, partition=file.partition)


def known_words(files: Iterable[LabelledFile], *, min_count: int = 10) -> set[str]:
    """Return the words that occur that often in the names of files."""
    counts = Counter(word for file in files for word in re.findall(r"[A-Za-z_$][\w$]*", file.code))
    return {word for word, count in counts.items() if count >= min_count}


def _file(
    tokens: list[str], labels: list[str], *, repo: str, path: str, partition: str = ""
) -> LabelledFile:
    spans: list[Span] = []
    at = 0
    for token in tokens:
        end = at + len(token.encode())
        spans.append((at, end))
        at = end + 1
    places: dict[str, list[int]] = {}
    rank_of: list[int] = []  # of each token among those that are spelled alike
    for number, token in enumerate(tokens):
        alike = places.setdefault(token, [])
        rank_of.append(len(alike))
        alike.append(number)
    made: list[TypeLabel] = []
    for number, (token, label) in enumerate(zip(tokens, labels, strict=True)):
        if label == NO_TYPE:
            continue
        rank = rank_of[
            number
        ]  # only so many on either side can be the nearest; a file of data has thousands
        alike = places[token][max(0, rank - MOST_OCCURRENCES) : rank + MOST_OCCURRENCES + 1]
        others = [] if token == UNKNOWN else [other for other in alike if other != number]
        near = sorted(sorted(others, key=lambda other: abs(other - number))[:MOST_OCCURRENCES])
        # As many times itself as there are others: half of what is pooled is this very token.
        occurrences = [spans[other] for other in near] + [spans[number]] * max(1, len(near))
        made.append(
            TypeLabel(
                "token",
                token,
                spans[number],
                spans[number][1],
                tuple(sorted(occurrences)),
                label[1:-1],
            )
        )
    return LabelledFile(
        repo=repo,
        path=path,
        partition=partition,
        language="tokens",
        code=" ".join(tokens),
        labels=made,
    )


def _normal(token: str, known: Container[str]) -> str:
    first = token[0]
    if first in "\"'":
        return f"{first}s{first}"
    if first == "`":
        return "template"
    if any(char.isdigit() for char in token):
        return "0"
    if (first.isalpha() or first in "_$") and token not in known:
        return UNKNOWN
    return re.sub(r"\s", "", token)


def _spelling(type: str) -> str:
    """Return DeepTyper's spelling of one of our labels: what it spelt with white space is
    `complex`.
    """
    if type in ("Function", "object") or any(mark in type for mark in "|&,"):
        return COMPLEX
    return type
