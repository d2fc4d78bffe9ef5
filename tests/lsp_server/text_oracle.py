"""A second implementation of document synchronization, over code units instead of lines, to hold
the first against.
"""

import random
import struct
from itertools import pairwise
from typing import Any

from lsp_client import edit

SEPARATORS = ["\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029", "\x1c"]
"""What ends a line for the protocol (the first three), and what only `str.splitlines` takes for an
end.
"""

PIECES = [
    *"ab ;(){}",
    "function f(text) {}",
    "é",
    "한",
    "😀",
    "𝒳y",
    *SEPARATORS,
    "\n",
    "\r\n",
    "\r",
]


def random_text(chance: random.Random, most: int) -> str:
    return "".join(chance.choices(PIECES, k=chance.randrange(most + 1)))


class Oracle:
    """The client's side: a list of code units in which positions are counted directly."""

    def __init__(self, text: str, encoding: str) -> None:
        self.encoding = encoding
        self.units = self._units(text)

    @property
    def text(self) -> str:
        if self.encoding == "utf-32":
            return "".join(map(chr, self.units))
        if self.encoding == "utf-16":
            return struct.pack(f"<{len(self.units)}H", *self.units).decode(
                "utf-16-le", "surrogatepass"
            )
        return bytes(self.units).decode("utf-8")

    def random_edit(self, chance: random.Random, most: int = 6) -> dict[str, object]:
        """Change a random range and return the change as a client sends it; columns may lie past a
        line's end.
        """
        start, end = sorted(self._random_index(chance) for _ in range(2))
        if chance.random() < 0.7:  # mostly small changes
            end = min(end, self._character_end(start + chance.randrange(6)))
        text = random_text(chance, most)
        (line, column), (end_line, end_column) = self._position(start), self._position(end)
        start, end = self._index(line, column), self._index(end_line, end_column)
        if start == self._line(line)[1]:
            column += chance.choice([0, 0, 1, 1000])
        if end == self._line(end_line)[1] and end_line > line:
            end_column += chance.choice([0, 0, 1, 1000])
        self.units[start:end] = self._units(text)
        return edit(line, column, end_line, end_column, text)

    def apply(self, edits: list[dict[str, Any]]) -> str:
        """Apply a server's `TextEdit`s, all of them positions in the text as it is, and return the
        text.
        """
        ranges: list[tuple[int, int, str]] = []
        for item in edits:
            start, end = (
                self._index(item["range"][key]["line"], item["range"][key]["character"])
                for key in ("start", "end")
            )
            assert start <= end
            ranges.append((start, end, item["newText"]))
        ranges.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(ranges)), "overlap"
        for start, end, text in reversed(ranges):
            self.units[start:end] = self._units(text)
        return self.text

    def _units(self, text: str) -> list[int]:
        if self.encoding == "utf-32":
            return [ord(char) for char in text]
        if self.encoding == "utf-16":
            data = text.encode("utf-16-le", "surrogatepass")
            return list(struct.unpack(f"<{len(data) // 2}H", data))
        return list(text.encode())

    def _random_index(self, chance: random.Random) -> int:
        return self._character_end(chance.randrange(len(self.units) + 1))

    def _character_end(self, index: int) -> int:
        """Move on to the end of a UTF-8 character; UTF-16 may be cut inside a pair."""
        index = min(index, len(self.units))
        while (
            self.encoding == "utf-8"
            and index < len(self.units)
            and self.units[index] & 0xC0 == 0x80
        ):
            index += 1
        return index

    def _lines(self) -> list[tuple[int, int]]:
        """Return start and end, without its separator, of each line."""
        lines, start, at = [], 0, 0
        while at < len(self.units):
            if self.units[at] in (10, 13):
                lines.append((start, at))
                at += 2 if self.units[at : at + 2] == [13, 10] else 1
                start = at
            else:
                at += 1
        return [*lines, (start, len(self.units))]

    def _line(self, line: int) -> tuple[int, int]:
        return self._lines()[line]

    def _position(self, index: int) -> tuple[int, int]:
        lines = self._lines()
        line = max(number for number, (start, _) in enumerate(lines) if start <= index)
        return line, index - lines[line][0]

    def _index(self, line: int, column: int) -> int:
        start, end = self._line(line)
        return min(start + column, end)
