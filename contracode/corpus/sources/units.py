"""Inputs of a build, each read and resumed as a whole."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from contracode.corpus.sources.repositories import LANGUAGES, Repository, find_repositories
from contracode.corpus.storage.readers import SUFFIXES, number_order
from contracode.support.errors import InputError


@dataclass(frozen=True, slots=True)
class RowsFile:
    """A file of functions in CodeSearchNet's schema.

    Attributes:
        name: path below the given folder, or the name of the file.
        place: the file.
    """

    name: str
    place: Path

    def state(self) -> Iterator[str]:
        """Yield what changes whenever its rows may have changed: size and time of the file."""
        yield self.name
        with suppress(OSError):  # reported when it is read
            found = self.place.stat()
            yield f"{found.st_size} {found.st_mtime_ns}"


Unit = Repository | RowsFile


def find_units(places: Iterable[str | Path | Repository], output: Path) -> list[Unit]:
    """Return the inputs that `places` name: repositories by name, then files of rows by number.

    A place is a file of rows, a folder that holds some and neither sources nor work trees, or what
    `find_repositories` takes.

    Args:
        places: the paths given.
        output: the folder to write, which must not be inside a folder of rows.

    Raises:
        InputError: there is no such place, a folder in it cannot be read, two repositories have the
            same name, or `output` is in a folder of rows.
    """
    sources: list[str | Path | Repository] = []
    rows: dict[str, RowsFile] = {}
    for named in places:
        if isinstance(named, Repository):
            sources.append(named)
            continue
        place = Path(named)
        if place.name.endswith(SUFFIXES) and os.path.exists(place) and not os.path.isdir(place):
            found = [RowsFile(place.name, place)]
        else:
            found = _rows_below(place) if os.path.isdir(place) else []
            if not found:
                sources.append(named)
            elif output.resolve().is_relative_to(place.resolve()):
                raise InputError(
                    "is in a folder whose files are read; choose another one", path=output
                )
        for file in found:
            rows.setdefault(os.path.realpath(file.place), file)
    by_number = sorted(rows.values(), key=lambda file: (number_order(file.name), file.place))
    return [*find_repositories(sources), *by_number]


def _rows_below(folder: Path) -> list[RowsFile]:
    """Return the files of rows in a folder and below; none if the folder also has sources or work
    trees, whose data they are.
    """
    found: list[RowsFile] = []
    refused: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        if ".git" in (*folders, *names) or any(Path(name).suffix in LANGUAGES for name in names):
            return []
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.endswith(SUFFIXES):
                place = Path(parent) / name
                found.append(RowsFile(place.relative_to(folder).as_posix(), place))
    if found and refused:
        raise InputError(f"cannot be read: {refused[0].strerror}", path=refused[0].filename)
    return found


def fingerprint(unit: Unit, *settings: object) -> str:
    """Return a name for the rows of an input with some settings, which changes with either."""
    digest = hashlib.blake2b(
        repr((type(unit).__name__, os.path.realpath(unit.place), settings)).encode(), digest_size=16
    )
    for fact in unit.state():
        digest.update(repr(fact).encode())
    return digest.hexdigest()
