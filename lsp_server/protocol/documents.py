r"""Open documents: text as lines, edits, versions, positions against UTF-8 byte offsets.

Only `\n`, `\r\n` and `\r` end a line (LSP 3.17, Text Documents); form feeds and U+2028 do not,
whatever `str.splitlines` thinks.
"""

import logging
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_server.protocol import positions
from lsp_server.protocol.positions import PositionEncoding

if TYPE_CHECKING:
    from augment import Language

log = logging.getLogger(__name__)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")

_LANGUAGES: "dict[str, Language]" = {
    "javascript": "javascript",
    "javascriptreact": "javascript",
    "javascript.jsx": "javascript",
    "typescript": "typescript",
    "typescriptreact": "tsx",
    "typescript.tsx": "tsx",
}
_EXTENSIONS: "dict[str, Language]" = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}


def split_lines(text: str) -> list[str]:
    """Split `text` into lines that keep their ends; the last one has none and may be empty."""
    lines = [match.group() for match in _LINE.finditer(text)]
    # After a last line without an end, the pattern matches once more, at the end of the text.
    if len(lines) > 1 and lines[-2][-1:] not in ("\n", "\r"):
        lines.pop()
    return lines


def language_of(language_id: str, uri: str) -> "Language | None":
    """Return the language that `augment.parse` reads the document as, by the client's identifier,
    else by the file's extension.

    A text that the client's user made plain is left alone, whatever its file is called.
    """
    if language_id.lower() == "plaintext":
        return None
    by_id = _LANGUAGES.get(language_id.lower())
    return by_id or _EXTENSIONS.get(PurePosixPath(uri).suffix.lower())


@dataclass(frozen=True, slots=True)
class Edit:
    """One change in UTF-8 bytes: `start:end` of the text before it was replaced by `text`.

    Attributes:
        before: the character that `text` now stands behind; empty at the start of a line.
        after: the one that it stands before; empty at the end of the document.
    """

    start: int
    end: int
    text: str
    before: str = field(default="", compare=False)
    after: str = field(default="", compare=False)

    @property
    def length(self) -> int:
        """Bytes of the new text."""
        return len(positions.utf8(self.text))


