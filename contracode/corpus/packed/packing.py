"""Packs a corpus in stages: contents of each file, shards, manifest.

As in `contracode.corpus.build.builder`, finished stages are kept beside the output, each named by a
fingerprint of its inputs; the bytes depend neither on the engine nor on interruptions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

import augment
from contracode.corpus.build.build_folder import fingerprint_of, put_in_place, working_folder
from contracode.corpus.build.builder import Progress
from contracode.corpus.build.engine import Engine, LocalEngine
from contracode.corpus.packed.arrays import Arrays, pack_rows, write_arrays
from contracode.corpus.packed.manifest import (
    FORM,
    PackedManifest,
    PackedShard,
    PackedSource,
    is_packed,
    write_packed_manifest,
)
from contracode.corpus.packed.rendering import render_views
from contracode.corpus.packed.slots import StoredView, WordEncoder, make_view, without_slots
from contracode.corpus.storage.manifest import MANIFEST
from contracode.corpus.storage.readers import STDIN, find_shards, read_functions
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.syntax_hash import renamed_label
from contracode.support.atomic_files import replacing
from contracode.support.config import InputForm
from contracode.support.digests import digest_file
from contracode.support.errors import InputError
from contracode.version import __version__

SHARD_ROWS = 10_000
"""Rows of a full shard: what a worker that is killed loses is half a minute's work at four copies.
"""


@dataclass(frozen=True, slots=True)
class PackOptions:
    """How a corpus is packed.

    Attributes:
        copies: views to render ahead of each function; 0 for none.
        reads: how they are spelled; where not as written, their names are not drawn anew.
        tokenizer: of their pieces; without copies there are none.
        seed: of the views.
        shard_rows: rows of a full shard.
    """

    copies: int = 0
    reads: InputForm = "written"
    tokenizer: Tokenizer | None = None
    seed: int = 0
    shard_rows: int = SHARD_ROWS


@dataclass(frozen=True, slots=True)
class Look:
    """One task of the first stage: look at a file."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file holds: its sha256, rows in all, rows of the split `train`, whether any says a
    split.
    """

    sha256: str
    rows: int
    train: int
    split: bool


def look(task: Look) -> Seen:
    """Read a file through.

    Raises:
        InputError: it cannot be read, or something in it is broken.
    """
    rows = train = 0
    split = False
    for row in read_functions([task.path], strict=True):
        rows += 1
        train += row.partition == "train"
        split = split or bool(row.partition)
    return Seen(digest_file(task.path), rows, train, split)


@dataclass(frozen=True, slots=True)
class Packing:
    """One task of the second stage: a shard.

    Attributes:
        place: the shard.
        source: the file of its rows.
        train: only rows of the split `train` count.
        first: number of its first row among those that count.
        end: one past its last.
        seed: of the views.
        copies: views to render; 0 for none.
        reads: how they are spelled.
        tokenizer: file of the tokenizer, where there are copies.
    """

    place: Path
    source: Path
    train: bool
    first: int
    end: int
    seed: int
    copies: int
    reads: InputForm
    tokenizer: Path

    @property
    def name(self) -> str:
        """The name of the shard."""
        return self.place.name


def pack_shard(task: Packing) -> PackedShard:
    """Write the shard of a task, unless it is there."""
    if not task.place.exists():
        with replacing(task.place) as beside:
            write_arrays(beside, _arrays(task))
    arrays = Arrays(task.place)
    return PackedShard(
        name=task.place.name,
        functions=len(arrays["labels"]),
        views=arrays.num_rows("pieces") if task.copies else 0,
        pieces=len(arrays["pieces"]) if task.copies else 0,
        bytes=task.place.stat().st_size,
        sha256=digest_file(task.place),
    )


def _sources(task: Packing) -> Iterator[str]:
    rows = read_functions([task.source], strict=True)
    counted = (row.code for row in rows if not task.train or row.partition == "train")
    return islice(counted, task.first, task.end)


def _arrays(task: Packing) -> dict[str, np.ndarray]:
    """Return the arrays of a shard; functions that do not parse are not in it.

    text, labels    UTF-8 of each function, and its int64 label up to renaming

    With copies also:

    views           first view of each function, uint64 (N + 1,)
    pieces, begins  uint16 pieces of each view; a bit for each piece, whether a word begins there
    slots, kinds    of each view, as in `slots.StoredView`
    names           of each view, joined by line feeds
    """
    texts: list[np.ndarray] = []
    labels: list[int] = []
    views: list[StoredView] = []
    starts = [0]
    for source in _sources(task):
        try:
            program = augment.parse(source)
        except augment.ParseError:
            continue
        texts.append(np.frombuffer(program.source, np.uint8))
        labels.append(renamed_label(program))
        if task.copies:
            encoder = _encoder(task.tokenizer)
            rendered = render_views(program, seed=task.seed, copies=task.copies)
            views += (_stored(view, task.reads, encoder) for view in rendered)
            starts.append(len(views))
    arrays = {
        "labels": np.asarray(labels, np.int64),
        **pack_rows("text", texts, np.zeros(0, np.uint8)),
    }
    if task.copies:
        names = [np.frombuffer("\n".join(view.names).encode(), np.uint8) for view in views]
        begins = np.concatenate([np.zeros(0, bool), *(view.words.begins for view in views)])
        arrays |= {
            "views": np.asarray(starts, np.uint64),
            "begins": np.packbits(begins),
            **pack_rows("pieces", [view.words.pieces for view in views], np.zeros(0, np.uint16)),
            **pack_rows("slots", [view.slots for view in views], np.zeros((0, 4), np.uint16)),
            **pack_rows("kinds", [view.kinds for view in views], np.zeros(0, np.uint8)),
            **pack_rows("names", names, np.zeros(0, np.uint8)),
        }
    return arrays


def _stored(view: augment.Program, reads: InputForm, encoder: WordEncoder) -> StoredView:
    if reads == "written":
        return make_view(view, encoder)
    return without_slots(
        SourceForms(view.source.decode(), language=view.language).spelled(reads), encoder
    )


@cache
def _encoder(tokenizer: Path) -> WordEncoder:
    return WordEncoder(Tokenizer.load(tokenizer))


def pack(
    places: Iterable[str | Path],
    output: Path,
    options: PackOptions,
    *,
    engine: Engine | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> PackedManifest:
    """Pack the training functions of a corpus: its split `train`, or all if it has no splits.

    Args:
        places: files and folders of rows, as in `find_shards`.
        output: folder of the packed corpus; an existing one is replaced. Intermediate files are in
            `.NAME.build` beside it.
        options: choices of the packing.
        engine: runs the tasks; by default this process. The bytes do not depend on it.
        progress: called after each finished step.

    Raises:
        InputError: an input is missing or broken, there is no function, `output` is not a packed
            corpus, contains an input, is being packed or cannot be written, or the tokenizer is too
            large.
    """
    engine = engine or LocalEngine()
    output = Path(os.path.realpath(output))
    _refuse_foreign(output)
    if options.copies:
        if options.tokenizer is None:
            raise InputError("copies need a tokenizer")
        WordEncoder(options.tokenizer)
    files = _files(places, output)
    with working_folder(output) as work:
        seen = _look_at(files, engine, progress)
        train = any(one.split for one in seen)
        rows = [one.train if train else one.rows for one in seen]
        if not sum(rows):
            raise InputError("no functions to train on", path=", ".join(map(str, files)))
        tokenizer = options.tokenizer if options.copies else None
        print_of = tokenizer.fingerprint if tokenizer is not None else ""
        choices = (options.seed, options.copies, options.reads, options.shard_rows)
        made_from = (FORM, __version__, *choices, print_of, train)
        folder = work / f"packed-{fingerprint_of(made_from, [one.sha256 for one in seen])}"
        folder.mkdir(exist_ok=True)
        if tokenizer is not None:
            tokenizer.save(folder)
        tasks = _plan(folder, files, rows, train, options)
        shards = _pack(tasks, engine, progress)
        manifest = _manifest(options, print_of, files, seen, rows, shards)
        write_packed_manifest(folder, manifest)
        put_in_place(folder, output, work)
    return manifest


def _manifest(
    options: PackOptions,
    tokenizer: str,
    files: Sequence[Path],
    seen: Sequence[Seen],
    rows: Sequence[int],
    shards: list[PackedShard],
) -> PackedManifest:
    """Return the manifest.

    Raises:
        InputError: none of the functions parses.
    """
    functions, total = sum(shard.functions for shard in shards), sum(rows)
    if not functions:
        raise InputError(f"none of {total:,} functions parses", path=files[0])
    sources = [
        PackedSource(file.name, one.sha256, count)
        for file, one, count in zip(files, seen, rows, strict=True)
    ]
    return PackedManifest(
        seed=options.seed,
        copies=options.copies,
        reads=options.reads,
        tokenizer=tokenizer,
        functions=functions,
        left_out={"does not parse": total - functions} if functions < total else {},
        sources=sources,
        shards=shards,
    )


def _look_at(files: Sequence[Path], engine: Engine, progress: Progress) -> list[Seen]:
    seen: list[Seen] = []
    progress("files read", 0, len(files))
    for one in engine.map_ordered(look, [Look(file) for file in files]):
        seen.append(one)
        progress("files read", len(seen), len(files))
    return seen


def _files(places: Iterable[str | Path], output: Path) -> list[Path]:
    files: list[Path] = []
    for place in find_shards(places):
        if place == STDIN:
            raise InputError("packing reads a corpus twice; standard input cannot be packed")
        files.append(Path(place))
        if Path(os.path.realpath(place)).is_relative_to(output):
            raise InputError("contains an input; choose another folder", path=output)
    return files


def _plan(
    folder: Path, files: Sequence[Path], rows: Sequence[int], train: bool, options: PackOptions
) -> list[Packing]:
    """Return a task per shard: the rows of each file in order, `shard_rows` per shard."""
    tasks: list[Packing] = []
    for file, count in zip(files, rows, strict=True):
        for first in range(0, count, options.shard_rows):
            tasks.append(
                Packing(
                    place=folder / f"shard_{len(tasks):05}.safetensors",
                    source=file,
                    train=train,
                    first=first,
                    end=min(first + options.shard_rows, count),
                    seed=options.seed,
                    copies=options.copies,
                    reads=options.reads,
                    tokenizer=folder,
                )
            )
    return tasks


def _pack(tasks: Sequence[Packing], engine: Engine, progress: Progress) -> list[PackedShard]:
    num_before = sum(task.place.exists() for task in tasks)
    progress("shards packed", num_before, len(tasks))
    shards: list[PackedShard] = []
    for shard in engine.map_ordered(pack_shard, tasks):
        shards.append(shard)
        progress("shards packed", max(num_before, len(shards)), len(tasks))
    return shards


def _refuse_foreign(output: Path) -> None:
    """Refuse to replace a folder that is not a packed corpus."""
    if output.exists() and not is_packed(output) and (not output.is_dir() or any(output.iterdir())):
        what = (
            "is a corpus that is not packed"
            if (output / MANIFEST).is_file()
            else "exists and is not a packed corpus"
        )
        raise InputError(f"{what}; give an empty or new folder", path=output)
