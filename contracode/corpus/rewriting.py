"""Rewrites corpora: JSON lines in, a line for each variant out, in order, by several processes,
resumable.

Work is cut into blocks of lines. What a block gives is appended to files in a folder beside the
output, and only then is the block entered in that folder's `state.json`; a run that was killed cuts
the files back to the last block entered and goes on behind it. So it ends with the same bytes as
one that was not.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

import augment
from contracode.support.atomic_files import output_file
from contracode.support.errors import InputError

BLOCK = 64
"""Lines done together."""


class RewriteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is done to each row.

    Attributes:
        field: where a row has its source.
        copies: variants of each row.
        seed: the same seed gives the same variants.
        transforms: names, all at probability 1; None for the default pipeline.
        everything: every transform at every site.
        keep_names: only rewrites that keep the names of functions and classes.
        language: of the sources.
        source_type: of the sources.
    """

    field: str = "code"
    copies: int = 1
    seed: int = 0
    transforms: tuple[str, ...] | None = None
    everything: bool = False
    keep_names: bool = False
    language: augment.Language = "javascript"
    source_type: str = "auto"

    def pipeline(self) -> augment.Pipeline:
        """Return the pipeline that these settings ask for.

        Raises:
            InputError: there is no such transform.
        """
        level = augment.Semantics.PRESERVED if self.keep_names else augment.Semantics.OBSERVABLE
        try:
            if self.transforms:
                strength = 1.0 if self.everything else None
                return augment.Pipeline(
                    self.transforms, probability=1.0, strength=strength, level=level
                )
        except ValueError as error:
            raise InputError(str(error)) from None
        return (
            augment.Pipeline.everything(level) if self.everything else augment.Pipeline(level=level)
        )


class RewriteSummary(msgspec.Struct):
    """What came of a corpus.

    Attributes:
        rows: lines read, blank ones left out.
        variants: lines written.
        unchanged: variants that equal their source.
        repeated: variants that equal an earlier one of their row.
        refused: rows that have no variants, by reason.
    """

    rows: int = 0
    variants: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: dict[str, int] = {}

    def add(self, other: RewriteSummary) -> None:
        """Count the rows of `other` in."""
        self.rows += other.rows
        self.variants += other.variants
        self.unchanged += other.unchanged
        self.repeated += other.repeated
        self.refused = dict(Counter(self.refused) + Counter(other.refused))


class _State(msgspec.Struct):
    """How far a run is: the input it is of, lines of it done, bytes of the outputs that belong to
    them.
    """

    settings: RewriteSettings
    input: str
    lines: int = 0
    output: int = 0
    errors: int = 0
    summary: RewriteSummary = msgspec.field(default_factory=RewriteSummary)


class _Block(NamedTuple):
    """What a run of lines gives: lines of both outputs, and counts."""

    output: bytes
    errors: bytes
    summary: RewriteSummary


