"""Outputs that are there whole or not at all, and that take the place of nothing but what they
may.
"""

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
    """Give a path beside `path` for a file or folder to be written, and move it to `path` when the
    block ends well.

    A folder that was there is moved away first and deleted last, so that no moment shows a mixture
    of both. Links are followed. What is neither a file nor a folder, such as `/dev/stdout` or a
    pipe, is written to.

    Raises:
        InputError: a file was written, and `path` is a folder.
        OSError: nothing can be written there; its `filename` says where.
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
        error.filename = str(path)  # and not a name that nobody gave
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
            error.filename = error.filename or str(
                path
            )  # a full disk does not say what was being written
            raise
        if path.is_dir():
            if not beside.is_dir():
                raise InputError("is a folder; give the name of a file", path=path)
            path.rename(Path(folder) / "old")
        beside.replace(path)


def output_file(path: str | Path, inputs: Iterable[str | Path] = ()) -> Path:
    """Return where a verb is to write one file; asked before the work begins.

    Raises:
        InputError: it is a folder, or one of the files that the verb reads.
    """
    output = Path(path)
    if output.is_dir():
        raise InputError("is a folder; give the name of a file", path=output)
    if output.exists() and not _is_device(output):
        for given in inputs:
            if os.path.exists(given) and os.path.samefile(given, output):
                raise InputError("is read, and cannot be the output too", path=output)
    return output


def is_object_of(path: Path, keys: Iterable[str]) -> bool:
    """Whether a file is a JSON object that has these keys: what tells a file of ours from another
    program's of the same name.
    """
    import msgspec

    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.keys() >= set(keys)


def _is_device(path: Path) -> bool:
    """Whether `path` is there and neither a file nor a folder: a device, a pipe or a socket."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
