"""Outputs that appear complete or not at all, and replace nothing that they must not."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from contracode.support.errors import InputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path for a file or folder, and move it to `path` when the block succeeds.

    An existing folder is moved away first and deleted last, so that old and new contents are never
    mixed. Symbolic links are followed. Devices and pipes such as `/dev/stdout` are written to.

    Raises:
        InputError: the block wrote a file, and `path` is a folder.
        OSError: `path` cannot be written; `filename` names it.
    """
    device = _is_device(path)
    if path.is_symlink() and not device:
        path = Path(os.path.realpath(path))
    try:
        if not device:
            path.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(
            prefix=f".{path.name}.", dir=None if device else path.parent
        )
    except OSError as error:
        error.filename = str(path)  # instead of the temporary name
        raise
    with scratch as folder:
        beside = Path(folder) / path.name
        try:
            yield beside
            if device:
                with beside.open("rb") as written, path.open("wb") as stream:
                    shutil.copyfileobj(written, stream)
                return
        except OSError as error:
            error.filename = error.filename or str(path)  # not set when the disk is full
            raise
        if path.is_dir():
            if not beside.is_dir():
                raise InputError("is a folder; give the name of a file", path=path)
            path.rename(Path(folder) / "old")
        beside.replace(path)


def output_file(path: str | Path, inputs: Iterable[str | Path] = ()) -> Path:
    """Check the output file of a command before the work begins, and return its path.

    Raises:
        InputError: the output is a folder, or one of the input files.
    """
    output = Path(path)
    if output.is_dir():
        raise InputError("is a folder; give the name of a file", path=output)
    if output.exists() and not _is_device(output):
        for given in inputs:
            if os.path.exists(given) and os.path.samefile(given, output):
                raise InputError("is an input and cannot be the output too", path=output)
    return output


def is_object_of(path: Path, keys: Iterable[str]) -> bool:
    """Whether a file is a JSON object with these keys, and so most likely written by contracode."""
    import msgspec

    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.keys() >= set(keys)


def _is_device(path: Path) -> bool:
    """Whether `path` exists and is neither a file nor a folder: a device, a pipe or a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
