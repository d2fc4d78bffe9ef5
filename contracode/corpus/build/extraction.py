"""First stage of a build: one input becomes one part.

Of a repository the functions are mined (see `miner`). Rows of a file stay as they are, but for
their split, and except those that are not JavaScript, do not parse, or are longer than a source
file may be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import augment
from contracode.corpus.build.parts import PartFacts, PartWriter, read_facts, writing_part
from contracode.corpus.build.shingles import Bands
from contracode.corpus.sources.miner import mine
from contracode.corpus.sources.repositories import MAX_BYTES, Repository
from contracode.corpus.sources.units import RowsFile, Unit
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import SPLITS, split_of
from contracode.javascript.syntax_hash import function_key, program_key, snippet_tokens, tokens_key
from contracode.support.digests import digest_file
from contracode.support.errors import InputError


@dataclass(frozen=True, slots=True)
class Extraction:
    """One task of the stage.

    Attributes:
        unit: what is read.
        place: where the part goes.
        anonymous: mine functions without a name.
        keep_splits: rows stay in the split that they say.
        seed: of the splits.
        splits: repositories whose split is given.
        strict: stop at the first thing that is broken.
        bands: make signatures of the rows, for `near_duplicates`.
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
    """Make the part of a task, unless it is there.

    Raises:
        InputError: something is broken and the task is strict, or a row says no split and is to
            keep it.
    """
    if not task.place.is_dir():
        with writing_part(task.place, task.bands) as part:
            if isinstance(task.unit, Repository):
                _extract_repository(task.unit, task, part)
            else:
                _extract_rows(task.unit, task, part)
    return read_facts(task.place)


def _extract_repository(unit: Repository, task: Extraction, part: PartWriter) -> None:
    repository = replace(unit, files=0, left_out=Counter())  # which counts while it is read

    def on_problem(problem: InputError) -> None:
        if task.strict:
            raise problem
        part.tell(problem)

    split = split_of(repository.name, seed=task.seed, fixed=task.splits)
    for source in repository.sources(on_problem):
        try:
            mined = list(mine(source, part.rows_left_out, anonymous=task.anonymous))
        except augment.ParseError as error:
            part.files_left_out[_reason(error)] += 1
            if _reason(error) == "not UTF-8":
                on_problem(
                    InputError(error.message, path=repository.locate(source.path), line=error.line)
                )
            continue
        for record, tokens in mined:
            record.repo, record.sha, record.licence = (
                repository.name,
                repository.sha,
                repository.licence,
            )
            record.partition = split
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
            message = f"a row of {row.repo} {row.path} is in none of the splits {', '.join(SPLITS)}, to keep it there"
            raise InputError(message, path=unit.place)
        else:
            part.splits[row.repo] = part.splits.get(row.repo, 0) | 1 << SPLITS.index(row.partition)
        part.write(row, tokens_key(tokens), key, tokens)


def _rows(unit: RowsFile, task: Extraction, part: PartWriter) -> Iterator[FunctionRecord]:
    """Yield what can be read of a file of rows; keeps its hash."""

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
    """Return why a row is left out, if it is; its tokens up to renaming; and the key of its
    tokens.
    """
    if row.language != "javascript":
        return "not JavaScript", [], ""
    if len(row.code) > MAX_BYTES:
        return "too large", [], ""
    try:
        program = augment.parse(row.code)
    except augment.ParseError as error:
        return _reason(error), [], ""
    return None, snippet_tokens(program), program_key(program)


def _reason(error: augment.ParseError) -> str:
    return "not UTF-8" if "UTF-8" in error.message else "does not parse"
