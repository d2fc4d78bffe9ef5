"""Sources of folders and git repositories.

`contracode.corpus.sources.left_out` says which files are left out.
"""

import os
import re
import shutil
import stat
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pathspec

from augment import Language
from contracode.corpus.sources.left_out import (
    REASON_OF_FOLDER,
    ignore_spec,
    is_ignored,
    reason_of_content,
    reason_of_path,
)
from contracode.corpus.storage.readers import OnProblem
from contracode.support.errors import InputError

LANGUAGES: dict[str, Language] = {
    ".js": "javascript",
    ".cjs": "javascript",
    ".mjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".cts": "typescript",
    ".mts": "typescript",
    ".tsx": "tsx",
}

_LICENCE = re.compile(r"(licen[cs]e|copying|unlicense)([.-].*)?", re.IGNORECASE)
_REMOTE = re.compile(r"^\s*url\s*=\s*\S*?([\w.-]+/[\w.-]+?)(?:\.git)?/?\s*$", re.MULTILINE)


@dataclass(slots=True)
class SourceFile:
    """A file of a repository that is worth parsing."""

    path: str
    language: Language
    content: bytes


@dataclass(slots=True)
class Repository:
    """One project, whose files are all in the same split.

    Attributes:
        name: `owner/name` of its git remote, else the name of its folder.
        place: folder of the work tree, or the git directory when there is no work tree.
        bare: there is no work tree, or it is not looked at.
        commit: commit to read of a git directory: its hash or a name of it.
        sha: commit, "" where unknown.
        licence: name of the licence file at its top, "" if there is none.
        leave_out: patterns, as in .gitignore, of the files that are left out.
        files: number of JavaScript and TypeScript files looked at so far.
        left_out: number of files left out so far, by reason.
    """

    name: str
    place: Path
    bare: bool = False
    commit: str = "HEAD"
    sha: str = ""
    licence: str = ""
    leave_out: tuple[str, ...] = ()
    files: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def sources(self, on_problem: OnProblem = lambda problem: None) -> Iterator[SourceFile]:
        """Yield the sources that are not left out, by name, those of a folder before those below
        it; counts the others.

        Args:
            on_problem: called with each file and folder that cannot be read.
        """
        patterns = pathspec.GitIgnoreSpec.from_lines(self.leave_out)
        for path, read in self._stored(on_problem) if self.bare else self._walked(on_problem):
            self.files += 1
            reason = reason_of_path(path) or ("pattern" if patterns.match_file(path) else None)
            if reason is None:
                content = read()
                reason = content if isinstance(content, str) else reason_of_content(content)
                if reason is None:
                    assert isinstance(content, bytes)
                    yield SourceFile(path, LANGUAGES[Path(path).suffix], content)
                    continue
            self.left_out[reason] += 1

    def left(self, *reasons: str) -> Iterator[tuple[str, SourceFile]]:
        """Yield the files that `sources` leaves out for one of these reasons but that can be read,
        with the reason; counts nothing.
        """
        uncounted = replace(self, left_out=Counter())
        files = uncounted._stored if self.bare else uncounted._walked
        for path, read in files(lambda problem: None):
            reason = reason_of_path(path)
            if reason is None or reason in reasons:
                content = read()
                if isinstance(content, bytes):
                    reason = reason or reason_of_content(content)
                    if reason in reasons:
                        yield reason, SourceFile(path, LANGUAGES[Path(path).suffix], content)

    def state(self) -> Iterator[str]:
        """Yield what changes whenever `sources` may give something else: the commit, or the names,
        sizes and times of the files of a work tree.
        """
        yield from (self.name, self.sha, self.licence, *self.leave_out)
        if not self.bare:
            for path, ignored in replace(self, left_out=Counter())._paths():
                try:
                    found = (self.place / path if self.place.is_dir() else self.place).lstat()
                except OSError:
                    yield path
                else:
                    yield f"{path} {ignored} {found.st_mode} {found.st_size} {found.st_mtime_ns}"

    def locate(self, path: str) -> str:
        """Return where a file of it is found, for messages."""
        return (
            f"{self.place}:{path}"
            if self.bare
            else str(self.place / path if self.place.is_dir() else self.place)
        )

    def _walked(self, on_problem: OnProblem) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
        """Yield the files of a work tree, each with a function that reads it.

        The function returns the reason if reading fails.
        """
        for path, ignored in self._paths(on_problem):
            yield path, self._reader(path, ignored, on_problem)

    def _paths(self, on_problem: OnProblem = lambda problem: None) -> Iterator[tuple[str, bool]]:
        """Yield the files of a work tree, and whether they are ignored."""
        if self.place.is_file():
            yield self.place.name, False
            return

        def tell(error: OSError) -> None:
            self.left_out["unreadable folder"] += 1
            on_problem(InputError(f"cannot be read: {error.strerror}", path=error.filename))

        specs: dict[str, pathspec.GitIgnoreSpec] = {}
        for folder, folders, names in os.walk(self.place, onerror=tell):
            below = Path(folder).relative_to(self.place)
            if ".gitignore" in names:
                specs[below.as_posix()] = _ignore_spec(Path(folder) / ".gitignore", on_problem)
            # Symbolic links to folders are not followed: they can form loops. Ignored and vendored
            # folders are not entered: node_modules alone would be most of the walk; their files are
            # not counted.
            folders[:] = sorted(
                name
                for name in folders
                if REASON_OF_FOLDER.get(name) != "vendored"
                and not is_ignored(f"{(below / name).as_posix()}/", specs)
            )
            for name in sorted(names):
                if Path(name).suffix in LANGUAGES:
                    path = (below / name).as_posix()
                    yield path, is_ignored(path, specs)

    def _reader(self, path: str, ignored: bool, on_problem: OnProblem) -> Callable[[], bytes | str]:
        if self.place.is_file():
            return lambda: _read(self.place, on_problem)
        place = self.place / path
        return lambda: (
            "ignored" if ignored else "link" if place.is_symlink() else _read(place, on_problem)
        )

    def _stored(self, on_problem: OnProblem) -> Iterator[tuple[str, Callable[[], bytes | str]]]:
        """Yield the files of the commit of a git directory."""
        objects = _tree(self.place, self.commit)
        with subprocess.Popen(
            ["git", f"--git-dir={self.place}", "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as git:
            assert git.stdin is not None
            assert git.stdout is not None
            stdin, stdout = git.stdin, git.stdout

            def read(path: str) -> bytes | str:
                stdin.write(f"{objects[path]}\n".encode())
                stdin.flush()
                header = stdout.readline().split()
                if header[-1] == b"missing":
                    on_problem(
                        InputError("cannot be read: git lacks the object", path=self.locate(path))
                    )
                    return "unreadable"
                content = stdout.read(int(header[2]))
                stdout.read(1)
                return content

            for path in sorted(
                (path for path in objects if Path(path).suffix in LANGUAGES), key=_walk_order
            ):
                yield path, lambda path=path: read(path)
            stdin.close()


def find_repositories(places: Iterable[str | Path | Repository]) -> list[Repository]:
    """Return the repositories that `places` name, ordered by name.

    A place is a source file, a folder, or a git directory without a work tree, each as PATH or
    NAME=PATH. A folder that contains work trees stands for these; any other folder is one
    repository. A `Repository` stands for itself; commits of one git directory are separate.

    Raises:
        InputError: there is no such place, it cannot be read, or two of them have the same name.
    """
    found: list[Repository] = []
    for place in places:
        if isinstance(place, Repository):
            found.append(place)
            continue
        name, _, rest = str(place).partition("=")
        path = Path(place)
        if rest and not path.exists():
            path = Path(rest)
        else:
            name = ""
        try:
            if not path.exists():
                raise InputError("no such file or folder", path=path)
            if not path.is_dir() and path.suffix not in LANGUAGES:
                raise InputError("is neither JavaScript nor TypeScript", path=path)
            inside = (
                []
                if name or path.is_file() or (path / ".git").exists()
                else sorted(path.glob("*/.git"))
            )
            found += [_repository(entry.parent, "") for entry in inside] or [
                _repository(path, name)
            ]
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", path=path) from None
    found.sort(key=lambda repository: repository.name)
    for one, two in pairwise(found):
        if one.name == two.name and (one.place != two.place or one.sha == two.sha):
            raise InputError(
                f"is called {one.name!r} as {one.place} is; name one with NAME=PATH", path=two.place
            )
    return found


def _repository(place: Path, name: str) -> Repository:
    bare = place.is_dir() and all((place / part).exists() for part in ("HEAD", "objects", "refs"))
    if bare and shutil.which("git") is None:
        raise InputError("reading a git directory takes git, which is not installed", path=place)
    git = place if bare else place / ".git"
    if not name and (git / "config").is_file():
        remote = _REMOTE.search((git / "config").read_text("utf-8", errors="replace"))
        name = remote[1] if remote else ""
    top = (
        _tree(place, "HEAD", recursive=False)
        if bare
        else sorted(os.listdir(place))
        if place.is_dir()
        else []
    )
    return Repository(
        name=name or place.resolve().name.removesuffix(".git"),
        place=place,
        bare=bare,
        sha=_git(git, "rev-parse", "HEAD").strip() if git.exists() else "",
        licence=_licence(top),
    )


def repository_at(directory: Path, name: str, commit: str) -> Repository | None:
    """Return a repository at a commit of a git directory, or None if the commit is missing.

    Args:
        directory: the git directory.
        name: of the repository.
        commit: its hash, or a name of it.
    """
    sha = _git(directory, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").strip()
    if not sha:
        return None
    top = _tree(directory, sha, recursive=False)
    return Repository(
        name=name, place=directory, bare=True, commit=sha, sha=sha, licence=_licence(top)
    )


def _licence(top: Iterable[str]) -> str:
    return next((entry for entry in top if _LICENCE.fullmatch(entry)), "")


def _walk_order(path: str) -> list[tuple[bool, str]]:
    *folders, name = path.split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _tree(place: Path, commit: str, *, recursive: bool = True) -> dict[str, str]:
    """Return the files of a commit, path to object, without links."""
    found: dict[str, str] = {}
    for entry in _git(place, "ls-tree", "-z", *(["-r"] * recursive), commit).split("\0"):
        facts, _, path = entry.partition("\t")
        if path and facts.split()[1] == "blob" and facts.split()[0] != "120000":
            found[path] = facts.split()[2]
    return found


def _git(directory: Path, *arguments: str) -> str:
    if shutil.which("git") is None:
        return ""
    done = subprocess.run(
        ["git", f"--git-dir={directory}", *arguments], capture_output=True, check=False
    )
    return done.stdout.decode("utf-8", errors="surrogateescape") if done.returncode == 0 else ""


def _ignore_spec(path: Path, on_problem: OnProblem) -> pathspec.GitIgnoreSpec:
    content = _read(path, on_problem)
    text = "" if isinstance(content, str) else content.decode("utf-8", errors="replace")
    return ignore_spec(text.splitlines())


def _read(path: Path, on_problem: OnProblem) -> bytes | str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # to read a pipe would wait for who writes it
            return "no file"
        return path.read_bytes()
    except OSError as error:
        on_problem(InputError(f"cannot be read: {error.strerror}", path=path))
        return "unreadable"
