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
    """Keep other processes from writing a run folder within the block; makes the folder.

    The first of several processes holds the lock for all. The system drops it when the process
    ends, however it ends.

    Raises:
        InputError: another process writes the run.
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
