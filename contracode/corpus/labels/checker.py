"""The TypeScript compiler as a process beside us: it is given the sources of a repository and tells
the type of every name.

Node runs `checker.js`, which lies next to this module; the compiler is the npm package
`typescript`, which the user has installed. Both sides write one JSON object a line, in ASCII. A
repository is asked about with

    {"file": "a.ts", "text": ..., "role": ...}      for each source, and then
    {"modules": "/place/of/repository"}             whose node_modules folders may be read; null:
    there are none

where the role is "labelled" (types are asked for), "ambient" (it declares for all) or "imported"
(it is there to be imported). Answered is

    {"node": "20.1.0", "typescript": "5.9.3"}       once, at the start
    {"file": "a.ts", "types": ["number", ...], "identifiers": [4, 7, 0, ...], "returns": [30, 0,
    ...]} {"file": "a.ts", "error": ...}                  when the compiler fails on it {"done":
    true}

with one answer for each labelled file: spellings of types; start, end and number of the type for
    each name; start of its body and number
of the type for what each function returns. Offsets are UTF-16 code units, as the compiler has them;
here they become bytes.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

import msgspec

from contracode.javascript.records import Span
from contracode.support.errors import InputError

SCRIPT = Path(__file__).with_name("checker.js")

SERIES = "5.9"
"""The versions of TypeScript whose answers were tested: 5.9.x."""

LIMIT = 600.0
"""Seconds without an answer after which the compiler is stopped: on some sources it never ends."""

_INSTALL = f"install it with: npm install typescript@{SERIES}"

Role = Literal["labelled", "ambient", "imported"]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What the compiler says of one file.

    Attributes:
        identifiers: the type at each name that is a variable, parameter, property or function (of a
            function what it returns), as the compiler spells it; "" for one too long to spell. By
            byte span.
        returns: what a function returns, by the byte at which its body starts.
    """

    identifiers: dict[Span, str]
    returns: dict[int, str]


class _Answer(msgspec.Struct):
    file: str = ""
    types: list[str] = []
    identifiers: list[int] = []
    returns: list[int] = []
    error: str | None = None
    done: bool = False
    node: str = ""
    typescript: str = ""


