"""Compares the bytes of a corpus, packed or not, with what its manifest says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from contracode.corpus.storage.manifest import MANIFEST
from contracode.support.digests import digest_file
from contracode.support.errors import InputError


class _Shard(msgspec.Struct):
    name: str
    sha256: str


class _Manifest(msgspec.Struct):
    shards: list[_Shard]


def verify(
    folder: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[InputError]:
    """Yield what is wrong with each shard whose bytes are not what the manifest says.

    Args:
        folder: of the corpus.
        progress: called with the number of shards that were read, and of all.

    Raises:
        InputError: there is no manifest, or it is of another form.
    """
    path = folder / MANIFEST
    try:
        shards = msgspec.json.decode(path.read_bytes(), type=_Manifest).shards
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"is no manifest of a corpus: {error}", path=path) from None
    for number, shard in enumerate(shards):
        progress(number, len(shards))
        place = folder / shard.name
        try:
            found = digest_file(place)
        except OSError as error:
            yield InputError(error.strerror or str(error), path=place)
            continue
        if found != shard.sha256:
            yield InputError(f"has the sha256 {found}, not {shard.sha256}", path=place)
    progress(len(shards), len(shards))
