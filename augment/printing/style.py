"""How a program is laid out."""

from __future__ import annotations

from typing import Final, Literal

from augment.syntax import tokens as t

CommentStyle = Literal["keep", "tools", "drop"]

_BEFORE: Final = frozenset({t.OPERATOR, t.BLOCK, t.OBJECT, t.FOLLOW, t.BODY})

_AFTER: Final = frozenset({t.OPERATOR, t.COMMA, t.WORD, t.CONTROL, t.OBJECT, t.COLON, t.SEPARATOR})


class Style:
    """How a program is laid out; never changed. A plain class, since each view makes one and a
    dataclass is slow to make.

    Attributes:
        lines: "keep" (white space as it was), "lines" (one statement a line) or "one" (everything
            on one line).
        indent: one level of indentation.
        newline: line separator.
        brace: where the brace of a block stands: "same" line or "next".
        follow: where else, catch and finally stand: "same" line as the closing brace or "next".
        semicolons: whether a terminator that automatic insertion supplies is written.
        before: spacing categories with a space before them.
        after: spacing categories with a space after them.
        quote: the preferred quote of strings, "" for the author's.
        width: a line is broken behind a comma once it is longer, 0 for never.
        comments: kept, dropped, or only those kept that tools read.
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
