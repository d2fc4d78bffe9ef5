"""Labelled data from the places a user names, in a training and a validation split."""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import msgspec

import augment
from contracode.corpus.labels.deeptyper import as_file, as_tokens, known_words, read_deeptyper
from contracode.corpus.labels.labelled_file import LabelledFile, Spelling
from contracode.corpus.labels.type_corpus import labelled_files
from contracode.corpus.storage.manifest import MANIFEST
from contracode.corpus.storage.readers import find_shards, read_functions, read_rows
from contracode.support.digests import digest_file
from contracode.support.errors import InputError
from contracode.support.provenance import CorpusReference

Item = TypeVar("Item")

VALIDATION = 0.1
"""Share of the groups that validate where a corpus is not split."""

_ROWS = (".jsonl", ".jsonl.gz")


class NamedFunction(NamedTuple):
    """A function with the name it had ("" for the one that the source shows) and the repository it
    is from.
    """

    source: str
    name: str
    repo: str
    path: str
    partition: str


def read_typed(paths: Sequence[str], *, spelling: Spelling = "both") -> list[LabelledFile]:
    """Read labelled files: what `contracode corpus types` writes (its folder or shards), or files
    and folders of TypeScript.

    Args:
        paths: of them.
        spelling: what TypeScript is left as; with "both" each file comes as JavaScript and without
            its annotations.

    Raises:
        InputError: there is no such file, or it holds no typed names.
    """
    labelled = [
        path for path in paths if path.endswith(_ROWS) or any(Path(path).glob("types_*.jsonl*"))
    ]
    shards = find_shards(labelled) if labelled else []
    found = [file for shard in shards for file in read_rows(shard, LabelledFile, strict=True)]
    others = [path for path in paths if path not in labelled]
    if others:
        found.extend(labelled_files(others, spelling=spelling))
    if not found:
        raise InputError("no TypeScript file with types there", path=", ".join(paths))
    return found


def written(files: Sequence[LabelledFile]) -> list[LabelledFile]:
    """Return the files with those labels alone that their authors wrote; files that have none are
    left out.

    Raises:
        InputError: none has any.
    """
    kept = [
        msgspec.structs.replace(file, labels=labels)
        for file in files
        if (labels := [label for label in file.labels if label.source == "written"])
    ]
    if not kept:
        raise InputError("no type there was written by an author, all are the compiler's")
    return kept


def readable(files: Sequence[LabelledFile]) -> list[LabelledFile]:
    """Return the files that parse: what another version has labelled may be refused by this one."""
    return [
        file for file in files if file.language == "tokens" or _parses(file.code, file.language)
    ]


def _parses(code: str, language: augment.Language) -> bool:
    try:
        augment.parse(code, language=language)
    except augment.ParseError:
        return False
    return True


def read_tokens(paths: Sequence[str]) -> list[LabelledFile]:
    """Read token lines: DeepTyper's (files that end in .txt), and what `contracode corpus types
    --checker` writes in the same form.

    Raises:
        InputError: there is no such file, or nothing in it is labelled.
    """
    lines = [path for path in paths if path.endswith(".txt")]
    files = (
        readable(read_typed([path for path in paths if path not in lines]))
        if len(lines) < len(paths)
        else []
    )
    known = known_words(files)
    found = [as_tokens(file, known) for file in files if file.identifiers]
    found += [as_file(line, path) for path in lines for line in read_deeptyper(path, strict=True)]
    found = [file for file in found if file.labels]
    if not found:
        raise InputError(
            "no labelled names there; `contracode corpus types --checker` labels them",
            path=", ".join(paths),
        )
    return found


def read_labelled(
    paths: Sequence[str], form: Literal["sources", "tokens", "both"]
) -> list[list[LabelledFile]]:
    """Read files as `read_typed`, as `read_tokens`, or both ways: lists that are to be split each
    by itself.

    Raises:
        InputError: as these; with both, if there are no sources or no tokens.
    """
    if form == "tokens":
        return [read_tokens(paths)]
    if form == "sources":
        return [read_typed(paths)]
    lines = [path for path in paths if path.endswith(".txt")]
    return [read_typed([path for path in paths if path not in lines]), read_tokens(paths)]


def read_named(paths: Sequence[str]) -> list[NamedFunction]:
    """Read functions: JSON lines in CodeSearchNet's schema.

    Raises:
        InputError: there is no such file, or a line of it is broken.
    """
    return [
        NamedFunction(row.code, row.func_name, row.repo, row.path, row.partition)
        for row in read_functions(paths, strict=True)
    ]


def sources(paths: Sequence[str]) -> list[CorpusReference]:
    """Return references to corpora: the SHA-256 of a folder's manifest, or of a file."""
    found: list[CorpusReference] = []
    for path in paths:
        file = Path(path) / MANIFEST if Path(path).is_dir() else Path(path)
        fingerprint = digest_file(file) if file.is_file() else ""
        found.append(CorpusReference(path=path, fingerprint=fingerprint))
    return found


def split(
    items: Sequence[Item], facts: Callable[[Item], tuple[str, str, str]]
) -> tuple[list[Item], list[Item]]:
    """Split as the corpus says, or else by repository, or by file where there is one repository
    only.

    The choice hangs on the names alone, so that it is the same in every run.

    Args:
        items: to split; those of a test partition are left out.
        facts: repository, path and partition of an item.

    Returns:
        Training and validation items; never none of either where there are two groups.
    """
    facts_of = [facts(item) for item in items]
    if any(partition for _, _, partition in facts_of):
        chosen = {
            name: [i for i, fact in zip(items, facts_of, strict=True) if fact[2] == name]
            for name in ("train", "valid")
        }
        return chosen["train"], chosen["valid"]
    by_path = len({repo for repo, _, _ in facts_of}) == 1
    keys = [f"{repo}/{path}" if by_path else repo for repo, path, _ in facts_of]
    ranked = sorted(set(keys), key=lambda key: blake2b(key.encode(), digest_size=8).digest())
    held_out = set(ranked[: max(1, round(len(ranked) * VALIDATION))]) if len(ranked) > 1 else set()
    return (
        [item for item, key in zip(items, keys, strict=True) if key not in held_out],
        [item for item, key in zip(items, keys, strict=True) if key in held_out],
    )
