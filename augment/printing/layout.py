"""Printing a token stream: as it was, or in a style.

Lines are only broken where no grammar production forbids it and no automatic semicolon could slip
in: behind a statement, behind or before the brace of a block, behind a comma (ECMA-262 §12.10 lists
what must not be broken). A statement that relied on automatic semicolon insertion gets its
semicolon, or keeps its line break where the next token could not continue it.
"""

from __future__ import annotations

import re
from typing import Final, Literal, cast

from augment.syntax import tokens as t
from augment.syntax.spacing import ENDS, glues, never_spaced, pair, spaces

CommentStyle = Literal["keep", "tools", "drop"]

# A statement that starts with one of these would continue the line before it; with a brace, after a
# call, in the grammar's eyes only.
_CONTINUES: Final = ("(", "[", "/", "+", "-", "*", ",", ".", "`", "<", "{")


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


class Stream:
    """Tokens on their way to the printer, as parallel lists.

    Attributes:
        text: what is printed.
        flags: see `augment.syntax.tokens`.
        trivia: white space and comments before the token, as in the source or template it came
            from.
        pairs: see `augment.syntax.spacing`; known where a token followed its predecessor in the source or
            template. Empty for a layout as it was.
        origin: number of the source token, or -1 for new code.
        seams: positions whose token did not follow its predecessor in the source.
    """

    __slots__ = ("flags", "origin", "pairs", "seams", "text", "trivia")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.flags: list[int] = []
        self.trivia: list[str] = []
        self.pairs: list[int] = []
        self.origin: list[int] = []
        self.seams: list[int] = []


def separators(stream: Stream, style: Style) -> list[str]:
    """Return what is printed before each token, one entry per token.

    With `style.quote` the text of strings in the stream is changed in place.
    """
    if style.quote:
        _requote(stream, style.quote)
    return _as_written(stream, style) if style.lines == "keep" else _laid_out(stream, style)


# -- as it was
# ----------------------------------------------------------------------------------------------------


def _as_written(stream: Stream, style: Style) -> list[str]:
    trivia, text, flags = stream.trivia[:], stream.text, stream.flags
    if style.comments != "keep":
        tools = style.comments == "tools"
        trivia = [
            gap
            if "/" not in gap and "#" not in gap
            else _without_comments(gap, index, flags, tools)
            for index, gap in enumerate(trivia)
        ]
    for at in dict.fromkeys(stream.seams):
        if at == 0 or at >= len(text):
            continue
        if flags[at - 1] & t.UNTERMINATED and text[at] not in (";", "}"):
            trivia[at] = ";" + (trivia[at] if trivia[at] else " ")
        elif not trivia[at] and not flags[at] & t.RIGID and glues(text[at - 1], text[at]):
            trivia[at] = " "
    return trivia


_COMMENT: Final = re.compile(r"//[^\n\r\u2028\u2029]*|/\*.*?\*/", re.DOTALL)


# Comments with a meaning for bundlers, compilers, linters, coverage and licences: those that
# `drop-comments` keeps.
_FOR_TOOLS: Final = re.compile(
    r"^(?:/\*!|///\s*<|//[#@]\s*source)|[#@]__(?:PURE|NO_SIDE_EFFECTS)__|@(?:license|preserve|cc_on|lic\b|"
    r"jsx\w*\s|ts-|vite-ignore|flow|noflow|vitest-|jest-)|\bwebpack[A-Z]\w*\s*:|\$FlowFixMe|"
    r"\b(?:istanbul|c8|v8|node:coverage)\s+ignore|^/[/*]\s*(?:eslint|tslint|jshint|jslint|globals?\s|exported\s|"
    r"prettier-ignore|biome-ignore|oxlint|stylelint|deno-|dprint-|#__)"
)


_LINE_TAIL: Final = re.compile(r"[ \t]+(?=\r?\n)|(?<=\n)[ \t]*\r?\n(?=[ \t]*\r?\n)")


def is_for_tools(comment: str) -> bool:
    """Whether a bundler, compiler, linter or licence check reads this comment."""
    return _FOR_TOOLS.search(comment) is not None


def _for_tools(gap: str) -> str:
    """Return `gap` with those comments only that tools read, "" if there are none."""
    if not any(is_for_tools(comment) for comment in _COMMENT.findall(gap)):
        return ""
    return _LINE_TAIL.sub("", _COMMENT.sub(_only_for_tools, gap))


def _only_for_tools(match: re.Match[str]) -> str:
    comment = match[0]
    if is_for_tools(comment):
        return comment
    return "\n" if comment.startswith("/*") and "\n" in comment else " "


