"""Writes types into JSDoc comments: new comments, and tags merged into existing ones.

Comments are untrusted input, so no pattern may match the same white space in two ways, which would
take exponential time to fail.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag to be written.

    Attributes:
        tag: name of the tag.
        type: type in braces; None for a tag without a type.
        name: of a parameter (`options`, or `options.depth` for a property of it), else empty.
        default: default value, as in `[name=1]`; "" for `[name]`, None for a name without brackets.
    """

    tag: Literal["param", "returns", "type"]
    type: str | None
    name: str = ""
    default: str | None = None

    def __str__(self) -> str:
        shown = self.name
        if self.default is not None:
            shown = f"[{self.name}={self.default}]" if self.default else f"[{self.name}]"
        return " ".join(
            part for part in (f"@{self.tag}", self.type and f"{{{self.type}}}", shown) if part
        )


@dataclass(frozen=True, slots=True)
class CommentStyle:
    """How a comment is laid out.

    Attributes:
        block: it may have several lines: only white space precedes it on its line.
        indent: white space before it on its line.
        newline: the line end of the file.
    """

    block: bool
    indent: str
    newline: str


def can_be_written(type: str) -> bool:
    """Return whether a type can be written in the braces of a tag without closing them."""
    depth = 0
    for char in type:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return (
        bool(type.strip())
        and depth == 0
        and "*/" not in type
        and type.isprintable()
        and "@" not in type
    )


def new_comment(tags: Sequence[Tag], style: CommentStyle) -> str:
    """Return a comment with tags: on one line if there is one tag, or no room for several lines."""
    if style.block and len(tags) > 1:
        line = f"{style.newline}{style.indent} "
        return "".join(["/**", *(f"{line}* {tag}" for tag in tags), f"{line}*/"])
    return f"/** {' '.join(map(str, tags))} */"


# Comments about a whole file, declarations inside comments, and comments drawn as boxes.
_OTHERS = re.compile(
    r"@(license|preserve|file|fileoverview|overview|module|copyright|typedef|callback|namespace)\b|^/\*\*[*/!]"
)


def can_be_merged(comment: str) -> bool:
    """Return whether a comment documents the syntax behind it, so that tags can be added."""
    return _OTHERS.search(comment) is None


def merge(comment: str, tags: Sequence[Tag], order: Sequence[str], style: CommentStyle) -> str:
    """Return a comment with the types of tags, added to existing tags or in new ones.

    Existing tags with a type do not change.

    Args:
        comment: from `/**` to `*/`.
        tags: what to write, in order.
        order: the names of all parameters of the function, in order.
        style: of the comment.
    """
    pieces, line, tail = _split(comment, style)
    for tag in tags:
        there = next((i for i, piece in enumerate(pieces) if _is_same(piece, tag)), None)
        if there is not None:
            pieces[there] = pieces[there].typed(tag.type)
        else:
            _insert(pieces, tag, order, line)
    return "/**" + "".join(piece.lead + piece.text for piece in pieces) + tail


@dataclass(frozen=True, slots=True)
class _Piece:
    """The text before the first tag, or one tag with all its lines.

    Attributes:
        lead: line end, white space and asterisk before it.
        text: the rest, up to the next lead.
    """

    lead: str
    text: str

    @property
    def tag(self) -> str:
        """`param`, `returns`, ...; empty for text."""
        match = re.match(r"@(\w+)", self.text)
        name = match[1] if match else ""
        return {"arg": "param", "argument": "param", "return": "returns"}.get(name, name)

    @property
    def parameter(self) -> str:
        """The name that a `@param` speaks of, the type before it left out."""
        rest = self.text[re.match(r"@\w*", self.text).end() :].lstrip()  # pyright: ignore[reportOptionalMemberAccess] matches always for a tag
        if rest.startswith("{"):
            depth = 0
            for at, char in enumerate(rest):
                depth += (char == "{") - (char == "}")
                if depth == 0:
                    rest = rest[at + 1 :]
                    break
        match = re.match(r"[\s*]*(?:\[\s*)?([\w$.]+)", rest)
        return match[1] if match else ""

    def typed(self, type: str | None) -> "_Piece":
        """Return it with this type, unless it has one."""
        if type is None or re.match(r"@\w+\s*\{", self.text):
            return self
        return replace(
            self, text=re.sub(r"^@\w+", lambda match: f"{match[0]} {{{type}}}", self.text)
        )


