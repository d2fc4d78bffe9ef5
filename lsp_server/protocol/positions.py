"""UTF-8, UTF-16 and UTF-32 columns of a line: the only place that knows them.

Text is `str` and may hold lone surrogates: JSON can carry them, and an editor that counts in UTF-16
may replace half of a pair. They count as one unit in UTF-16 and UTF-32 and as three in UTF-8, which
is also what U+FFFD counts, so that they can be replaced by it for everybody who cannot read them
(`readable`) without moving an offset.
"""

from collections.abc import Iterable
from enum import StrEnum


class PositionEncoding(StrEnum):
    """The unit in which a client counts columns (LSP 3.17, PositionEncodingKind)."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


def negotiate(offered: Iterable[str] | None) -> PositionEncoding:
    """Return the first encoding of the client's list that we know; UTF-16, which every client must
    know, without one.
    """
    return next(
        (PositionEncoding(name) for name in offered or () if name in set(PositionEncoding)),
        PositionEncoding.UTF16,
    )


def units(text: str, encoding: PositionEncoding) -> int:
    """Return how many code units `text` has in `encoding`."""
    if encoding is PositionEncoding.UTF32 or text.isascii():
        return len(text)
    if encoding is PositionEncoding.UTF8:
        return len(utf8(text))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, column: int, encoding: PositionEncoding) -> tuple[str, str]:
    """Split `text` at `column` code units; a column past the end means the end.

    In UTF-16 a column may lie inside a surrogate pair: both parts then hold one half of it. In
    UTF-8 such a column means the character's start.
    """
    if encoding is PositionEncoding.UTF32 or text.isascii():
        return text[:column], text[column:]
    if encoding is PositionEncoding.UTF8:
        index = len(from_utf8(utf8(text)[:column]))
        return text[:index], text[index:]
    encoded = text.encode("utf-16-le", "surrogatepass")
    return (
        encoded[: 2 * column].decode("utf-16-le", "surrogatepass"),
        encoded[2 * column :].decode("utf-16-le", "surrogatepass"),
    )


def utf8(text: str) -> bytes:
    """Return `text` in UTF-8, lone surrogates as three bytes each."""
    return text.encode("utf-8", "surrogatepass")


def from_utf8(data: bytes) -> str:
    """Return the text of what `utf8` gave; an unfinished character at the end is left out."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        return data[: error.start].decode("utf-8", "surrogatepass")


def pair_surrogates(text: str) -> str:
    """Return `text` with every high surrogate that a low one follows made the character they stand
    for.
    """
    if _is_well_formed(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def readable(text: str) -> str:
    """Return `text` with U+FFFD for lone surrogates; its UTF-8 offsets are those of
    `utf8(text)`.
    """
    if _is_well_formed(text):
        return text
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def _is_well_formed(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
