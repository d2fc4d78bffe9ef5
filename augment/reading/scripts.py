"""Scripts in markup. All other text becomes blanks, so that offsets stay those of the file."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from augment.syntax.tree import Language

MARKUP: Final = frozenset({".vue", ".svelte", ".astro", ".html", ".htm"})
"""Suffixes of files of markup that contain scripts."""

_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)

_SCRIPT: Final = re.compile(rb"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)

_ATTRIBUTE: Final = re.compile(rb"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")

_FRONT_MATTER: Final = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)^---", re.DOTALL | re.MULTILINE)

# Types of scripts (HTML Living Standard, §4.12.1); "" if there is no `type`.
_TYPES: Final = frozenset(
    {"", "module", "text/javascript", "application/javascript", "text/babel", "text/jsx"}
)

_LANGUAGES: Final[dict[str, Language]] = {
    "ts": "typescript",
    "typescript": "typescript",
    "tsx": "tsx",
    "text/typescript": "typescript",
}


class Scripts(NamedTuple):
    """The scripts of a file.

    Attributes:
        text: the file, with blanks outside of the scripts.
        language: TypeScript if any of them is in TypeScript, and TSX for Astro.
        number: number of scripts.
    """

    text: bytes
    language: Language
    number: int


def scripts_in(source: bytes, suffix: str) -> Scripts:
    """Return the scripts of a file of markup as one text.

    Scripts are separated by a semicolon, so that none continues the one before it.

    Args:
        source: the file, as UTF-8.
        suffix: suffix of its name, one of `MARKUP`.
    """
    text = bytearray(re.sub(rb"[^\r\n]", b" ", source))
    language: Language = "javascript"
    count = 0
    commented = [match.span() for match in _COMMENT.finditer(source)]
    if suffix == ".astro":
        language = "tsx"
        front = _FRONT_MATTER.match(source)
        if front is not None:
            count = _show(text, source, front.span(1), count)
    for match in _SCRIPT.finditer(source):
        attributes = {
            found[1].decode().lower(): (found[2] or found[3] or found[4] or b"").decode()
            for found in _ATTRIBUTE.finditer(match[1])
        }
        kind = attributes.get("type", "").lower()
        hidden = any(start <= match.start() < end for start, end in commented)
        if hidden or (kind not in _TYPES and kind not in _LANGUAGES) or not match[2].strip():
            continue
        written = _LANGUAGES.get(attributes.get("lang", "").lower()) or _LANGUAGES.get(kind)
        if written is not None and language != "tsx":
            language = written
        count = _show(text, source, match.span(2), count)
    return Scripts(bytes(text), language, count)


def _show(text: bytearray, source: bytes, span: tuple[int, int], count: int) -> int:
    start, end = span
    text[start:end] = source[start:end]
    if count:
        text[start - 1] = ord(";")
    return count + 1
