"""The source files that commands read: files, folders, glob patterns, standard input."""

from __future__ import annotations

import glob
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from contracode.javascript.languages import language_of
from contracode.support.errors import InputError

if TYPE_CHECKING:
    from augment import Language


class NamedSource(NamedTuple):
    """A source with its path (`-` for standard input) and its language."""

    name: str
    text: str
    language: Language


def read_bytes(path: str | Path) -> bytes:
    """Read a file, or standard input for `-`.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None


def read_source(path: str | Path) -> str:
    """Read a text, or standard input for `-`, with its line ends.

    Raises:
        InputError: the file cannot be read or is not UTF-8.
    """
    return _decoded(read_bytes(path), path)


def read_sources(
    paths: Sequence[str],
    *,
    language: Language | None = None,
    on_problem: Callable[[InputError], None],
) -> Iterator[NamedSource]:
    """Read the sources that a command is given.

    Args:
        paths: files, folders, glob patterns, or `-`. Of a folder, the JavaScript and TypeScript
            files are read, without what git ignores and without vendored, generated and minified
            files.
        language: language of all sources; None decides by extension.
        on_problem: called with the reason for each file of a folder that cannot be read.

    Raises:
        InputError: a file that is named cannot be read, or a pattern matches nothing.
    """
    for path in paths:
        if path != "-" and Path(path).is_dir():
            yield from _read_folder(path, language, on_problem)
            continue
        for file in _expanded(path):
            yield NamedSource(file, read_source(file), language or language_of(file))


def _read_folder(
    folder: str, language: Language | None, on_problem: Callable[[InputError], None]
) -> Iterator[NamedSource]:
    from contracode.corpus.sources.repositories import find_repositories

    for repository in find_repositories([folder]):
        for source in repository.sources(on_problem):
            path = repository.locate(source.path)
            try:
                text = _decoded(source.content, path)
            except InputError as error:
                on_problem(error)
                continue
            yield NamedSource(path, text, language or source.language)


def _expanded(path: str) -> list[str]:
    """Return the files that a pattern matches; a path that is not a pattern stands for itself."""
    if path == "-" or not glob.has_magic(path) or Path(path).exists():
        return [path]
    found = sorted(name for name in glob.glob(path, recursive=True) if Path(name).is_file())
    if not found:
        raise InputError("no file matches this pattern", path=path)
    return found


def _decoded(data: bytes, path: str | Path) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8", path=path, line=line) from None
