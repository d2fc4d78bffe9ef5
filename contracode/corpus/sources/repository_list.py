"""Reads a list of repositories and commits, and finds them among clones, so that a corpus can be
built again.

A list is tab-separated text whose first line names the columns: `repository` (`owner/name`),
`commit` (the full hash) and optionally `language` (`javascript`, `typescript` or `both`: the files
to read). Other columns are for people. Lines that begin with `#` are comments. A repository may be
listed at several commits, which are in one split.

Clones are in one folder, each named `owner/name` or `owner+name`, with or without `.git`: git
directories, or work trees, of which only git's store is read. A missing commit can be fetched,
without history.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracode.corpus.sources.repositories import Repository, repository_at
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

LANGUAGES = ("javascript", "typescript", "both")


@dataclass(frozen=True, slots=True)
class ListedRepository:
    """One line of a list.

    Attributes:
        name: `owner/name`.
        commit: 40 hexadecimal digits.
        language: one of `LANGUAGES`.
        line: its number in the file, from 1.
    """

    name: str
    commit: str
    language: str
    line: int


def read_list(path: Path) -> list[ListedRepository]:
    """Read a list.

    Raises:
        InputError: it cannot be read, a column is missing, a line has another form, or a commit is
            listed twice.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as text: {error}", path=path) from None
    rows = [
        (number, line.split("\t"))
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("#")
    ]
    if not rows:
        raise InputError("has no lines", path=path)
    number, columns = rows.pop(0)
    for column in ("repository", "commit"):
        if column not in columns:
            raise InputError(f"its first line names no column {column!r}", path=path, line=number)
    listed: dict[tuple[str, str], ListedRepository] = {}
    for number, fields in rows:
        row = dict(zip(columns, fields, strict=False))
        found = ListedRepository(
            row.get("repository", ""),
            row.get("commit", ""),
            row.get("language", "") or "both",
            line=number,
        )
        wrong = _wrong(found)
        key = (found.name, found.commit)
        if wrong is None and key in listed:
            wrong = f"{found.name} is in line {listed[key].line} too, at this commit"
        if wrong is not None:
            raise InputError(wrong, path=path, line=number)
        listed[key] = found
    return list(listed.values())


def _wrong(row: ListedRepository) -> str | None:
    # A name becomes a path and a part of a URL: no dots alone, nothing that a shell or git could
    # take for an option.
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/(?!\.\.?$)[\w.][\w.-]*", row.name, re.ASCII):
        return f"{row.name!r} is no repository: owner/name"
    if not re.fullmatch("[0-9a-f]{40}", row.commit):
        return f"{row.commit!r} is no commit: 40 hexadecimal digits"
    if row.language not in LANGUAGES:
        return f"{row.language!r} is none of {', '.join(LANGUAGES)}"
    return None


def find_listed(
    path: Path,
    clones: Path,
    *,
    languages: Sequence[str] = LANGUAGES,
    fetch_from: str | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> list[Repository]:
    """Return the repositories of a list at their commits.

    Args:
        path: the list.
        clones: folder of the clones.
        languages: languages of the lines to use.
        fetch_from: URL prefix of `owner/name` from which missing commits are fetched; None to
            refuse them.
        progress: called with the number of repositories found so far.

    Raises:
        InputError: the list cannot be read, or a commit is neither in the clones nor fetched.
    """
    listed = [row for row in read_list(path) if row.language in languages]
    if not listed:
        raise InputError(f"has no repository whose language is {' or '.join(languages)}", path=path)
    found: list[Repository] = []
    progress("repositories found", 0, len(listed))
    for row in listed:
        repository = _cloned(row, clones)
        if repository is None and fetch_from is not None:
            repository = _fetched(row, clones, fetch_from, path)
        if repository is None:
            raise InputError(
                f"{clones} has no clone of {row.name} with the commit {row.commit}",
                path=path,
                line=row.line,
            )
        found.append(repository)
        progress("repositories found", len(found), len(listed))
    return found


def _cloned(row: ListedRepository, clones: Path) -> Repository | None:
    for name in (row.name, row.name.replace("/", "+")):
        for folder in (clones / name, clones / f"{name}.git"):
            directory = folder / ".git" if (folder / ".git").exists() else folder
            # Else git would look for a repository around the folder.
            if (directory / "HEAD").is_file() and (
                found := repository_at(directory, row.name, row.commit)
            ):
                return found
    return None


def _fetched(row: ListedRepository, clones: Path, url: str, path: Path) -> Repository | None:
    """Fetch one commit into `owner+name.git`, without history."""
    place = clones / f"{row.name.replace('/', '+')}.git"

    def fetch(directory: Path) -> None:
        source = f"{url.rstrip('/')}/{row.name}"
        command = [
            "git",
            f"--git-dir={directory}",
            "fetch",
            "--quiet",
            "--depth=1",
            "--no-tags",
            source,
            row.commit,
        ]
        # For a missing repository a host asks for a password; nobody is there to answer.
        environment = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            reason = (done.stderr.strip() or f"git ended with {done.returncode}").splitlines()[-1]
            raise InputError(f"{row.name} cannot be fetched: {reason}", path=path, line=row.line)

    if place.exists():  # with another commit
        fetch(place)
    else:
        with replacing(place) as beside:
            subprocess.run(["git", "init", "--quiet", "--bare", str(beside)], check=True)
            fetch(beside)
    return _cloned(row, clones)
