"""Reads the source files that verbs are given, and tells their language by name."""

import sys
from pathlib import Path

from augment import Language
from contracode.support.errors import InputError

LANGUAGES: dict[str, Language] = {
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}


def language_of(path: str | Path) -> Language:
    """Return the language that a file's suffix stands for; JavaScript for others and for `-`."""
    return LANGUAGES.get(Path(path).suffix.lower(), "javascript")


def read_source(path: str | Path) -> str:
    """Read a file, or standard input for `-`; line ends stay as they are.

    Raises:
        InputError: it cannot be read or is not UTF-8.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "is not UTF-8", path=path, line=data[: error.start].count(b"\n") + 1
        ) from None
