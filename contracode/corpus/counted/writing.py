"""Counts a corpus: of each training function that has documentation or a namesake, the bags.

Counting a function takes milliseconds; training reads the arrays as often as it likes. Finished
chunks lie beside the output until it is complete, so that an interrupted command resumes.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from contracode.corpus.build.build_folder import fingerprint_of, put_in_place, working_folder
from contracode.corpus.build.engine import Engine, LocalEngine
from contracode.corpus.counted.arrays import (
    FACTS,
    FIELDS,
    CountedCorpus,
    CountedFacts,
    digest_of,
    write_field,
)
from contracode.corpus.storage.readers import read_functions
from contracode.inputs.bags.counting import Bag, function_bag, summary_bag, word_key
from contracode.inputs.input_forms import SourceForms
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

CHUNK = 500
"""Functions of a chunk: some seconds of work."""

SHORTEST_NAME = 4
"""Characters of a name that can have namesakes."""

_LONGEST = 6_000
"""Characters of the longest function that is counted."""


class CountedFunction(msgspec.Struct, frozen=True):
    """A function to count: its text, qualified name, documentation and repository."""

    code: str
    name: str
    documentation: str
    repository: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """One task: functions to count, and the file to write."""

    path: Path
    functions: tuple[CountedFunction, ...]

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name


def count_corpus(
    paths: Sequence[str],
    output: Path,
    *,
    limit: int = 0,
    leave_out: Sequence[str] = (),
    seed: int = 0,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> CountedCorpus:
    """Count a corpus of functions in CodeSearchNet's JSONL schema.

    Args:
        paths: files or folders.
        output: folder to write; an older one there is replaced.
        limit: most functions, drawn at random; 0 for all.
        leave_out: repositories to leave out, as `owner/name`.
        seed: of the sample.
        engine: counts the chunks; in this process without one.
        progress: called with the number of chunks that are done, and of all.

    Raises:
        InputError: a file is missing or broken, or no function has documentation or a namesake.
    """
    functions = _useful(_training_functions(paths, set(leave_out)))
    if limit and len(functions) > limit:
        chosen = sorted(random.Random(f"{seed}/count").sample(range(len(functions)), limit))
        functions = [functions[number] for number in chosen]
    if not functions:
        raise InputError(
            "no function has documentation or the name of one in another repository",
            path=", ".join(map(str, paths)),
        )
    corpus = digest_of(
        [text for one in functions for text in (one.code, one.name, one.documentation)]
    )
    with working_folder(output) as work:
        parts = work / "parts" / fingerprint_of(corpus, CHUNK)
        parts.mkdir(exist_ok=True)
        chunks = [
            Chunk(parts / f"{start // CHUNK:05}.npz", tuple(functions[start : start + CHUNK]))
            for start in range(0, len(functions), CHUNK)
        ]
        found: defaultdict[str, list[Bag]] = defaultdict(list)
        done = (engine or LocalEngine()).map_ordered(_count, chunks)
        for number, path in enumerate(done, 1):
            _read_chunk(path, found)
            progress(number, len(chunks))
        folder = work / "whole"
        write_counted(folder, found, functions, corpus)
        put_in_place(folder, output, work)
    return CountedCorpus(output)


def write_counted(
    folder: Path, bags: dict[str, list[Bag]], functions: Sequence[CountedFunction], corpus: str
) -> None:
    """Write the arrays and facts of a counted corpus into a folder."""
    folder.mkdir(exist_ok=True)
    for name in FIELDS:
        write_field(folder, name, bags[name])
    repositories = sorted({one.repository for one in functions})
    number_of = {name: number for number, name in enumerate(repositories)}
    np.save(folder / "names.npy", np.asarray([name_label(one.name) for one in functions]))
    np.save(
        folder / "repositories.npy",
        np.asarray([number_of[one.repository] for one in functions], np.int32),
    )
    facts = CountedFacts(functions=len(functions), corpus=corpus, repositories=repositories)
    (folder / FACTS).write_bytes(msgspec.json.format(msgspec.json.encode(facts), indent=2) + b"\n")


def plain_name(name: str) -> str:
    """Return the last part of a qualified name, in lower case and without underscores."""
    return name.rpartition(".")[2].replace("_", "").lower()


def name_label(name: str) -> int:
    """Return what functions of one name share; negative if the name is too short for namesakes."""
    plain = plain_name(name)
    label = word_key(plain)
    return label if len(plain) >= SHORTEST_NAME else -2 - label


def _training_functions(paths: Sequence[str], leave_out: set[str]) -> list[CountedFunction]:
    """Read the named functions of the split `train`, or all of a corpus without splits."""
    rows = [
        (CountedFunction(row.code, row.func_name, row.docstring.strip(), row.repo), row.partition)
        for row in read_functions(list(paths), strict=True)
        if row.func_name and len(row.code) <= _LONGEST and row.repo not in leave_out
    ]
    split = any(partition for _, partition in rows)
    return [row for row, partition in rows if not split or partition == "train"]


def _useful(functions: Iterable[CountedFunction]) -> list[CountedFunction]:
    """Return the functions with a documented summary or a namesake in another repository."""
    functions = list(functions)
    repositories: defaultdict[str, set[str]] = defaultdict(set)
    for one in functions:
        repositories[plain_name(one.name)].add(one.repository)
    return [
        one
        for one in functions
        if len(summary_bag(one.documentation).keys_F)
        or (
            len(plain_name(one.name)) >= SHORTEST_NAME
            and len(repositories[plain_name(one.name)]) > 1
        )
    ]


def _count(chunk: Chunk) -> Path:
    """Count a chunk, unless its file is there."""
    if chunk.path.exists():
        return chunk.path
    bags: defaultdict[str, list[Bag]] = defaultdict(list)
    for function in chunk.functions:
        counted = function_bag(SourceForms(function.code), function.name)
        for name, bag in counted._asdict().items():
            bags[name].append(bag)
        bags["documentation"].append(summary_bag(function.documentation))
    arrays: dict[str, Any] = {}
    for name in FIELDS:
        arrays[f"{name}.keys"] = np.concatenate([bag.keys_F for bag in bags[name]])
        arrays[f"{name}.counts"] = np.concatenate([bag.counts_F for bag in bags[name]])
        arrays[f"{name}.sizes"] = np.asarray([len(bag.keys_F) for bag in bags[name]])
    with replacing(chunk.path) as beside, open(beside, "wb") as stream:
        np.savez(stream, **arrays)
    return chunk.path


def _read_chunk(path: Path, bags: defaultdict[str, list[Bag]]) -> None:
    with np.load(path) as found:
        for name in FIELDS:
            ends = np.cumsum(found[f"{name}.sizes"])[:-1]
            keys = np.split(found[f"{name}.keys"], ends)
            counts = np.split(found[f"{name}.counts"], ends)
            bags[name] += [Bag(*both) for both in zip(keys, counts, strict=True)]
