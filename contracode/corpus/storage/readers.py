"""Reads corpora: JSON lines, plain or gzip, and parquet, from files, folders of shards, patterns or
standard input; one row at a time.

The first bytes of a file say what it holds. Broken lines are reported by file and line and left
out; the rest is read. With `strict` the first broken line is an error.
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

from contracode.corpus.storage.parquet import read_parquet
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import SPLITS
from contracode.support.errors import InputError

Row = TypeVar("Row", bound=msgspec.Struct)

OnProblem = Callable[[InputError], None]
"""Called with each broken line or file; its text names both."""

Tell = Callable[[str, int | None], None]
"""Called with what is wrong and the line it is in, if in one; raises where reading is strict."""

_log = logging.getLogger(__name__)

STDIN = "-"

MAX_LINE = 32 * 2**20
"""Bytes of the longest line that is read: a file without line ends must not fill the memory."""

SUFFIXES = (".jsonl", ".jsonl.gz", ".parquet")

_PICKLES = (".pkl", ".pkl.gz", ".pickle", ".pickle.gz")


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
    """Yield the functions of CodeSearchNet files, as published, as `contracode corpus build` writes
    them, or as parquet.

    Args:
        paths: files, folders (all shards below them), patterns, or "-" for standard input (JSON
            lines).
        split: only shards of this split, by their names (`..._train_0.jsonl.gz`,
            `train-00000-of-00012.parquet`).
        strict: stop at the first broken line or file.
        on_problem: called with what is broken and left out; in parquet, rows count as lines.

    Raises:
        InputError: there is no such file, it is a pickle, or parquet without pyarrow; or `strict`
            and something is broken.
    """
    for path in find_shards(paths, split=split):
        first = _first_bytes(path)
        if str(path).endswith(_PICKLES) or re.match(rb"\x80[\x02-\x05]", first):
            raise InputError(
                "is a pickle; make JSON lines of it first: contracode corpus convert", path=path
            )
        if first == b"PAR1" or str(path).endswith(".parquet"):
            named = next((name for name in SPLITS if _is_of(Path(path), name)), "")
            for row in read_parquet(Path(path), teller(path, strict=strict, on_problem=on_problem)):
                row.partition = row.partition or named
                yield row
            continue
        for row in read_rows(
            path, FunctionRecord, strict=strict, on_problem=on_problem, check=_with_code
        ):
            row.code = row.code or row.original_string
            yield row


def _first_bytes(path: str | Path) -> bytes:
    """Return the first four bytes of a file; none of a pipe, which gives them only once."""
    if path == STDIN or not Path(path).is_file():
        return b""
    try:
        with open(path, "rb") as stream:
            return stream.read(4)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None


def _with_code(row: FunctionRecord) -> str | None:
    return (
        None
        if row.code or row.original_string
        else "a row with neither `code` nor `original_string`"
    )


def find_shards(paths: Iterable[str | Path], *, split: str | None = None) -> list[str | Path]:
    """Return the files that `paths` stand for, those of a folder or pattern in the order of their
    numbers.

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
            shards = [file for file in place.rglob("*") if file.name.endswith(SUFFIXES)]
        elif place.exists():
            found.append(place)
            continue
        else:
            shards = [Path(name) for name in glob.glob(str(path), recursive=True)]
        if split is not None:
            shards = [file for file in shards if _is_of(file, split)]
        if not shards:
            what = f"no shards of the split {split!r}" if split else "no such file, and no shards"
            raise InputError(f"{what} there", path=path)
        found.extend(sorted(shards, key=number_order))
    return found


def _is_of(file: Path, split: str) -> bool:
    """Whether a shard is of a split by its name; re-publications as parquet have it first, or as
    the name of the folder.
    """
    if f"_{split}_" in file.name:
        return True
    names = (split, "validation") if split == "valid" else (split,)
    return file.suffix == ".parquet" and (
        file.parent.name in names or any(name in re.split("[^a-z]+", file.stem) for name in names)
    )


def number_order(path: str | Path) -> list[tuple[int, str]]:
    """Return what to sort by, so that numbers in names are in order as numbers."""
    return [
        (int(part or -1), "") if part.isdigit() else (-1, part)
        for part in re.split(r"(\d+)", str(path))
    ]


def read_rows(
    path: str | Path,
    row_type: type[Row],
    *,
    strict: bool = False,
    on_problem: OnProblem = log_problem,
    check: Callable[[Row], str | None] = lambda row: None,
) -> Iterator[Row]:
    """Yield the rows of one file of JSON lines.

    Lines end in LF or CRLF; a byte order mark and blank lines are skipped. Gzip is recognised by
    its first bytes.

    Args:
        path: the file, or "-".
        row_type: what a line holds; further fields are ignored.
        strict: raise what is broken.
        on_problem: called with what is broken otherwise.
        check: says what is wrong with a row that has the right form.

    Raises:
        InputError: the file cannot be opened; or `strict` and a line is broken, the file is cut
            short, or has no rows.
    """
    tell = teller(path, strict=strict, on_problem=on_problem)
    decode = msgspec.json.Decoder(row_type).decode
    for number, line in read_lines(path, tell):
        try:
            row = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            tell(_reason(error), number)
            continue
        wrong = check(row)
        if wrong is None:
            yield row
        else:
            tell(wrong, number)


def teller(path: str | Path, *, strict: bool, on_problem: OnProblem) -> Tell:
    """Return what a reader calls with what is broken in `path`."""

    def tell(message: str, line: int | None) -> None:
        problem = InputError(message, path=path, line=line)
        if strict:
            raise problem from None
        on_problem(problem)

    return tell


def read_lines(path: str | Path, tell: Tell) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not blank, with their numbers, from 1, and without their
    ends.

    Args:
        path: the file, plain or gzip, or "-".
        tell: called when the file has no such line, or its gzip data are broken.

    Raises:
        InputError: the file cannot be read.
    """
    number = num_lines = 0
    try:
        with _open(path) as stream:
            for number, line in enumerate(_split_lines(stream), start=1):
                if line is None:
                    num_lines += 1
                    tell(f"is longer than {MAX_LINE // 2**20} MiB", number)
                    continue
                text = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).rstrip(b"\r\n")
                if text.strip():
                    num_lines += 1
                    yield number, text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        tell(f"the gzip data are broken behind this line ({error})", number)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    else:
        if num_lines == 0:
            tell("no rows in this file", None)


def _split_lines(stream: io.BufferedReader | gzip.GzipFile) -> Iterator[bytes | None]:
    """Yield the lines; None for one that is too long, which is read and dropped in pieces."""
    while line := stream.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass
        yield None


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
