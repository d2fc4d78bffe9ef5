"""Builds a corpus in stages: what each input gives (`extraction`), which rows are kept
(`duplicates`, `near_duplicates`), shards (`assembly`), manifest.

Finished stages are kept in a folder beside the corpus, each named by a fingerprint of its inputs,
until the corpus is complete. An interrupted build resumes when the same command is run again; the
bytes of the corpus depend neither on interruptions nor on the engine.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from contracode.corpus.build.assembly import Assembly, assemble, plan
from contracode.corpus.build.build_folder import fingerprint_of, put_in_place, working_folder
from contracode.corpus.build.duplicates import choose, excluded_rows
from contracode.corpus.build.engine import Engine, LocalEngine
from contracode.corpus.build.extraction import Extraction, extract
from contracode.corpus.build.near_duplicates import thin_out
from contracode.corpus.build.parts import KEYS, PartFacts, read_facts, read_keys
from contracode.corpus.build.shingles import choose_bands
from contracode.corpus.sources.repositories import Repository
from contracode.corpus.sources.units import Unit, find_units, fingerprint
from contracode.corpus.storage.manifest import (
    CorpusManifest,
    SourceFacts,
    ordered,
    refuse_foreign,
    write_manifest,
)
from contracode.corpus.storage.readers import OnProblem, log_problem
from contracode.corpus.storage.shards import SHARD_ROWS, Shard
from contracode.corpus.storage.splits import SPLITS, split_of
from contracode.javascript.syntax_hash import NUM_DIGITS
from contracode.support.errors import InputError
from contracode.version import __version__

_FORM = 1
"""Format of the parts; raised when the same input gives different parts."""


@dataclass(slots=True)
class BuildOptions:
    """How a corpus is built.

    Attributes:
        seed: seed of the splits.
        splits: splits of repositories, where they are given.
        keep_splits: keep the splits that rows name; repositories are refused.
        anonymous: mine functions without a name.
        excluded: keys (`hashes.function_key`) of functions to leave out.
        shard_rows: rows of a full shard.
        strict: stop at the first line or file that is broken.
        leave_out: patterns, as in .gitignore, of files of repositories to leave out.
        near_duplicates: minimum Jaccard index of shingles above which a function is left out as a
            near-duplicate; None to keep all.
    """

    seed: int = 0
    splits: dict[str, str] = field(default_factory=dict)
    keep_splits: bool = False
    anonymous: bool = False
    excluded: frozenset[str] = frozenset()
    shard_rows: int = SHARD_ROWS
    strict: bool = False
    leave_out: tuple[str, ...] = ()
    near_duplicates: float | None = None


Progress = Callable[[str, int, int], None]
"""Called with what is done, how much of it is done, and how much there is; first with what an
earlier run had done.
"""


def build(
    places: Iterable[str | Path | Repository],
    output: Path,
    options: BuildOptions,
    *,
    engine: Engine | None = None,
    progress: Progress = lambda stage, done, total: None,
    on_problem: OnProblem = log_problem,
) -> CorpusManifest:
    """Build a corpus in `output`; an existing one is replaced.

    Of functions equal up to renaming, the first is kept: repositories by name, then files of rows.

    Args:
        places: inputs, as in `find_units`.
        output: folder of the corpus. Intermediate files are in `.NAME.build` beside it.
        options: choices of the build.
        engine: runs the tasks; by default this process. The corpus does not depend on it.
        progress: called after each finished step.
        on_problem: called with each broken line or file, in the order of the corpus.

    Raises:
        InputError: an input is missing, `output` is not a corpus, is being built or cannot be
            written, no function was found, a row that is to keep its split names none, or
            `options.strict` and an input is broken.
    """
    engine = engine or LocalEngine()
    output = Path(os.path.realpath(output))
    refuse_foreign(output)
    units = _units(places, output, options)
    with working_folder(output) as work:
        tasks = [_extraction(unit, work / "parts", options) for unit in units]
        facts = _extract(tasks, engine, options.strict, progress, on_problem)
        starts = np.cumsum([0, *(part.rows for part in facts)])
        keys = _keys(tasks, starts)
        excluded = np.array([int(key, 16) for key in options.excluded], np.uint64)
        kept, left_out = choose(keys, excluded)
        if options.near_duplicates is not None:
            reserved = excluded_rows(keys, excluded)
            left_out += _thin_out(
                work, tasks, starts, kept, reserved, options.near_duplicates, engine, progress
            )
        if not kept.any():
            shutil.rmtree(work)
            raise InputError(f"no functions found in {sum(part.files for part in facts)} files")
        manifest = _manifest(units, facts, options)
        manifest.rows_left_out = ordered(
            sum((Counter(part.rows_left_out) for part in facts), left_out)
        )
        _count_rows(manifest, starts, keys["split"], kept)
        parts = [task.place for task in tasks]
        names = [part.name for part in parts]
        folder = work / f"corpus-{fingerprint_of(names, options.shard_rows, kept.tobytes())}"
        folder.mkdir(exist_ok=True)
        assemblies = list(plan(folder, parts, starts, keys["split"], kept, options.shard_rows))
        del keys, kept
        manifest.shards = _assemble(assemblies, engine, progress)
        write_manifest(folder, manifest)
        put_in_place(folder, output, work)
    return manifest


def _units(
    places: Iterable[str | Path | Repository], output: Path, options: BuildOptions
) -> list[Unit]:
    units: list[Unit] = []
    for unit in find_units(places, output):
        if isinstance(unit, Repository):
            if options.keep_splits:
                message = "only rows of files name a split, which --keep-splits keeps"
                raise InputError(message, path=unit.place)
            unit = replace(unit, leave_out=options.leave_out)
        units.append(unit)
    return units


def _count_rows(
    manifest: CorpusManifest, starts: np.ndarray, split_of_row: np.ndarray, kept: np.ndarray
) -> None:
    """Set the number of kept rows per source and per split."""
    for source, first, end in zip(manifest.sources, starts, starts[1:], strict=False):
        source.rows = int(kept[first:end].sum())
    for split, name in enumerate(SPLITS):
        if rows := int((kept & (split_of_row == split)).sum()):
            manifest.rows[name] = rows


def _extraction(unit: Unit, folder: Path, options: BuildOptions) -> Extraction:
    splits = options.splits
    if isinstance(unit, Repository):
        splits = {unit.name: splits[unit.name]} if unit.name in splits else {}
    bands = None if options.near_duplicates is None else choose_bands(options.near_duplicates)
    settings = (options.anonymous, options.keep_splits, options.seed, sorted(splits.items()), bands)
    name = fingerprint(unit, _FORM, __version__, *settings)
    return Extraction(
        unit=unit,
        place=folder / name,
        anonymous=options.anonymous,
        keep_splits=options.keep_splits,
        seed=options.seed,
        splits=splits,
        strict=options.strict,
        bands=bands,
    )


def _extract(
    tasks: Sequence[Extraction],
    engine: Engine,
    strict: bool,
    progress: Progress,
    on_problem: OnProblem,
) -> list[PartFacts]:
    """Make the parts that are not there."""
    there = [task.place.is_dir() for task in tasks]
    made = engine.map_ordered(
        extract, [task for task, done in zip(tasks, there, strict=True) if not done]
    )
    facts: list[PartFacts] = []
    num_done = sum(there)
    progress("inputs read", num_done, len(tasks))
    for task, done in zip(tasks, there, strict=True):
        part = read_facts(task.place) if done else next(made)
        for problem in part.problems:
            if strict:
                raise InputError(problem)
            on_problem(InputError(problem))
        if part.num_problems > len(part.problems):
            on_problem(
                InputError(
                    f"{part.num_problems - len(part.problems):,} more like these", path=task.name
                )
            )
        facts.append(part)
        num_done += not done
        progress("inputs read", num_done, len(tasks))
    splits: dict[str, int] = {}
    for part in facts:
        for repository, bits in part.splits.items():
            splits[repository] = splits.get(repository, 0) | bits
    torn = [repository for repository, bits in splits.items() if bits.bit_count() > 1]
    if torn:
        problem = InputError(
            f"{len(torn):,} repositories are in more than one split, {torn[0]!r} is one of them"
        )
        if strict:
            raise problem
        on_problem(problem)
    return facts


def _keys(tasks: Sequence[Extraction], starts: np.ndarray) -> np.ndarray:
    keys = np.empty(starts[-1], KEYS)
    for task, first, end in zip(tasks, starts, starts[1:], strict=False):
        keys[first:end] = read_keys(task.place)
    return keys


def _thin_out(
    work: Path,
    tasks: Sequence[Extraction],
    starts: np.ndarray,
    kept: np.ndarray,
    reserved: np.ndarray,
    threshold: float,
    engine: Engine,
    progress: Progress,
) -> Counter[str]:
    """Leave near-duplicates out of `kept`."""
    made_from = fingerprint_of(
        [task.place.name for task in tasks], kept.tobytes(), reserved.tobytes(), threshold
    )
    return thin_out(
        work / f"near-{made_from}",
        [task.place for task in tasks],
        starts,
        kept,
        reserved,
        choose_bands(threshold),
        threshold,
        engine,
        lambda done, total: progress("bands compared", done, total),
    )


def _manifest(
    units: Sequence[Unit], facts: Sequence[PartFacts], options: BuildOptions
) -> CorpusManifest:
    """Return what is known of a corpus before its rows are chosen."""
    sources: list[SourceFacts] = []
    for unit, part in zip(units, facts, strict=True):
        licence = split = ""
        if isinstance(unit, Repository):
            licence, split = (
                unit.licence,
                split_of(unit.name, seed=options.seed, fixed=options.splits),
            )
        sources.append(SourceFacts(unit.name, part.sha, licence, split, part.files, rows=0))
    return CorpusManifest(
        kind="functions",
        seed=options.seed,
        options={
            "anonymous": options.anonymous,
            "excluded": len(options.excluded),
            "keep_splits": options.keep_splits,
            **({"leave_out": " ".join(options.leave_out)} if options.leave_out else {}),
            **(
                {}
                if options.near_duplicates is None
                else {"near_duplicates": options.near_duplicates}
            ),
            "shard_rows": options.shard_rows,
        },
        sources=sources,
        files=sum(part.files for part in facts),
        files_left_out=ordered(sum((Counter(part.files_left_out) for part in facts), Counter())),
        rows={},
        rows_left_out={},
        shards=[],
    )


def _assemble(tasks: Sequence[Assembly], engine: Engine, progress: Progress) -> list[Shard]:
    shards: list[Shard] = []
    progress("shards written", 0, len(tasks))
    for shard in engine.map_ordered(assemble, tasks):
        shards.append(shard)
        progress("shards written", len(shards), len(tasks))
    return sorted(shards, key=lambda shard: shard.name)


def read_excluded(path: Path) -> frozenset[str]:
    """Read a list of keys to exclude: white space between them.

    Raises:
        InputError: one is no key.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as text: {error}", path=path) from None
    for number, line in enumerate(lines, start=1):
        for key in line.split():
            if not re.fullmatch(f"[0-9a-f]{{{NUM_DIGITS}}}", key):
                raise InputError(
                    f"{key!r} is no key of {NUM_DIGITS} hexadecimal digits", path=path, line=number
                )
    return frozenset(key for line in lines for key in line.split())
