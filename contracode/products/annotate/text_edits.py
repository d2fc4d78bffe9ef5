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


def narrowed(start: int, before: str, after: str) -> TextEdit:
    """Return the smallest edit that turns the text `before`, at byte `start`, into `after`."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    first = start + len(before[:head].encode())
    old = before[head : len(before) - tail]
    return TextEdit(first, first + len(old.encode()), after[head : len(after) - tail])
