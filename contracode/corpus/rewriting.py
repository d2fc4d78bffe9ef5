"""Rewriting of corpora: JSON lines in, a line per variant out, in order, resumable.

Lines are rewritten in blocks. The results of a block are appended to files in a folder beside the
output, then the block is recorded in that folder's `state.json`. A resumed run truncates the files
to the last recorded block and continues after it, so the output has the same bytes as without the
interruption.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

import msgspec

import augment
from contracode.corpus.build.engine import LocalEngine
from contracode.support.atomic_files import output_file
from contracode.support.errors import InputError

BLOCK = 64
"""Lines per block."""


class RewriteSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How each row is rewritten.

    Attributes:
        field: field of the source in a row.
        copies: variants per row.
        seed: seed of the variants.
        transforms: transforms that are always applied; None for the default pipeline.
        everything: apply every transform at every site.
        keep_names: keep the names of functions and classes.
        plain_data: rewrite also where results are the same for plain data only.
        language: language of the sources.
        source_type: kind of the sources.
    """

    field: str = "code"
    copies: int = 1
    seed: int = 0
    transforms: tuple[str, ...] | None = None
    everything: bool = False
    keep_names: bool = False
    plain_data: bool = False
    language: augment.Language = "javascript"
    source_type: Literal["auto", "script", "module", "commonjs"] = "auto"

    def pipeline(self) -> augment.Pipeline:
        """Return the pipeline of these settings.

        Raises:
            InputError: a transform is unknown.
        """
        level = augment.Semantics.PRESERVED if self.keep_names else augment.Semantics.OBSERVABLE
        if self.plain_data:
            level = augment.Semantics.PLAIN_DATA
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
    """Counts of a rewritten corpus.

    Attributes:
        rows: lines read, without blank ones.
        variants: lines written.
        unchanged: variants equal to their source.
        repeated: variants equal to an earlier one of their row.
        refused: rows without variants, by reason.
    """

    rows: int = 0
    variants: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: dict[str, int] = {}

    def add(self, other: RewriteSummary) -> None:
        """Add the counts of `other`."""
        self.rows += other.rows
        self.variants += other.variants
        self.unchanged += other.unchanged
        self.repeated += other.repeated
        self.refused = dict(Counter(self.refused) + Counter(other.refused))


class _RewriteState(msgspec.Struct):
    """Progress of a run: its settings and input, finished lines, and the bytes of both outputs."""

    settings: RewriteSettings
    input: str
    lines: int = 0
    output: int = 0
    errors: int = 0
    summary: RewriteSummary = msgspec.field(default_factory=RewriteSummary)


class LineBlock(NamedTuple):
    """A run of lines, the first of which is line `first` + 1 of the input."""

    name: str
    first: int
    lines: list[bytes]
    settings: RewriteSettings


class RewrittenBlock(NamedTuple):
    """The results of a block: lines of both outputs, and counts."""

    num_lines: int
    output: bytes
    errors: bytes
    summary: RewriteSummary


def rewrite_corpus(
    source: Path,
    target: Path,
    settings: RewriteSettings,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> RewriteSummary:
    """Write the variants of all rows of `source`, in order, and list rows without variants in
    `errors_of(target)`.

    Args:
        source: JSON lines, plain or gzip.
        target: a line per variant: its row, with the new source in `settings.field` and the number
            of the variant in `copy`; gzip if the name ends in .gz.
        settings: how rows are rewritten.
        workers: number of processes; 1 uses this one.
        progress: called with finished and total lines.

    Raises:
        InputError: the input cannot be read, the output is a folder or the input, or there is an
            unfinished run with another input or other settings.
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
        blocks = _blocks(lines, state.lines, settings, source)
        for block in LocalEngine(workers).map_ordered(rewrite_block, blocks):
            compress = packed and block.output
            output = gzip.compress(block.output, mtime=0) if compress else block.output
            for file, data in ((out, output), (bad, block.errors)):
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            state.lines += block.num_lines
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
    """Return the file that lists the rows without variants, as `{"line", "error"}`."""
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


def _resumed(folder: Path, settings: RewriteSettings, digest: str) -> _RewriteState:
    try:
        state = msgspec.json.decode((folder / "state.json").read_bytes(), type=_RewriteState)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True)
        return _RewriteState(settings, digest)
    if (state.settings, state.input) != (settings, digest):
        raise InputError(
            "is an unfinished run with another input or other settings; finish or delete it",
            path=folder,
        )
    return state


def _write(folder: Path, state: _RewriteState) -> None:
    beside = folder / "state.json.new"
    beside.write_bytes(msgspec.json.encode(state))
    beside.replace(folder / "state.json")


def _cut(path: Path, size: int) -> BinaryIO:
    """Truncate a file to `size` bytes and open it for appending."""
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(size)
    return file


def _blocks(
    lines: Iterator[bytes], first: int, settings: RewriteSettings, source: Path
) -> Iterator[LineBlock]:
    for block in iter(lambda: list(islice(lines, BLOCK)), []):
        yield LineBlock(f"{source}:{first + 1}", first, block, settings)
        first += len(block)


_pipeline = lru_cache(maxsize=1)(RewriteSettings.pipeline)
"""The pipeline of the settings, built once per process."""


def rewrite_block(block: LineBlock) -> RewrittenBlock:
    """Rewrite the lines of a block."""
    settings, pipeline = block.settings, _pipeline(block.settings)
    output: list[bytes] = []
    errors: list[bytes] = []
    summary = RewriteSummary()
    refused: Counter[str] = Counter()
    for number, line in enumerate(block.lines, block.first + 1):
        if not line.strip():
            continue
        summary.rows += 1
        try:
            row = json.loads(line)
            code = row[settings.field]
            program = augment.parse(
                code, language=settings.language, source_type=settings.source_type
            )
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
    return RewrittenBlock(len(block.lines), b"".join(output), b"".join(errors), summary)


def _reason(error: Exception, field: str) -> tuple[str, str]:
    """Return why a row has no variants, without and with the details."""
    if isinstance(error, augment.ParseError):
        return error.message, str(error)
    if isinstance(error, (KeyError, TypeError, AttributeError)):
        message = f"no text in a field {field!r}"
        return message, message
    return "not a JSON line", f"not a JSON line: {error}"
