"""Edits of a source as spans of bytes and new texts."""

from collections.abc import Iterable
from typing import NamedTuple


class TextEdit(NamedTuple):
    """Replace the bytes `start:end` of the source by `text`."""

    start: int
    end: int
    text: str


def apply_edits(source: bytes, edits: Iterable[TextEdit]) -> bytes:
    """Return a source with edits that do not overlap."""
    for edit in sorted(edits, reverse=True):
        source = source[: edit.start] + edit.text.encode() + source[edit.end :]
    return source