# What else ends a line (ECMA-262 §12.3).
_OTHER_END: Final = re.compile("[\r\u2028\u2029]")


def _without_comments(gap: str, index: int, flags: list[int], tools: bool) -> str:
    if flags[index] & t.RIGID:
        return gap
    if tools:
        kept = _for_tools(gap)
        if kept:
            return kept
    hashbang = ""
    if index == 0 and gap.startswith("#!"):
        end = gap.find("\n")
        hashbang, gap = (gap, "") if end < 0 else (gap[:end], gap[end:])
    if not _COMMENT.search(gap):
        return hashbang + gap
    bare = _COMMENT.sub(" ", gap)
    if index == 0:
        return hashbang + ("\n" if hashbang else "") + bare.rpartition("\n")[2].lstrip()
    if "\n" not in gap:
        # a comment that spans lines ends a line too (ECMA-262 §12.4); one that does not separates
        # words
        ends = bool(_OTHER_END.search(gap)) and not _OTHER_END.search(bare)
        return hashbang + ("\n" if ends else bare.strip(" ") or " ")
    rows = bare.split("\n")
    blank_line = [""] if "\n\n" in gap and any(not row.strip() for row in rows[1:-1]) else []
    last = rows[-1] if not rows[-1].strip() else rows[-1].lstrip()
    return hashbang + "\n".join(["", *blank_line, last])


# -- in a style
# ---------------------------------------------------------------------------------------------------


def _laid_out(stream: Stream, style: Style) -> list[str]:
    text, flags, trivia, pairs = stream.text, stream.flags, stream.trivia, stream.pairs
    if not text:
        return []
    for at in dict.fromkeys(stream.seams):
        if 0 < at < len(text):
            pairs[at] = pair(text[at - 1], text[at], flags[at - 1], flags[at], trivia[at])
    table = spaces(style.before, style.after)
    out = [table[code] for code in pairs]
    one_line = style.lines == "one"
    newline, unit = style.newline, style.indent
    levels = [newline + unit * depth for depth in range(12)]
    depth = 0
    case_depths: list[
        bool
    ] = []  # for each open brace: whether the statements of a case are indented inside it
    breaks = [(0, 0)]  # tokens at the start of a line, and how deep that is
    out[0] = _opening(trivia[0], style.comments, newline)
    if flags[0] & t.OPEN:
        depth += 1
        case_depths.append(False)
    for index, known in enumerate(out):
        if known is not None:
            continue
        word, flag, gap = text[index], flags[index], trivia[index]
        previous, previous_flags = text[index - 1], flags[index - 1]
        if flag & (t.CLOSE | t.OUT_CLOSE):
            if flag & t.OUT_CLOSE and one_line:
                pass
            else:
                if case_depths and case_depths.pop():
                    depth -= 1
                depth -= 1
        elif flag & t.FIRST_CASE and case_depths and case_depths[-1]:
            depth -= 1
            case_depths[-1] = False
        if flag & t.RIGID:
            separator = gap
        else:
            comments = ""
            if "/" in gap and style.comments != "drop":
                comments = gap if style.comments == "keep" else _for_tools(gap)
            broken = False
            if previous_flags & ENDS or flag & (t.CLOSE | t.OUT_CLOSE):
                broken = not one_line and _breaks(previous_flags, flag)
            # what the printed line ends in: a supplied semicolon stands between the two tokens
            left = previous
            if previous_flags & t.UNTERMINATED and (
                style.semicolons or not broken or _needs_semicolon(word, flag)
            ):
                left = ";"
            elif (
                previous_flags & t.TERMINATOR
                and previous_flags & t.END
                and broken
                and not style.semicolons
                and not _needs_semicolon(word, flag)
            ):
                text[index - 1] = ""
            if (
                broken
                or (flag & t.OPEN and style.brace == "next" and not one_line and previous != "=>")
                or (
                    flag & t.CATEGORY == t.FOLLOW
                    and previous_flags & t.CLOSE
                    and style.follow == "next"
                    and not one_line
                )
            ):
                separator = levels[depth if depth < 12 else 11]
            elif glues(left, word) or (
                table[previous_flags & 0xF0 | flag & 15]
                and not never_spaced(left, word, previous_flags, flag)
            ):
                separator = " "
            else:
                separator = ""
            if left is not previous:
                separator = ";" + separator
            if comments:
                separator = _with_comments(separator, comments, newline + unit * depth, one_line)
        if "\n" in separator:
            breaks.append((index, depth))
        if flag & t.OPEN or (flag & t.SPREAD_OUT and not one_line):
            depth += 1
            case_depths.append(False)
        elif flag & t.LABEL and case_depths and not case_depths[-1]:
            depth += 1
            case_depths[-1] = True
        out[index] = separator
    separators = cast("list[str]", out)
    if style.width and not one_line:
        _wrap(separators, stream, breaks, style.width, levels)
    return separators


