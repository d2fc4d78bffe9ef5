"""First stage of a build: one input becomes one part.

The functions of a repository are extracted by `miner`. Rows of a file keep their fields except the
split; rows that are not JavaScript, do not parse or are too long are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import augment
from contracode.corpus.build.parts import PartFacts, PartWriter, read_facts, writing_part
from contracode.corpus.build.shingles import Bands
from contracode.corpus.sources.left_out import MAX_BYTES
from contracode.corpus.sources.miner import mine
from contracode.corpus.sources.repositories import Repository
from contracode.corpus.sources.units import RowsFile, Unit
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import SPLITS, split_of
from contracode.javascript.syntax_hash import function_key, program_key, snippet_tokens, tokens_key
from contracode.support.digests import digest_file
from contracode.support.errors import InputError

_NOT_UTF_8 = "not UTF-8"


@dataclass(frozen=True, slots=True)
class Extraction:
    """One task of the stage.

    Attributes:
        unit: the input.
        place: folder of the part.
        anonymous: keep functions without a name.
        keep_splits: keep the splits that rows name.
        seed: seed of the splits.
        splits: repositories with a given split.
        strict: stop at the first broken input.
        bands: signatures to compute for `near_duplicates`; None for none.
    """

    unit: Unit
    place: Path
    anonymous: bool = False
    keep_splits: bool = False
    seed: int = 0
    splits: Mapping[str, str] | None = None
    strict: bool = False
    bands: Bands | None = None

    @property
    def name(self) -> str:
        """The name of the input."""
        return self.unit.name


def extract(task: Extraction) -> PartFacts:
    """Write the part of a task unless it exists.

    Raises:
        InputError: the input is broken and the task is strict, or a row that is to keep its split
            names none.
    """
    if not task.place.is_dir():
        with writing_part(task.place, task.bands) as part:
            if isinstance(task.unit, Repository):
                _extract_repository(task.unit, task, part)
            else:
                _extract_rows(task.unit, task, part)
    return read_facts(task.place)


def _extract_repository(unit: Repository, task: Extraction, part: PartWriter) -> None:
    repository = replace(unit, files=0, left_out=Counter())  # reading updates the counts

    def on_problem(problem: InputError) -> None:
        if task.strict:
            raise problem
        part.tell(problem)

    split = split_of(repository.name, seed=task.seed, fixed=task.splits)
    for source in repository.sources(on_problem):
        try:
            mined = list(mine(source, part.rows_left_out, anonymous=task.anonymous))
        except augment.ParseError as error:
            reason = _refusal(source.content)
            part.files_left_out[reason] += 1
            if reason == _NOT_UTF_8:
                path = repository.locate(source.path)
                on_problem(InputError(error.message, path=path, line=error.line))
            continue
        for record, tokens in mined:
            record.repo, record.sha = repository.name, repository.sha
            record.licence, record.partition = repository.licence, split
            part.write(record, tokens_key(tokens), function_key(record.code), tokens)
    part.sha, part.files = repository.sha, repository.files
    part.files_left_out.update(repository.left_out)


def _extract_rows(unit: RowsFile, task: Extraction, part: PartWriter) -> None:
    part.files = 1
    for row in _rows(unit, task, part):
        reason, tokens, key = _look_at(row)
        if reason is not None:
            part.rows_left_out[reason] += 1
            continue
        if not task.keep_splits:
            row.partition = split_of(row.repo, seed=task.seed, fixed=task.splits)
        elif row.partition not in SPLITS:
            row_name = f"{row.repo} {row.path}".strip()
            message = f"the row {row_name} names none of the splits {', '.join(SPLITS)}"
            raise InputError(message, path=unit.place)
        else:
            part.splits[row.repo] = part.splits.get(row.repo, 0) | 1 << SPLITS.index(row.partition)
        part.write(row, tokens_key(tokens), key, tokens)


def _rows(unit: RowsFile, task: Extraction, part: PartWriter) -> Iterator[FunctionRecord]:
    """Yield the readable rows of a file; stores its digest in the part."""

    def on_problem(problem: InputError) -> None:
        part.tell(problem)
        if problem.line is None:
            part.files_left_out["empty"] += 1
        else:
            part.rows_left_out["broken"] += 1

    try:
        yield from read_functions([unit.place], strict=task.strict, on_problem=on_problem)
    except InputError as error:
        if task.strict:
            raise
        part.tell(error)
        part.files_left_out["unreadable"] += 1
        return
    part.sha = digest_file(unit.place)


def _look_at(row: FunctionRecord) -> tuple[str | None, list[str], str]:
    """Examine a row.

    Returns:
        The reason for leaving it out, or None; its tokens up to renaming; the key of its tokens.
    """
    if row.language != "javascript":
        return "not JavaScript", [], ""
    if len(row.code) > MAX_BYTES:
        return "too large", [], ""
    try:
        program = augment.parse(row.code)
    except augment.ParseError:
        return _refusal(row.code), [], ""
    return None, snippet_tokens(program), program_key(program)


def _refusal(source: bytes | str) -> str:
    """Return why a source that the parser refuses is left out."""
    try:
        source.decode() if isinstance(source, bytes) else source.encode()
    except UnicodeError:
        return _NOT_UTF_8
    return "does not parse"
