"""Outputs that are there whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` for a file or folder to be written, and move it to `path` when the block ends well.

    A folder that was there is moved away first and deleted last, so that no moment shows a mixture of both.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        beside = Path(folder) / path.name
        try:
            yield beside
        except OSError as error:
            error.filename = error.filename or str(path)  # a full disk does not say what was being written
            raise
        if path.is_dir():
            path.rename(Path(folder) / "old")
        beside.replace(path)
