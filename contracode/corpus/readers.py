"""Reads corpora: JSON lines, plain or gzip, from files, folders of shards, patterns or standard input; one row at a time.

What is broken is told by file and line and left out; the rest is read. With `strict` the first such thing stops.
"""

import glob
import gzip
import io
import logging
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from contracode.corpus.records import FunctionRecord
from contracode.errors import InputError

Row = TypeVar("Row", bound=msgspec.Struct)

OnProblem = Callable[[InputError], None]
"""Called with each broken line or file; its text names both."""

_log = logging.getLogger(__name__)

STDIN = "-"

_SUFFIXES = (".jsonl", ".jsonl.gz")


def log_problem(problem: InputError) -> None:
    """Log a broken line or file as a warning."""
    _log.warning("%s", problem)


def read_functions(
    paths: Iterable[str | Path],
    *,
    split: str | None = None,
    strict: bool = False,
    on_problem: OnProblem = log_problem,
) -> Iterator[FunctionRecord]:
    """Yield the functions of CodeSearchNet files, as published or as `contracode corpus build` writes them.

    Args:
        paths: files, folders (all shards below them), patterns, or "-" for standard input.
        split: only shards of this split, told by their names (`..._train_0.jsonl.gz`).
        strict: stop at the first broken line or file.
        on_problem: called with what is broken and left out.

    Raises:
        InputError: there is no such file, or `strict` and something is broken.
    """
    for path in find_shards(paths, split=split):
        for row in read_rows(path, FunctionRecord, strict=strict, on_problem=on_problem, check=_with_code):
            row.code = row.code or row.original_string
            yield row


def _with_code(row: FunctionRecord) -> str | None:
    return None if row.code or row.original_string else "a row with neither `code` nor `original_string`"


def find_shards(paths: Iterable[str | Path], *, split: str | None = None) -> list[str | Path]:
    """Return the files that `paths` stand for, those of a folder or pattern in the order of their numbers.

    Raises:
        InputError: a path names nothing, or a folder has no shard (of this split).
    """
    found: list[str | Path] = []
    for path in paths:
        if str(path) == STDIN:
            found.append(STDIN)
            continue
        place = Path(path)
        if place.is_dir():
            shards = [file for file in place.rglob("*") if file.name.endswith(_SUFFIXES)]
        elif place.exists():
            found.append(place)
            continue
        else:
            shards = [Path(name) for name in glob.glob(str(path), recursive=True)]
        if split is not None:
            shards = [file for file in shards if f"_{split}_" in file.name]
        if not shards:
            what = f"no shards of the split {split!r}" if split else "no such file, and no shards"
            raise InputError(f"{what} there", path=path)
        found.extend(sorted(shards, key=_number_order))
    return found


def _number_order(path: Path) -> list[tuple[int, str]]:
    return [(int(part or -1), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", str(path))]


def read_rows(
    path: str | Path,
    row_type: type[Row],
    *,
    strict: bool = False,
    on_problem: OnProblem = log_problem,
    check: Callable[[Row], str | None] = lambda row: None,
) -> Iterator[Row]:
    """Yield the rows of one file of JSON lines.

    Lines end in LF or CRLF; a byte order mark is skipped; blank lines are no rows. Gzip is told by its first bytes.

    Args:
        path: the file, or "-".
        row_type: what a line holds; further fields are ignored.
        strict: raise what is broken.
        on_problem: called with what is broken otherwise.
        check: says what is wrong with a row that has the right form.

    Raises:
        InputError: the file cannot be opened; or `strict` and a line is broken, the file is cut short, or has no rows.
    """

    def tell(message: str, line: int | None) -> None:
        problem = InputError(message, path=path, line=line)
        if strict:
            raise problem from None
        on_problem(problem)

    decode = msgspec.json.Decoder(row_type).decode
    number = num_rows = 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(stream, start=1):
                text = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
                if not text:
                    continue
                num_rows += 1
                try:
                    row = decode(text)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    tell(_reason(error), number)
                    continue
                wrong = check(row)
                if wrong is None:
                    yield row
                else:
                    tell(wrong, number)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        tell(f"the gzip data are broken behind this line ({error})", number)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    else:
        if num_rows == 0:
            tell("no rows in this file", None)


def _open(path: str | Path) -> io.BufferedReader | gzip.GzipFile:
    stream = open(sys.stdin.fileno() if path == STDIN else path, "rb", closefd=path != STDIN)  # noqa: SIM115
    if stream.peek(2)[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=stream)
    return stream


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "is not UTF-8"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if isinstance(error, msgspec.ValidationError):
        return f"is not a row: {str(error)[:200]}"
    return f"is not JSON: {str(error)[:200]}"