def _wrap(
    separators: list[str],
    stream: Stream,
    breaks: list[tuple[int, int]],
    width: int,
    levels: list[str],
) -> None:
    """Break lines that are longer than `width` behind commas."""
    text, flags = stream.text, stream.flags
    ends = [index for index, _ in breaks[1:]] + [len(text)]
    for (first, depth), end in zip(breaks, ends, strict=True):
        start = len(separators[first]) - separators[first].rfind("\n") - 1
        if (
            start + sum(map(len, text[first:end])) + sum(map(len, separators[first + 1 : end]))
            <= width
        ):
            continue
        level = levels[min(depth + 1, 11)]
        column = start + len(text[first])
        for index in range(first + 1, end):
            if column > width and text[index - 1] == "," and not flags[index] & t.RIGID:
                separators[index] = level
                column = len(level.lstrip("\r\n"))
            else:
                column += len(separators[index])
            column += len(text[index])


def _breaks(previous_flags: int, flag: int) -> bool:
    """Whether a line ends between two tokens of which one opens, closes or ends something."""
    if previous_flags & t.OPEN:
        return not flag & t.CLOSE  # an empty block stays closed
    if previous_flags & t.SPREAD_OUT or flag & (t.CLOSE | t.OUT_CLOSE):
        return True
    if flag & t.CATEGORY == t.FOLLOW:
        return (
            False
            if previous_flags & t.CLOSE
            else bool(previous_flags & (t.END | t.TERMINATOR | t.UNTERMINATED))
        )
    return bool(previous_flags & (t.END | t.LABEL | t.TERMINATOR | t.UNTERMINATED))


def _needs_semicolon(word: str, flag: int) -> bool:
    """Whether a statement may not end without a semicolon before this token."""
    if flag & t.CLOSE:
        return False
    # An empty statement would become the semicolon of the statement before it.
    return not flag & t.START or word == ";" or word.startswith(_CONTINUES)


def _opening(gap: str, comments: CommentStyle, newline: str) -> str:
    """What stands before the first token: byte order mark, hashbang line, comments."""
    kept = ""
    if gap.startswith("\ufeff"):
        kept, gap = "\ufeff", gap[1:]
    if gap.startswith("#!"):
        line, _, gap = gap.partition("\n")
        kept += line.rstrip("\r") + newline
    for comment in _kept(gap, comments):
        kept += comment + newline
    return kept


def _kept(gap: str, comments: CommentStyle) -> list[str]:
    """Return the comments of `gap` that are printed."""
    if comments == "drop":
        return []
    return [
        comment.rstrip("\r")
        for comment in _COMMENT.findall(gap)
        if comments == "keep" or is_for_tools(comment)
    ]


def closing(tail: str, style: Style) -> str:
    """Return what is printed behind the last token, given what stood there."""
    if style.lines == "keep" and style.comments == "keep":
        return tail
    end = style.newline if "\n" in tail else ""
    return "".join(style.newline + comment for comment in _kept(tail, style.comments)) + end


def _with_comments(separator: str, gap: str, level: str, one_line: bool) -> str:
    """Weave the comments of `gap` into `separator`."""
    semicolon, separator = (";", separator[1:]) if separator.startswith(";") else ("", separator)
    woven = ""
    last = 0
    for match in _COMMENT.finditer(gap):
        comment = match[0].rstrip("\r")
        own_line = "\n" in gap[last : match.start()] and not one_line and "\n" in separator
        if not woven.endswith(level):
            woven += level if own_line else " "
        woven += comment
        last = match.end()
        if comment.startswith("//"):
            woven += level  # whatever follows would be swallowed
    if not last:
        return semicolon + separator
    tail_is_line = woven.endswith(level)
    if "\n" in separator:
        return semicolon + (woven[: -len(level)] if tail_is_line else woven) + separator
    return semicolon + woven + ("" if tail_is_line else " ")


# -- strings
# ------------------------------------------------------------------------------------------------------


def _requote(stream: Stream, quote: str) -> None:
    text = stream.text
    for index, flag in enumerate(stream.flags):
        if flag & t.QUOTED and text[index][0] != quote:
            inside = text[index][1:-1]
            # An escaped quote would have to change its escape as well: those strings keep theirs.
            if '"' not in inside and "'" not in inside:
                text[index] = quote + inside + quote
