"""`Style`: how a program is laid out."""

from __future__ import annotations

from typing import Final, Literal

from augment.syntax import tokens as t

CommentStyle = Literal["keep", "tools", "drop"]

# Default spacing categories with a space before or after them.
_BEFORE: Final = frozenset({t.OPERATOR, t.BLOCK, t.OBJECT, t.FOLLOW, t.BODY})
_AFTER: Final = frozenset({t.OPERATOR, t.COMMA, t.WORD, t.CONTROL, t.OBJECT, t.COLON, t.SEPARATOR})


class Style:
    """How a program is laid out. Immutable.

    A plain class, as every view creates one and a dataclass is slow to create.

    Attributes:
        lines: "keep" (white space of the source), "lines" (one statement a line) or "one"
            (everything on one line).
        indent: one level of indentation.
        newline: line separator.
        brace: whether the brace of a block is on the "same" line or the "next".
        follow: whether `else`, `catch` and `finally` are on the "same" line as the closing brace or
            on the "next".
        semicolons: whether to write semicolons that would be inserted automatically.
        before: spacing categories with a space before them.
        after: spacing categories with a space after them.
        quote: the preferred quote of strings, "" to keep the author's.
        width: lines longer than this are broken after commas; 0 for no limit.
        comments: "keep" or "drop" all, or keep only those that "tools" read.
    """

    __slots__ = (
        "after",
        "before",
        "brace",
        "comments",
        "follow",
        "indent",
        "lines",
        "newline",
        "quote",
        "semicolons",
        "width",
    )

    def __init__(
        self,
        *,
        lines: Literal["keep", "lines", "one"] = "keep",
        indent: str = "  ",
        newline: str = "\n",
        brace: Literal["same", "next"] = "same",
        follow: Literal["same", "next"] = "same",
        semicolons: bool = True,
        before: frozenset[int] = _BEFORE,
        after: frozenset[int] = _AFTER,
        quote: Literal["", '"', "'"] = "",
        width: int = 0,
        comments: CommentStyle = "keep",
    ) -> None:
        self.lines = lines
        self.indent = indent
        self.newline = newline
        self.brace = brace
        self.follow = follow
        self.semicolons = semicolons
        self.before = before
        self.after = after
        self.quote = quote
        self.width = width
        self.comments: CommentStyle = comments


AS_WRITTEN: Final = Style()
