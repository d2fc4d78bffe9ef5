"""Stored indexes: one safetensors file for a folder, by default in the user's cache folder.

A file has the paths, names, places and vectors of functions, but no source. A file that cannot be
read (damaged, or of another format) is ignored, as an index can always be built again.
"""

import struct
from collections.abc import Generator
from pathlib import Path

import msgspec
import numpy as np
from platformdirs import user_cache_path
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from contracode.products.search.index import (
    Embedder,
    Index,
    IndexedFile,
    IndexReport,
    OnProblem,
    Progress,
    update,
)
from contracode.support.atomic_files import replacing
from contracode.support.digests import digest
from contracode.support.errors import InputError

FORMAT = 1


class _Listing(msgspec.Struct):
    """An index without its vectors."""

    format: int
    root: str
    model: str
    files: list[IndexedFile]


def refresh(
    root: Path,
    model: Embedder,
    *,
    path: Path | None = None,
    report: IndexReport | None = None,
    on_problem: OnProblem = lambda problem: None,
) -> Generator[Progress, None, Index]:
    """Update the stored index of a folder step by step, and store it again.

    Args:
        root: an existing folder.
        model: embeds functions.
        path: file of the index; by default in the user's cache folder.
        report: filled with what was done.
        on_problem: called with each file that cannot be read.

    Returns:
        The index, as the generator's value (`index.run` takes the steps).

    Raises:
        InputError: there is no such folder, or the index cannot be written.
    """
    path = path or cached_path(root, model.fingerprint)
    previous = read(path, root, model.fingerprint)
    index = yield from update(root, model, previous, report=report, on_problem=on_problem)
    if previous is None or previous.files != index.files:
        write(index, path)
    return index


def cached_path(root: Path, model: str) -> Path:
    """Return the file in the user's cache folder for the index of a folder by a model."""
    root = root.resolve()
    key = digest(f"{root}\0{model}".encode("utf-8", "surrogateescape"))[:16]
    return (
        user_cache_path("contracode", appauthor=False)
        / "search"
        / f"{root.name or 'root'}-{key}.safetensors"
    )


def read(path: Path, root: Path, model: str) -> Index | None:
    """Return the index of a folder and model from a file; None if the file does not have it."""
    try:
        tensors = load_file(path)
        listing = msgspec.msgpack.decode(tensors["listing"].tobytes(), type=_Listing)
        vectors_ND = tensors["vectors"]
        if (listing.format, listing.root, listing.model) != (FORMAT, str(root.resolve()), model):
            return None
        if vectors_ND.ndim != 2 or len(vectors_ND) != sum(
            len(file.functions) for file in listing.files
        ):
            return None
        return Index(
            root,
            model=model,
            files=listing.files,
            vectors_ND=vectors_ND.astype(np.float16, copy=False),
        )
    except (OSError, SafetensorError, msgspec.MsgspecError, KeyError, ValueError, struct.error):
        return None


def write(index: Index, path: Path) -> None:
    """Write an index to a file, which appears complete or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    listing = msgspec.msgpack.encode(
        _Listing(FORMAT, str(index.root.resolve()), index.model, index.files)
    )
    tensors = {"vectors": index.vectors_ND, "listing": np.frombuffer(listing, np.uint8)}
    try:
        with replacing(path) as beside:
            save_file(tensors, beside)
    except (OSError, SafetensorError) as error:
        raise InputError(
            f"the index cannot be written: {getattr(error, 'strerror', None) or error}", path=path
        ) from None
