"""The facts of a packed corpus, written beside its shards."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from contracode.corpus.storage.manifest import MANIFEST
from contracode.support.config import InputForm
from contracode.support.digests import digest
from contracode.support.errors import InputError
from contracode.version import __version__

FORM = 1
"""Of the shards. One more when they are written otherwise, or other code makes other views."""


class PackedSource(msgspec.Struct):
    """A file that was read: its name, the sha256 of its bytes, number of its rows for training."""

    name: str
    sha256: str
    rows: int


class PackedShard(msgspec.Struct):
    """A shard: name, numbers of functions, views and pieces, size in bytes, SHA-256."""

    name: str
    functions: int
    views: int
    pieces: int
    bytes: int
    sha256: str


class PackedManifest(msgspec.Struct, kw_only=True):
    """The facts of a packed corpus.

    Attributes:
        kind: "packed".
        form: of the shards.
        version: of the program that made it.
        seed: of the views.
        copies: views rendered ahead of each function, besides the function as written; 0 where
            there are only sources.
        reads: how the views are spelled.
        tokenizer: fingerprint of the tokenizer of the pieces; "" where there are none.
        functions: number of functions.
        left_out: number of rows that gave none, by reason.
        sources: what was read, in order.
        shards: what was written, in order.
    """

    kind: Literal["packed"] = "packed"
    form: int = FORM
    version: str = __version__
    seed: int
    copies: int
    reads: InputForm = "written"
    tokenizer: str
    functions: int
    left_out: dict[str, int]
    sources: list[PackedSource]
    shards: list[PackedShard]

    @property
    def digest(self) -> str:
        """SHA-256 of all shards, in hexadecimal."""
        return digest("".join(shard.sha256 for shard in self.shards).encode())


class _Kind(msgspec.Struct):
    kind: str = ""


def is_packed(folder: Path) -> bool:
    """Whether `folder` is a packed corpus."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Kind).kind == "packed"
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return False


def write_packed_manifest(folder: Path, manifest: PackedManifest) -> None:
    """Write the manifest of the packed corpus in `folder`."""
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def read_packed_manifest(folder: Path) -> PackedManifest:
    """Read the manifest of a packed corpus.

    Raises:
        InputError: there is none, or it is of another form.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=PackedManifest)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"is no manifest of a packed corpus: {error}", path=path) from None
    if manifest.form != FORM:
        raise InputError(
            f"is a packed corpus of form {manifest.form}, not {FORM}; pack it again", path=folder
        )
    return manifest
