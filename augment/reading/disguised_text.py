"""`Disguise`: the text that a grammar parses in place of a source."""

from __future__ import annotations

import re

from augment.reading.lexer import Lexeme
from augment.syntax.tree import Node, Tree


class Disguise:
    """The text that the grammar parses in place of `source`.

    Attributes:
        source: UTF-8 of the source.
        text: the disguised source, of the same length.
        hidden: spans of `source` that have no tokens in the tree.
        dropped: offsets of added semicolons, which the tree leaves out.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.text = bytearray(source)
        self.hidden: list[tuple[int, int]] = []
        self.dropped: set[int] = set()
        self._types: dict[int, str] = {}
        self._widened_left: dict[int, int] = {}
        self._widened_right: dict[int, int] = {}

    @property
    def is_empty(self) -> bool:
        """Whether `text` equals the source."""
        return bytes(self.text) == self.source

    def blank(self, start: int, end: int) -> None:
        """Replace a span with spaces; line breaks stay."""
        gap = self.source[start:end]
        self.text[start:end] = re.sub(rb"[^\n]", b" ", gap)

    def blank_behind(self, leaf_end: int, start: int, end: int) -> None:
        """Blank a span and append it to the token that ends at `leaf_end`."""
        self.blank(start, end)
        self._widened_right[leaf_end] = end
        self.hidden.append((start, end))

    def blank_before(self, leaf_start: int, start: int, end: int) -> None:
        """Blank a span and prepend it to the token that starts at `leaf_start`."""
        self.blank(start, end)
        self._widened_left[leaf_start] = start
        self.hidden.append((start, end))

    def rewrite(self, lexeme: Lexeme, text: bytes, type: str | None = None) -> None:
        """Replace `lexeme` with `text`, padded to its length; `undo` gives its token `type`."""
        self.text[lexeme.start : lexeme.end] = text.ljust(lexeme.end - lexeme.start)
        if len(text) < lexeme.end - lexeme.start:
            self._widened_right[lexeme.start + len(text)] = lexeme.end
        if type is not None:
            self._types[lexeme.start] = type

    def undo(self, tree: Tree) -> None:
        """Restore the spans and types that the tokens of `tree` have in the source."""
        for leaf in tree.leaves:
            kind = self._types.get(leaf.start)
            if kind is not None:
                _retype(leaf, kind)
            end = self._widened_right.get(leaf.end)
            if end is not None:
                _widen(leaf, "end", leaf.end, end)
            start = self._widened_left.get(leaf.start)
            if start is not None:
                _widen(leaf, "start", leaf.start, start)


def _retype(leaf: Node, kind: str) -> None:
    leaf.type = kind
    parent = leaf.parent
    if kind == "using" and parent is not None and parent.type == "lexical_declaration":
        parent.type = "using_declaration"


def _widen(leaf: Node, side: str, old: int, new: int) -> None:
    node: Node | None = leaf
    while node is not None and getattr(node, side) == old:
        setattr(node, side, new)
        node = node.parent