# From the end of a line to the tag that begins the next.
_LEAD = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\*(?!/)[ \t]*)?(?=@\w)")
_LINE_END = re.compile(r"\r\n|\n|\r")


def _blank(text: str) -> str:
    """Return the empty lines at the end of a piece, which separate it from what follows."""
    start = len(text)
    for end in reversed(list(_LINE_END.finditer(text))):
        if text[end.end() : start].strip(" \t") not in ("", "*"):
            break
        start = end.start()
    return text[len(text[:start].rstrip(" \t")) :] if start < len(text) else ""


def _split(comment: str, style: CommentStyle) -> tuple[list[_Piece], str, str]:
    """Return the pieces of a comment, the lead of a new piece, and what ends it."""
    inside = comment[3:-2].rstrip("*")
    if not re.search(r"[\r\n]", inside):
        words = inside.strip()
        line = f"{style.newline}{style.indent} * " if style.block else " "
        parts = (
            re.split(r"(?<!\s)\s+(?=@(?:param|arg|argument|returns?|type)\b)", words)
            if words
            else []
        )
        return (
            [_Piece(line, part) for part in parts],
            line,
            f"{style.newline}{style.indent} */" if style.block else " */",
        )
    body = inside.rstrip()
    tail = comment[3 + len(body) :]
    leads = list(_LEAD.finditer(body))
    starts = [0, *(lead.start() for lead in leads), len(body)]
    pieces: list[_Piece] = []
    for number, start in enumerate(starts[:-1]):
        text = body[start : starts[number + 1]]
        lead = leads[number - 1].group() if number else re.match(r"[ \t]*(?=@\w)|", text).group()  # pyright: ignore[reportOptionalMemberAccess] the second alternative matches always
        pieces.append(_Piece(lead, text[len(lead) :]))
    if leads:
        line = leads[0].group()
    else:
        inner = re.search(r"(?:\r\n|\n|\r)([ \t]*\*(?!/))|(?:\r\n|\n|\r)([ \t]*)(?=[^\s*])", body)
        if inner is None:
            line = f"{style.newline}{style.indent} * "
        else:
            line = style.newline + (inner[2] if inner[1] is None else f"{inner[1]} ")
    if not re.match(r"\s*[\r\n]", tail):  # text stands before the `*/` on its line
        tail = f"{style.newline}{style.indent} */"
    return pieces, line, tail


def _is_same(piece: _Piece, tag: Tag) -> bool:
    return piece.tag == tag.tag and (tag.tag != "param" or piece.parameter == tag.name)


def _insert(pieces: list[_Piece], tag: Tag, order: Sequence[str], line: str) -> None:
    """Put a new tag behind those of parameters before it, else before those of parameters after it,
    else behind any, else at the end.
    """

    def rank(kind: str, name: str) -> int | None:
        if kind == "returns":
            return len(order)
        root = name.partition(".")[0]
        return order.index(root) if kind == "param" and root in order else None

    own = rank(tag.tag, tag.name)
    ranks = [rank(piece.tag, piece.parameter if piece.tag == "param" else "") for piece in pieces]
    before = [
        i for i, there in enumerate(ranks) if own is not None and there is not None and there <= own
    ]
    after = [
        i for i, there in enumerate(ranks) if own is not None and there is not None and there > own
    ]
    if (
        own is not None and not before and not after
    ):  # tags of parameters that are called otherwise, or of `arguments`
        before = [i for i, piece in enumerate(pieces) if piece.tag == "param"]
    if before:
        at = before[-1] + 1
    elif after:
        at = after[0]
    else:
        at = len(pieces)
    text = str(tag)
    if before:
        piece = pieces[at - 1]
        blank = _blank(piece.text)
        pieces[at - 1] = replace(piece, text=piece.text.removesuffix(blank))
        text += blank
    elif (
        at < len(pieces) and not re.match(r"[\r\n]", pieces[at].lead) and re.match(r"[\r\n]", line)
    ):
        # The tag stands on the comment's first line: the new one takes that place.
        pieces.insert(at, _Piece(pieces[at].lead or " ", text))
        pieces[at + 1] = replace(pieces[at + 1], lead=line)
        return
    pieces.insert(at, _Piece(line, text))
