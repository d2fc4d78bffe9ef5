"""SHA-256 fingerprints in hexadecimal."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(data: bytes | memoryview) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def digest_parts(parts: Iterable[bytes | memoryview]) -> str:
    """Return the SHA-256 of concatenated parts without joining them in memory."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()


def digest_file(path: str | Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: the file cannot be read.
    """
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
