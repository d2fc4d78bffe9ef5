"""The manifest of a corpus: the command that built it, its sources, and what was left out."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from contracode.corpus.storage.shards import Shard
from contracode.support.atomic_files import is_object_of
from contracode.support.errors import InputError
from contracode.version import __version__

MANIFEST = "manifest.json"


class SourceFacts(msgspec.Struct):
    """What a corpus has of one repository: commit, licence file, split; files looked at; rows kept
    of it.

    Or of one file of rows: its sha256 instead of a commit; neither licence nor split, which its
        rows have each.
    """

    name: str
    sha: str
    licence: str
    split: str
    files: int
    rows: int


class CorpusManifest(msgspec.Struct, kw_only=True):
    """The facts of a corpus.

    Attributes:
        kind: "functions" or "types".
        version: of the program that made it.
        seed: of the splits.
        options: what was asked for besides.
        sources: by name.
        files: number of files looked at.
        files_left_out: number of them that gave nothing, by reason.
        rows: number of rows by split.
        rows_left_out: number of functions (of annotations, of names) that were met and not kept, by
            reason.
        labels: of a corpus of types, number of labels by kind.
        agreement: of a corpus of types with a compiler, how many written types have the same label
            from it, and another one.
        shards: what was written.
    """

    kind: str
    version: str = __version__
    seed: int
    options: Mapping[str, str | int | float | bool] = {}
    sources: list[SourceFacts]
    files: int
    files_left_out: dict[str, int]
    rows: dict[str, int]
    rows_left_out: dict[str, int]
    labels: dict[str, int] = {}
    agreement: dict[str, int] = {}
    shards: list[Shard]


def ordered(counts: Counter[str]) -> dict[str, int]:
    """Return counts, the largest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def refuse_foreign(output: Path) -> None:
    """Refuse to replace a folder that is no corpus.

    Raises:
        InputError: it holds something, but no manifest.
    """
    ours = is_object_of(output / MANIFEST, ("kind", "sources", "shards"))  # of whatever version
    if output.exists() and (not output.is_dir() or (any(output.iterdir()) and not ours)):
        raise InputError("exists and is no corpus; give an empty or new folder", path=output)


def write_manifest(folder: Path, manifest: CorpusManifest) -> None:
    """Write the manifest of the corpus in `folder`."""
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def read_manifest(folder: Path) -> CorpusManifest:
    """Read the manifest of a corpus.

    Raises:
        InputError: there is none, or it is of another form.
    """
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=CorpusManifest)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"is no manifest of a corpus: {error}", path=path) from None
