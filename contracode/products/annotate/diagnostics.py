"""The TypeScript compiler as a process that reports the errors of a project while its texts change.

Node runs `diagnostics.js`, which lies next to this module. Both sides write one JSON object per
line, in ASCII:

    <- {"typescript": "5.9.3"}                                          once, at the start
    -> {"root": folder, "files": [path, ...], "implicitAny": false,
        "texts": {path: text}}                                          first request
    -> {"texts": {path: text}}                                          later ones: changed texts
    <- {"errors": [0, 17, 2339, ...]}    file number, offset, code of each error
    <- {"failed": reason}

Paths are absolute. Offsets of the compiler are in UTF-16 code units, those of this module in bytes.
The compiler reads its settings from the nearest `tsconfig.json` or `jsconfig.json`, in the folder
or above it, and always checks JavaScript.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from contracode.corpus.labels.checker import LIMIT, utf16_to_bytes
from contracode.support.errors import InputError

SCRIPT = Path(__file__).with_name("diagnostics.js")


class Diagnostic(NamedTuple):
    """One error: the number of its file, its first byte, and its code in TypeScript."""

    file: int
    start: int
    code: int


class _CompilerErrors(msgspec.Struct):
    typescript: str = ""
    errors: list[int] = []
    failed: str | None = None


class Diagnostics:
    """The compiler's process for one project; a context manager.

    Args:
        node: the executable.
        typescript: folder of the npm package.
        root: folder of the project.
        files: the files whose errors are reported.
        implicit_any: report every implicit any, whatever the project's settings say.
        limit: seconds to wait for each answer.

    Raises:
        InputError: the compiler does not start.
    """

    def __init__(
        self,
        node: str,
        typescript: Path,
        root: Path,
        files: Sequence[Path],
        *,
        implicit_any: bool = False,
        limit: float = LIMIT,
    ) -> None:
        self._root, self._limit = root.resolve(), limit
        self._files = [str(file.resolve()) for file in files]
        self._texts: dict[int, str] = {}
        self._asked, self._implicit_any = False, implicit_any
        self._process = subprocess.Popen(
            [
                node,
                "--max-old-space-size=4096",
                str(SCRIPT),
                str(typescript / "lib" / "typescript.js"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=SCRIPT.parent,
        )
        self.version = self._answer().typescript

    def errors(self, texts: Mapping[int, str]) -> list[Diagnostic]:
        """Return the errors of all files, in order, after some texts changed.

        Args:
            texts: number of a file -> its text. Other files keep their last text, or that on disk.

        Raises:
            InputError: the compiler failed, or did not answer in time.
        """
        changed = {
            number: text for number, text in texts.items() if self._texts.get(number) != text
        }
        self._texts |= changed
        request: dict[str, object] = {
            "texts": {self._files[number]: text for number, text in changed.items()}
        }
        if not self._asked:
            request |= {"root": str(self._root), "files": self._files}
            request["implicitAny"] = self._implicit_any
            self._asked = True
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # reading the answer reports the failure
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        numbers = iter(self._answer().errors)
        offsets: dict[int, Sequence[int]] = {}
        found: list[Diagnostic] = []
        for file, start, code in zip(numbers, numbers, numbers, strict=True):
            if file not in offsets:
                text = self._texts.get(file)
                offsets[file] = utf16_to_bytes(
                    Path(self._files[file]).read_text("utf-8") if text is None else text
                )
            found.append(Diagnostic(file, offsets[file][start], code))
        return sorted(found)

    def _answer(self) -> _CompilerErrors:
        assert self._process.stdout is not None
        clock = threading.Timer(self._limit, self._process.kill)
        clock.start()
        try:
            line = self._process.stdout.readline()
        finally:
            clock.cancel()
        if not line:
            raise InputError(
                f"the TypeScript compiler ended, or gave no answer in {self._limit:g} seconds"
            )
        answer = msgspec.json.decode(line, type=_CompilerErrors)
        if answer.failed is not None:
            raise InputError(f"the TypeScript compiler failed: {answer.failed}")
        return answer

    def __enter__(self) -> Diagnostics:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()
        self._process.wait()
