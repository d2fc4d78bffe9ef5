"""Builds a corpus: mines repositories, leaves out what is there twice or reserved, splits, writes shards and a manifest."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import augment
from contracode.corpus.hashes import NUM_DIGITS, function_key
from contracode.corpus.manifest import Manifest, SourceFacts, ordered, refuse_foreign, write_manifest
from contracode.corpus.miner import mine
from contracode.corpus.repositories import find_repositories
from contracode.corpus.shards import SHARD_ROWS, ShardWriter
from contracode.corpus.splits import split_of
from contracode.errors import InputError
from contracode.files import replacing


@dataclass(slots=True)
class BuildOptions:
    """How a corpus is built.

    Attributes:
        seed: of the splits.
        splits: repositories whose split is given.
        anonymous: keep functions without a name.
        excluded: keys (`hashes.function_key`) of functions to leave out.
        shard_rows: rows of a full shard.
    """

    seed: int = 0
    splits: dict[str, str] = field(default_factory=dict)
    anonymous: bool = False
    excluded: frozenset[str] = frozenset()
    shard_rows: int = SHARD_ROWS


Progress = Callable[[str, int], None]
"""Called with the name of the repository that is read and the number of rows kept so far."""


def build(
    places: Iterable[str | Path],
    output: Path,
    options: BuildOptions,
    *,
    progress: Progress = lambda repository, rows: None,
) -> Manifest:
    """Mine repositories into `output`, which is replaced as a whole.

    Of functions that are equal up to renaming the first is kept, in the order of repository names, paths and places.

    Args:
        places: as `find_repositories` takes them.
        output: folder of the corpus.
        options: how.
        progress: called for each file.

    Raises:
        InputError: a place is not there, `output` is a folder of something else, or nothing was found.
    """
    refuse_foreign(output)
    repositories = find_repositories([str(place) for place in places])
    files_left_out: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    sources: list[SourceFacts] = []
    seen: dict[int, int] = {}  # key up to renaming -> hash of the text
    with replacing(output) as folder:
        folder.mkdir()
        with ShardWriter(folder, "javascript", shard_rows=options.shard_rows) as writer:
            for repository in repositories:
                split = split_of(repository.name, seed=options.seed, fixed=options.splits)
                before = rows.total()
                for source in repository.sources():
                    progress(repository.name, rows.total())
                    try:
                        mined = list(mine(source, left_out, anonymous=options.anonymous))
                    except augment.ParseError as error:
                        files_left_out[_parse_reason(error)] += 1
                        continue
                    for record, key in mined:
                        number, text = int(key, 16), hash(record.code)
                        if number in seen:
                            left_out["duplicate" if seen[number] == text else "duplicate up to renaming"] += 1
                            continue
                        seen[number] = text
                        if options.excluded and function_key(record.code) in options.excluded:
                            left_out["excluded"] += 1
                        else:
                            record.repo, record.sha, record.licence = (
                                repository.name,
                                repository.sha,
                                repository.licence,
                            )
                            record.partition = split
                            writer.write(split, record)
                            rows[split] += 1
                files_left_out.update(repository.left_out)
                sources.append(
                    SourceFacts(
                        repository.name,
                        repository.sha,
                        repository.licence,
                        split,
                        repository.files,
                        rows.total() - before,
                    )
                )
        if not rows:
            raise InputError(f"no functions found in {sum(source.files for source in sources)} files")
        manifest = Manifest(
            kind="functions",
            seed=options.seed,
            options={
                "anonymous": options.anonymous,
                "excluded": len(options.excluded),
                "shard_rows": options.shard_rows,
            },
            sources=sources,
            files=sum(source.files for source in sources),
            files_left_out=ordered(files_left_out),
            rows=dict(rows),
            rows_left_out=ordered(left_out),
            shards=writer.shards,
        )
        write_manifest(folder, manifest)
    return manifest


def _parse_reason(error: augment.ParseError) -> str:
    return "not UTF-8" if "UTF-8" in error.message else "does not parse"


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
                raise InputError(f"{key!r} is no key of {NUM_DIGITS} hexadecimal digits", path=path, line=number)
    return frozenset(key for line in lines for key in line.split())
