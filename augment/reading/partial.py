"""Sources with errors: statements that do not parse become blanks, so that the rest does.

A source is cut at lines that are not indented. A piece that does not parse on its own is cut again
at its next level of indentation, to leave out only the statements around the error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+\Z")

_CLOSING: Final = (b"}", b")", b"]", b"/*", b"*", b"//")

_LEVELS: Final = 4
"""Levels of indentation at which a piece is cut to leave out less than all of it."""

Reads = Callable[[bytes], str]
"""Returns "" if a text parses, else the reason why it does not."""


class Skipped(NamedTuple):
    """A part of a source that was left out.

    Attributes:
        span: its byte span.
        reason: why it does not parse.
    """

    span: tuple[int, int]
    reason: str


def blank_errors(source: bytes, reads: Reads) -> tuple[bytes, list[Skipped]]:
    """Return `source` with blanks for the parts that do not parse, and these parts.

    Args:
        source: a text that does not parse.
        reads: tries to parse a text.
    """
    text = bytearray(source)
    skipped: list[Skipped] = []
    for start, end in _pieces(source, (0, len(source))):
        reason = reads(source[start:end])
        if reason:
            span = _narrowed(source, (start, end), reads, _LEVELS)
            _blank(text, span)
            skipped.append(Skipped(span, reason))
    return bytes(text), skipped


def _blank(text: bytearray, span: tuple[int, int]) -> None:
    start, end = span
    text[start:end] = re.sub(rb"[^\r\n]", b" ", bytes(text[start:end]))


def _narrowed(source: bytes, span: tuple[int, int], reads: Reads, levels: int) -> tuple[int, int]:
    """Return a part of the piece `span` without which it parses, or `span` if there is none."""
    if levels:
        for inner in _pieces(source, _inside(source, span)):
            text = bytearray(source[span[0] : span[1]])
            _blank(text, (inner[0] - span[0], inner[1] - span[0]))
            if not reads(bytes(text)):
                return _within(source, span, inner, reads, levels - 1)
    return span


def _within(
    source: bytes, span: tuple[int, int], inner: tuple[int, int], reads: Reads, levels: int
) -> tuple[int, int]:
    """Return the smallest part found of `inner` without which the piece `span` parses."""

    def parses_around(text: bytes) -> str:
        return reads(source[span[0] : inner[0]] + text + source[inner[1] : span[1]])

    return _narrowed(source, inner, parses_around, levels)


def _inside(source: bytes, span: tuple[int, int]) -> tuple[int, int]:
    """Return the span of a piece without its first and last line."""
    first = source.find(b"\n", *span)
    last = source.rfind(b"\n", span[0], max(span[1] - 1, span[0]))
    return (first + 1, last + 1) if 0 <= first < last else (span[0], span[0])


def _pieces(source: bytes, span: tuple[int, int]) -> list[tuple[int, int]]:
    """Cut `span` before each line of the least indentation that is not a closing bracket."""
    lines = [match.span() for match in _LINE.finditer(source, *span)]
    depths = [_depth(source[start:end]) for start, end in lines]
    least = min((depth for depth in depths if depth >= 0), default=0)
    pieces: list[tuple[int, int]] = []
    for (start, end), depth in zip(lines, depths, strict=True):
        begins = depth == least and not source[start:end].lstrip().startswith(_CLOSING)
        if pieces and not begins:
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces


def _depth(line: bytes) -> int:
    """Return the indentation of a line, or -1 if it is empty."""
    return len(line) - len(line.lstrip()) if line.strip() else -1