def rewrite_corpus(
    source: Path,
    target: Path,
    settings: RewriteSettings,
    *,
    workers: int = 0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> RewriteSummary:
    """Write variants of all rows of `source`, in order, and the rows that have none to
    `errors_of(target)`.

    Args:
        source: JSON lines, plain or gzip.
        target: a line for each variant: its row, with the new source in `settings.field` and the
            number of the variant in `copy`; gzip if its name says so.
        settings: what is done.
        workers: processes; 0 does all in this one.
        progress: called with lines done and lines in all.

    Raises:
        InputError: the input cannot be read, the output is a folder or the input, or an unfinished
            run of another input or with other settings is in the way.
    """
    settings.pipeline()
    output_file(target, [source])
    digest, total = _look_at(source)
    folder = target.with_name(f".{target.name}.partial")
    state = _resumed(folder, settings, digest)
    packed = target.suffix == ".gz"
    with (
        _opened(source) as lines,
        _cut(folder / "output", state.output) as out,
        _cut(folder / "errors", state.errors) as bad,
    ):
        for _ in islice(lines, state.lines):
            pass
        progress(state.lines, total)
        for count, block in _blocks(lines, state.lines, settings, workers):
            output = (
                gzip.compress(block.output, mtime=0) if packed and block.output else block.output
            )
            for file, data in ((out, output), (bad, block.errors)):
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            state.lines += count
            state.output += len(output)
            state.errors += len(block.errors)
            state.summary.add(block.summary)
            _write(folder, state)
            progress(state.lines, total)
    target.unlink(missing_ok=True)
    os.link(folder / "output", target)
    errors_of(target).unlink(missing_ok=True)
    if state.errors:
        os.link(folder / "errors", errors_of(target))
    shutil.rmtree(folder)
    return state.summary


def errors_of(target: Path) -> Path:
    """Return the file of the rows that have no variants: `{"line", "error"}` each."""
    return target.with_name(f"{target.name}.errors.jsonl")


def _opened(source: Path) -> BinaryIO:
    return gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb")  # type: ignore[return-value]


def _look_at(source: Path) -> tuple[str, int]:
    """Return a hash of the input and the number of its lines."""
    digest, total = hashlib.blake2b(digest_size=16), 0
    try:
        with _opened(source) as lines:
            for line in lines:
                digest.update(line)
                total += 1
    except (OSError, EOFError) as error:
        raise InputError(getattr(error, "strerror", None) or str(error), path=source) from None
    return digest.hexdigest(), total


def _resumed(folder: Path, settings: RewriteSettings, digest: str) -> _State:
    try:
        state = msgspec.json.decode((folder / "state.json").read_bytes(), type=_State)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        return _State(settings, digest)
    if (state.settings, state.input) != (settings, digest):
        raise InputError(
            "an unfinished run of another input or with other settings; finish or delete it",
            path=folder,
        )
    return state


def _write(folder: Path, state: _State) -> None:
    beside = folder / "state.json.new"
    beside.write_bytes(msgspec.json.encode(state))
    beside.replace(folder / "state.json")


def _cut(path: Path, size: int) -> BinaryIO:
    """Open a file for appending behind its first `size` bytes."""
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(size)
    return file


def _blocks(
    lines: Iterator[bytes], first: int, settings: RewriteSettings, workers: int
) -> Iterator[tuple[int, _Block]]:
    """Yield what each block gives, in order, and the number of its lines."""
    numbered = iter(lambda: list(islice(lines, BLOCK)), [])
    if not workers:
        pipeline = settings.pipeline()
        for block in numbered:
            yield len(block), rewrite_lines(block, first, settings, pipeline)
            first += len(block)
        return
    waiting: deque[tuple[int, Future[_Block]]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn"), _start, (settings,)) as pool:
        for block in numbered:
            waiting.append((len(block), pool.submit(_work, block, first, settings)))
            first += len(block)
            if len(waiting) > 2 * workers:
                count, done = waiting.popleft()
                yield count, done.result()
        while waiting:
            count, done = waiting.popleft()
            yield count, done.result()


_pipelines: list[augment.Pipeline] = []


def _start(settings: RewriteSettings) -> None:
    _pipelines[:] = [settings.pipeline()]


def _work(lines: list[bytes], first: int, settings: RewriteSettings) -> _Block:
    return rewrite_lines(lines, first, settings, _pipelines[0])


def rewrite_lines(
    lines: list[bytes], first: int, settings: RewriteSettings, pipeline: augment.Pipeline
) -> _Block:
    """Rewrite a run of lines, of which the first is line `first` + 1 of the input."""
    output: list[bytes] = []
    errors: list[bytes] = []
    summary = RewriteSummary()
    refused: Counter[str] = Counter()
    for number, line in enumerate(lines, first + 1):
        if not line.strip():
            continue
        summary.rows += 1
        try:
            row = json.loads(line)
            code = row[settings.field]
            program = augment.parse(
                code, language=settings.language, source_type=settings.source_type
            )  # type: ignore[arg-type]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            reason, detail = _reason(error, settings.field)
            refused[reason] += 1
            errors.append(json.dumps({"line": number, "error": detail}).encode() + b"\n")
            continue
        seen: set[str] = set()
        for copy, view in enumerate(pipeline.views(program, settings.copies, settings.seed)):
            summary.variants += 1
            summary.unchanged += view.text == code
            summary.repeated += view.text in seen
            seen.add(view.text)
            output.append(
                json.dumps({**row, settings.field: view.text, "copy": copy}).encode() + b"\n"
            )
    summary.refused = dict(refused)
    return _Block(b"".join(output), b"".join(errors), summary)


def _reason(error: Exception, field: str) -> tuple[str, str]:
    """Return why a row has no variants, without and with the place."""
    if isinstance(error, augment.ParseError):
        return error.message, str(error)
    if isinstance(error, (KeyError, TypeError, AttributeError)):
        message = f"no text in a field {field!r}"
        return message, message
    return "not a JSON line", f"not a JSON line: {error}"
