"""The folder that holds the finished stages of a build until the output is complete."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from contracode.support.errors import InputError


@contextmanager
def working_folder(output: Path) -> Generator[Path]:
    """Lock and return the working folder of a build, `.NAME.build` beside `output`.

    Unfinished files of a killed process are deleted; an older output that it had moved away is put
    back.

    Raises:
        InputError: another process uses it, or it cannot be made.
    """
    work = output.with_name(f".{output.name}.build")
    try:
        (work / "parts").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=work) from None
    with open(work / "lock", "wb") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError("is being built by another process", path=output) from None
        if (work / "old").exists() and not output.exists():
            (work / "old").rename(output)
        for unfinished in work.glob("*/.*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        yield work


def put_in_place(folder: Path, output: Path, work: Path) -> None:
    """Move a finished folder to `output`, replacing an older one, and delete the working folder."""
    for unfinished in folder.glob(".*"):
        shutil.rmtree(unfinished)
    shutil.rmtree(work / "old", ignore_errors=True)
    if output.exists():
        output.rename(work / "old")
    folder.rename(output)
    shutil.rmtree(work)


def fingerprint_of(*facts: object) -> str:
    """Return a name for a result, which changes whenever one of its inputs changes."""
    digest = blake2b(digest_size=16)
    for fact in facts:
        digest.update(fact if isinstance(fact, bytes) else repr(fact).encode())
    return digest.hexdigest()