class Checker:
    """The compiler's process; a context manager. It is started with the first repository, and again
    when it has died.

    Attributes:
        version: of TypeScript.
    """

    def __init__(self, node: str, typescript: Path, version: str, *, limit: float = LIMIT) -> None:
        """Take a compiler that `find_checker` found.

        Args:
            node: the executable.
            typescript: folder of the npm package.
            version: of the package.
            limit: seconds to wait for each answer.
        """
        self.version = version
        self._node = node
        self._typescript = typescript
        self._limit = limit
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as we do

    def check(
        self, sources: Iterable[tuple[str, str, Role]], modules: Path | None = None
    ) -> Iterator[tuple[str, CheckedFile | str]]:
        """Yield what the compiler says of the labelled files of one repository, in their order.

        Args:
            sources: path in the repository, text, role.
            modules: folder of the repository if its node_modules folders may be read.

        Yields:
            The path, and the types or the reason why there are none. After an answer that took too
            long, or the end of the process, that is the reason of all files that are left.

        Raises:
            InputError: Node or the compiler does not start.
        """
        process = self._started()
        asked: dict[str, str] = {}
        try:
            assert process.stdin is not None
            for path, text, role in sources:
                if role == "labelled":
                    asked[path] = text
                process.stdin.write(
                    json.dumps({"file": path, "text": text, "role": role}).encode() + b"\n"
                )
            process.stdin.write(
                json.dumps({"modules": str(modules.resolve()) if modules else None}).encode()
                + b"\n"
            )
            process.stdin.flush()
        except BrokenPipeError:
            pass  # the answers that are missing say why
        done = False
        try:
            while not done:
                answer = self._answer()
                if isinstance(answer, _Answer) and answer.done != (not asked):
                    answer = "the compiler's answer is not what was asked for"
                if isinstance(answer, str):
                    yield from ((path, answer) for path in asked)
                    return
                done = answer.done
                if not done:
                    yield answer.file, _checked(answer, asked.pop(answer.file, ""))
        finally:
            if not done:
                self._stop()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        self._answers = queue.Queue()
        self._errors.seek(0)
        self._errors.truncate()
        process = subprocess.Popen(
            [self._node, str(SCRIPT), str(self._typescript / "lib" / "typescript.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=SCRIPT.parent,
        )
        self._process = process
        threading.Thread(target=_read, args=(process, self._answers), daemon=True).start()
        hello = self._answer()
        if isinstance(hello, str):
            self._stop()
            raise InputError(
                f"the TypeScript compiler does not start: {hello}", path=self._typescript
            )
        return process

    def _answer(self) -> _Answer | str:
        """Return the next answer, or why there is none."""
        assert self._process is not None
        try:
            line = self._answers.get(timeout=self._limit)
        except queue.Empty:
            return f"the compiler gave no answer in {self._limit:g} seconds"
        if line:
            try:
                return msgspec.json.decode(line, type=_Answer)
            except msgspec.MsgspecError as error:
                return f"the compiler's answer cannot be read: {error}"
        code = self._process.wait()
        self._errors.seek(0)
        messages = [
            line.strip()
            for line in self._errors.read().decode("utf-8", errors="replace").splitlines()
        ]
        # V8 says FATAL ERROR, scripts end in SomeError: message; both print stacks around it.
        said = next(
            (line for line in messages if "rror:" in line or "ERROR" in line),
            next(filter(None, messages), ""),
        )
        return f"the compiler ended with code {code}{': ' if said else ''}{said}"

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):  # what it has not read is lost, as it is itself
                stream.close()
        process.wait()

    def __enter__(self) -> Checker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._errors.close()


def find_checker(
    typescript: Path | None = None, *, foreign: Sequence[Path] = (), limit: float = LIMIT
) -> Checker:
    """Return the compiler that is installed here, as `find_typescript` finds it.

    Args:
        typescript: see there.
        foreign: see there.
        limit: see `Checker`.

    Raises:
        InputError: Node or the package is missing, or of another version.
    """
    return Checker(*find_typescript(typescript, foreign=foreign, option="--checker"), limit=limit)


def find_typescript(
    typescript: Path | None = None, *, foreign: Sequence[Path] = (), option: str
) -> tuple[str, Path, str]:
    """Return Node, the folder of the npm package, and its version.

    Args:
        typescript: folder of the npm package, or one whose node_modules folder has it. Otherwise it
            is looked for in the folders of NODE_PATH, the node_modules folders of the current
            folder and those above it, and npm's global one.
        foreign: folders whose code must not be run: a compiler inside of one is passed over, unless
            `typescript` names it.
        option: of the command, which takes them.

    Raises:
        InputError: Node or the package is missing, or of another version.
    """
    node = shutil.which("node")
    if node is None:
        raise InputError(
            f"{option} needs Node to run the TypeScript compiler, and there is no `node` on the "
            f"PATH"
        )
    others: list[str] = []
    for folder in (
        [typescript, typescript / "node_modules" / "typescript"]
        if typescript
        else _candidates(foreign)
    ):
        version = _version_of(folder)
        if version is None:
            continue
        if version.startswith(f"{SERIES}."):
            return node, folder.resolve(), version
        others.append(f"{version} in {folder}")
    found = f"found {', '.join(others)}" if others else "found none"
    where = f" in {typescript}" if typescript and not others else ""
    raise InputError(
        f"{option} needs the npm package typescript {SERIES}.x and {found}{where}; {_INSTALL}"
    )


def _candidates(foreign: Sequence[Path]) -> Iterator[Path]:
    """Yield where the package may lie, the nearest first."""
    forbidden = [folder.resolve() for folder in foreign]
    here = Path.cwd()
    folders = [Path(entry) for entry in os.environ.get("NODE_PATH", "").split(os.pathsep) if entry]
    folders += [folder / "node_modules" for folder in (here, *here.parents)]
    for modules in folders:
        folder = modules / "typescript"
        if not any(folder.resolve().is_relative_to(place) for place in forbidden):
            yield folder
    npm = shutil.which("npm")
    if npm is not None:
        done = subprocess.run(
            [npm, "root", "--global"], capture_output=True, text=True, check=False
        )
        if done.returncode == 0 and done.stdout.strip():
            yield Path(done.stdout.strip()) / "typescript"


def _version_of(folder: Path) -> str | None:
    """Return the version of the package in `folder`, None if there is none."""
    try:
        facts = json.loads((folder / "package.json").read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(facts, dict) or facts.get("name") != "typescript":
        return None
    return str(facts.get("version"))


def _read(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    """Hand on the lines that a process writes, and an empty one at its end."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:
        return  # closed while we read: nobody asks any more
    answers.put(b"")


def _checked(answer: _Answer, text: str) -> CheckedFile | str:
    """Give the types of an answer their byte offsets; returns the reason if there are none."""
    if answer.error is not None:
        return f"the compiler failed: {answer.error}"
    at = utf16_to_bytes(text)
    three, two = iter(answer.identifiers), iter(answer.returns)
    try:
        return CheckedFile(
            {
                (at[start], at[end]): answer.types[number]
                for start, end, number in zip(three, three, three, strict=True)
            },
            {at[start]: answer.types[number] for start, number in zip(two, two, strict=True)},
        )
    except (IndexError, ValueError):
        return "the compiler's answer does not fit the file"


def utf16_to_bytes(text: str) -> Sequence[int]:
    """Return the UTF-8 offset of each UTF-16 offset of `text`, its end included; inside of a pair,
    that of the character.
    """
    if text.isascii():
        return range(len(text) + 1)
    offsets: list[int] = []
    at = 0
    for character in text:
        offsets.append(at)
        if character > "\uffff":
            offsets.append(at)
        at += (
            1
            if character < "\x80"
            else 2
            if character < "\u0800"
            else 3
            if character < "\U00010000"
            else 4
        )
    offsets.append(at)
    return offsets