class Document:
    """The text of one open document.

    Args:
        uri: as the client wrote it.
        language_id: as the client wrote it.
        version: of the client.
        text: the whole of it.
        encoding: in which the client counts columns.
    """

    def __init__(
        self, uri: str, *, language_id: str, version: int, text: str, encoding: PositionEncoding
    ) -> None:
        self.uri = uri
        self.version = version
        self.language: Language | None = language_of(language_id, uri)
        self._encoding = encoding
        self._lines = split_lines(positions.pair_surrogates(text))
        self._starts: list[int] | None = None

    @property
    def text(self) -> str:
        """The text as the client has it; it may hold lone surrogates."""
        return "".join(self._lines)

    @property
    def source(self) -> str:
        """The text for a parser: U+FFFD for lone surrogates, with the same byte offsets."""
        return positions.readable(self.text)

    @property
    def size(self) -> int:
        """Bytes of the text in UTF-8."""
        return self._line_starts[-1] + len(positions.utf8(self._lines[-1]))

    def offset(self, position: types.Position) -> int:
        """Return the byte at `position`, clamped: past a line's end means its end, past the last
        line the end of the text.
        """
        line, (head, _) = self._locate(position)
        return self._line_starts[line] + len(positions.utf8(head))

    def position(self, offset: int) -> types.Position:
        """Return where byte `offset` of the text is; clamped to the text."""
        line = max(0, bisect_right(self._line_starts, offset) - 1)
        head = positions.from_utf8(
            positions.utf8(self._lines[line])[: max(0, offset - self._line_starts[line])]
        )
        return types.Position(line, positions.units(head, self._encoding))

    def apply(self, change: types.TextDocumentContentChangeEvent) -> Edit:
        """Change the text and return what changed in bytes; a full text is narrowed to the lines
        that differ.
        """
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return self._replace_all(change.text)
        # An end before its start is a client's mistake; other servers, too, take the two the other
        # way round.
        start, end = sorted(
            (change.range.start, change.range.end),
            key=lambda position: (position.line, position.character),
        )
        (first, (head, _)), (last, (_, tail)) = self._locate(start), self._locate(end)
        text = change.text
        if _is_high_surrogate(head[-1:]):  # half of a pair: the edit is the whole character's
            head, text = head[:-1], head[-1] + text
        if _is_low_surrogate(tail[:1]):
            text, tail = text + tail[0], tail[1:]
        edit = Edit(
            self._line_starts[first] + len(positions.utf8(head)),
            self._line_end(last) - len(positions.utf8(tail)),
            positions.pair_surrogates(text),
            before=head[-1:],
            after=tail[:1],
        )
        self._splice(first, last + 1, head + text + tail)
        return edit

    def _replace_all(self, text: str) -> Edit:
        lines = split_lines(positions.pair_surrogates(text))
        same_head = _common_prefix(self._lines, lines)
        same_tail = _common_prefix(reversed(self._lines[same_head:]), reversed(lines[same_head:]))
        end = len(self._lines) - same_tail
        old, new = (
            "".join(self._lines[same_head:end]),
            "".join(lines[same_head : len(lines) - same_tail]),
        )
        head = _common_prefix(old, new)
        tail = _common_prefix(
            old[: head - 1 if head else None : -1], new[: head - 1 if head else None : -1]
        )
        edit = Edit(
            self._line_end(same_head - 1) + len(positions.utf8(old[:head])),
            self._line_end(end - 1) - len(positions.utf8(old[len(old) - tail :])),
            new[head : len(new) - tail],
            before=new[:head][-1:],
            after=new[len(new) - tail :][:1],
        )
        self._lines, self._starts = lines, None
        return edit

    def _splice(self, first: int, end: int, text: str) -> None:
        """Replace lines `first:end`, which `text` must finish as they did."""
        text = positions.pair_surrogates(text)
        if first > 0 and text.startswith("\n") and self._lines[first - 1].endswith("\r"):
            first -= 1
            text = self._lines[first] + text
        lines = split_lines(text)
        if end < len(self._lines):
            lines.pop()  # the empty rest after the last line's end
        self._lines[first:end] = lines
        self._starts = None

    def _locate(self, position: types.Position) -> tuple[int, tuple[str, str]]:
        """Return the line and its parts before and after the position; the second keeps the line's
        end.
        """
        if position.line >= len(self._lines):
            return len(self._lines) - 1, (self._lines[-1], "")
        line = self._lines[position.line]
        body = line.rstrip("\r\n")
        head, tail = positions.cut(body, position.character, self._encoding)
        return position.line, (head, tail + line[len(body) :])

    def _line_end(self, line: int) -> int:
        """Return the byte after a line, with its end; 0 for the line before the first."""
        return self._line_starts[line + 1] if line + 1 < len(self._lines) else self.size

    @property
    def _line_starts(self) -> list[int]:
        if self._starts is None:
            lengths = (
                len(line) if line.isascii() else len(positions.utf8(line))
                for line in self._lines[:-1]
            )
            self._starts = list(accumulate(lengths, initial=0))
        return self._starts


class Documents:
    """The documents that the client has open, by URI."""

    def __init__(self, encoding: PositionEncoding = PositionEncoding.UTF16) -> None:
        self.encoding = encoding
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def get(self, uri: str) -> Document | None:
        """Return the open document, or None."""
        return self._open.get(uri)

    def open(self, item: types.TextDocumentItem) -> Document:
        """Take a document over from the client."""
        document = Document(
            item.uri,
            language_id=item.language_id,
            version=item.version,
            text=item.text,
            encoding=self.encoding,
        )
        self._open[item.uri] = document
        return document

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> tuple[Document, list[Edit]] | None:
        """Apply changes in order; returns None, and changes nothing, for a document not open or a
        version older than ours.
        """
        document = self._open.get(identifier.uri)
        if document is None:
            log.warning("change of a document that is not open, ignored")
            return None
        if identifier.version < document.version:
            log.warning(
                "change to version %d of a document at %d, ignored",
                identifier.version,
                document.version,
            )
            return None
        edits = [document.apply(change) for change in changes]
        document.version = identifier.version
        return document, edits

    def close(self, uri: str) -> None:
        """Forget a document; one that is not open is nobody's loss."""
        self._open.pop(uri, None)


def _is_high_surrogate(char: str) -> bool:
    return "\ud800" <= char <= "\udbff"


def _is_low_surrogate(char: str) -> bool:
    return "\udc00" <= char <= "\udfff"


def _common_prefix(left: Iterable[str], right: Iterable[str]) -> int:
    """Return how many items are equal from the start."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
