"""A lock on a run folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contracode.encoder import distributed
from contracode.support.errors import InputError

LOCK = ".lock"


@contextmanager
def run_lock(run: Path) -> Iterator[None]:
    """Lock a run folder within the block, and create it if it is missing.

    The first of several processes holds the lock for all. The operating system releases the lock
    when the process ends, even if it is killed.

    Raises:
        InputError: another process holds the lock.
    """
    if distributed.rank() or sys.platform == "win32":
        run.mkdir(parents=True, exist_ok=True)
        yield
        return
    import fcntl

    run.mkdir(parents=True, exist_ok=True)
    with open(run / LOCK, "wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError("another process is writing this run", path=run) from None
        try:
            yield
        finally:
            (run / LOCK).unlink(missing_ok=True)
