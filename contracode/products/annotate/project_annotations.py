"""Predicted types for the files of a project, checked by the TypeScript compiler.

Edits add comments or annotations only (see `contracode.products.annotate.annotating`); a file whose
other tokens would change is left as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import augment
from augment import Language, Program
from contracode.javascript.typing.strip_types import strip_types
from contracode.javascript.typing.targets import TypeTarget
from contracode.products.annotate.annotating import Annotator
from contracode.products.annotate.diagnostics import Diagnostic
from contracode.products.annotate.largest_clean_subset import LargestCleanSubset
from contracode.products.annotate.text_edits import TextEdit, apply_edits


class Errors(Protocol):
    """Reports the errors of a project, as `diagnostics.Diagnostics` does."""

    def errors(self, texts: Mapping[int, str]) -> list[Diagnostic]:
        """Return the errors after some texts changed: number of a file -> text."""
        ...


class ChosenType(NamedTuple):
    """A type for one target of a file."""

    target: TypeTarget
    type: str


@dataclass(slots=True)
class AnnotatedFile:
    """A file and the types that may be written into it.

    Attributes:
        path: path of the file.
        program: its parsed text.
        choices: the types.
        untyped: number of targets whose type is neither written nor obvious.
    """

    path: Path
    program: Program
    choices: list[ChosenType]
    untyped: int
    _annotator: Annotator = field(init=False)

    def __post_init__(self) -> None:
        self._annotator = Annotator(self.program)

    def edits(self, chosen: Iterable[ChosenType]) -> list[TextEdit]:
        """Return the edits for some of the choices."""
        return self._annotator.edits(chosen)

    def is_same_code(self, edits: Sequence[TextEdit]) -> bool:
        """Return whether edits change nothing but comments and types."""
        try:
            after = augment.parse(
                apply_edits(self.program.source, edits), language=self.program.language
            )
            return _bare(after) == _bare(self.program)
        except augment.ParseError:
            return False

    def written(self, choice: ChosenType) -> bool:
        """Return whether a choice gives an edit; some targets cannot be annotated."""
        return bool(self._annotator.edits([choice]))

    def text(self, edits: Iterable[TextEdit]) -> str:
        """Return the text after edits."""
        return apply_edits(self.program.source, edits).decode()


def _bare(program: Program) -> list[str]:
    """Return the tokens without types; of TypeScript also without parentheses, as edits may add
    them around arrow parameters.
    """
    if program.language == "javascript":
        return program.text_of
    return [token for token in strip_types(program).program.text_of if token not in ("(", ")")]


def language_of(path: Path) -> Language | None:
    """Return the language of a source by its name; None for declarations and other files."""
    if re.search(r"\.d\.[cm]?ts$", path.name):
        return None
    if path.suffix == ".tsx":
        return "tsx"
    if path.suffix in (".ts", ".mts", ".cts"):
        return "typescript"
    return "javascript" if path.suffix in (".js", ".mjs", ".cjs", ".jsx") else None


UNKNOWN = frozenset((2307, 2580, 2591, 7016))
"""Codes of errors for modules, and names of Node, that are unknown or have no types."""


class Outcome(NamedTuple):
    """Result of a check.

    Attributes:
        kept: number of a file -> the types to write.
        errors_before: errors without these types.
        errors_after: errors with them.
        unknown: number of `errors_before` with a code in `UNKNOWN`; values from such modules are
            `any`, and never cause errors.
        asked: runs of the compiler.
    """

    kept: dict[int, list[ChosenType]]
    errors_before: int
    errors_after: int
    unknown: int
    asked: int


def keep_sound(
    files: Sequence[AnnotatedFile],
    compiler: Errors,
    *,
    limit: int,
    progress: Callable[[int, int], None] = lambda asked, kept: None,
) -> Outcome:
    """Drop all choices that add errors to the project.

    Two errors are the same if they have the same code and the same place in the unedited text.

    Args:
        files: of the project, in the order of the compiler.
        compiler: reports the errors.
        limit: most runs of the compiler; choices that are not known to be sound by then are
        dropped.
        progress: called after each run with the number of runs, and of the choices tried.
    """
    before = Counter(compiler.errors({number: file.text([]) for number, file in enumerate(files)}))
    items = [
        (number, choice)
        for number, file in enumerate(files)
        if file.is_same_code(file.edits(file.choices))
        for choice in file.choices
        if file.written(choice)
    ]
    accuse = _Accuser(files, items)

    def chosen(subset: Sequence[int]) -> dict[int, list[ChosenType]]:
        of_file: dict[int, list[ChosenType]] = {}
        for item in sorted(subset):
            of_file.setdefault(items[item][0], []).append(items[item][1])
        return of_file

    last: dict[int, tuple[list[ChosenType], list[TextEdit]]] = {
        number: ([], []) for number in range(len(files))
    }

    def errors(subset: Sequence[int]) -> list[Diagnostic]:
        """Return the errors of a subset, at their places in the unedited texts."""
        wanted = chosen(subset)
        for number, file in enumerate(files):
            some = wanted.get(number, [])
            if some != last[number][0]:
                last[number] = (some, file.edits(some))
        found = compiler.errors(
            {number: files[number].text(edits) for number, (_, edits) in last.items()}
        )
        progress(search.asked, len(subset))
        return [one._replace(start=_before(last[one.file][1], one.start)) for one in found]

    def accused(subset: Sequence[int]) -> list[Collection[int]]:
        added = Counter(errors(subset)) - before
        return [accuse.by(one) for one in added]

    search = LargestCleanSubset(accused, limit=limit)
    kept = search.find(range(len(items)))
    after = errors(kept)
    unknown = sum(number for one, number in before.items() if one.code in UNKNOWN)
    return Outcome(chosen(kept), before.total(), len(after), unknown, search.asked)


def _before(edits: Sequence[TextEdit], offset: int) -> int:
    """Return the byte of the unedited text for a byte of the edited one."""
    grown = 0
    for edit in edits:
        size = len(edit.text.encode())
        if offset < edit.start + grown:
            break
        if offset < edit.start + grown + size:
            return edit.start
        grown += size - (edit.end - edit.start)
    return offset - grown


class _Accuser:
    """Guesses which choices caused an error: those with an occurrence or name on its line."""

    def __init__(
        self, files: Sequence[AnnotatedFile], items: Sequence[tuple[int, ChosenType]]
    ) -> None:
        self._files = files
        self._by_line: dict[tuple[int, int], set[int]] = {}
        self._by_word: dict[str, set[int]] = {}
        self._place: list[tuple[int, int]] = []
        lines = [_line_starts(file.program.source) for file in files]
        self._lines = lines
        names = [{f.node.span: f.name for f in file.program.functions} for file in files]
        for item, (number, choice) in enumerate(items):
            target = choice.target
            for start, end in (*target.occurrences, (target.hint_offset, target.hint_offset)):
                for line in range(_line(lines[number], start), _line(lines[number], end) + 1):
                    self._by_line.setdefault((number, line), set()).add(item)
            function = names[number].get(target.function) if target.function is not None else None
            for word in {target.name, function or ""} - {""}:
                self._by_word.setdefault(word, set()).add(item)
            self._place.append((number, target.span[0]))

    def by(self, error: Diagnostic) -> Collection[int]:
        """Return the choices that may have caused an error."""
        source, starts = self._files[error.file].program.source, self._lines[error.file]
        line = _line(starts, error.start)
        stop = starts[line + 1] if line + 1 < len(starts) else len(source)
        here = self._by_line.get((error.file, line), set())
        words = re.findall(r"[\w$]+", source[starts[line] : stop].decode())
        named = {item for word in words for item in self._by_word.get(word, ())}
        near = {item for item in named if self._place[item][0] == error.file}
        return here | near or named


def _line_starts(source: bytes) -> list[int]:
    return [0, *(match.end() for match in re.finditer(rb"\n", source))]


def _line(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
