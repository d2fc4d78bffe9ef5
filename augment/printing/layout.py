"""Printing a token stream: as it was, or in a style.

Lines are only broken where no grammar production forbids it and no automatic semicolon could slip
in: behind a statement, behind or before the brace of a block, behind a comma (ECMA-262 §12.10 lists
what must not be broken). A statement that relied on automatic semicolon insertion gets its
semicolon, or keeps its line break where the next token could not continue it.
"""

from __future__ import annotations

from typing import Final, cast

from augment.printing.comments import comment_for_tools, opening, with_comments, without_comments
from augment.printing.style import Style
from augment.syntax import tokens as t
from augment.syntax.spacing import ENDS, glues, never_spaced, pair, spaces

# A statement that starts with one of these would continue the line before it; with a brace, after a
# call, in the grammar's eyes only.
_CONTINUES: Final = ("(", "[", "/", "+", "-", "*", ",", ".", "`", "<", "{")


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


def _as_written(stream: Stream, style: Style) -> list[str]:
    trivia, text, flags = stream.trivia[:], stream.text, stream.flags
    if style.comments != "keep":
        tools = style.comments == "tools"
        trivia = [
            gap if "/" not in gap and "#" not in gap else without_comments(gap, index, flags, tools)
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


def _laid_out(stream: Stream, style: Style) -> list[str]:
    if not stream.text:
        return []
    text, flags, pairs = stream.text, stream.flags, stream.pairs
    for at in dict.fromkeys(stream.seams):
        if 0 < at < len(text):
            pairs[at] = pair(text[at - 1], text[at], flags[at - 1], flags[at], stream.trivia[at])
    printer = _Printer(stream, style)
    # None: what stands there depends on the lines around it
    known = [printer.table[code] for code in pairs]
    known[0] = opening(stream.trivia[0], style.comments, style.newline)
    if flags[0] & t.OPEN:
        printer.indent()
    for index, separator in enumerate(known):
        if separator is None:
            known[index] = printer.separator(index)
    separators = cast("list[str]", known)
    if style.width and style.lines != "one":
        _wrap(separators, stream, printer.breaks, style.width, printer.levels)
    return separators


class _Printer:
    """The place in a program that is laid out: how deep it is, and where its lines start.

    Attributes:
        table: what separates two tokens, by their pair; None where that depends on the lines.
        levels: line separator and indentation by depth.
        breaks: tokens at the start of a line, each with how deep it is.
    """

    def __init__(self, stream: Stream, style: Style) -> None:
        self.stream = stream
        self.style = style
        self.table = spaces(style.before, style.after)
        self.levels = [style.newline + style.indent * depth for depth in range(12)]
        self.breaks = [(0, 0)]
        self._one_line = style.lines == "one"
        self._depth = 0
        # for each open brace: whether the statements of a case are indented inside it
        self._cases: list[bool] = []

    def indent(self) -> None:
        """Enter a brace."""
        self._depth += 1
        self._cases.append(False)

    def separator(self, index: int) -> str:
        """Return what stands before a token, and go behind it."""
        flag = self.stream.flags[index]
        if flag & (t.CLOSE | t.OUT_CLOSE):
            if not (flag & t.OUT_CLOSE and self._one_line):
                if self._cases and self._cases.pop():
                    self._depth -= 1
                self._depth -= 1
        elif flag & t.FIRST_CASE and self._cases and self._cases[-1]:
            self._depth -= 1
            self._cases[-1] = False
        separator = self.stream.trivia[index] if flag & t.RIGID else self._spaced(index, flag)
        if "\n" in separator:
            self.breaks.append((index, self._depth))
        if flag & t.OPEN or (flag & t.SPREAD_OUT and not self._one_line):
            self.indent()
        elif flag & t.LABEL and self._cases and not self._cases[-1]:
            self._depth += 1
            self._cases[-1] = True
        return separator

    def _spaced(self, index: int, flag: int) -> str:
        stream, style = self.stream, self.style
        word, gap = stream.text[index], stream.trivia[index]
        previous, before = stream.text[index - 1], stream.flags[index - 1]
        comments = ""
        if "/" in gap and style.comments != "drop":
            comments = gap if style.comments == "keep" else comment_for_tools(gap)
        broken = False
        if before & ENDS or flag & (t.CLOSE | t.OUT_CLOSE):
            broken = not self._one_line and _breaks(before, flag)
        # what the printed line ends in: a supplied semicolon stands between the two tokens
        left = previous
        if before & t.UNTERMINATED and (
            style.semicolons or not broken or _needs_semicolon(word, flag)
        ):
            left = ";"
        elif (
            before & t.TERMINATOR
            and before & t.END
            and broken
            and not style.semicolons
            and not _needs_semicolon(word, flag)
        ):
            stream.text[index - 1] = ""
        if broken or (not self._one_line and self._on_next_line(previous, before, flag)):
            separator = self.levels[min(self._depth, len(self.levels) - 1)]
        elif glues(left, word) or (
            self.table[before & 0xF0 | flag & 15] and not never_spaced(left, word, before, flag)
        ):
            separator = " "
        else:
            separator = ""
        if left is not previous:
            separator = ";" + separator
        if comments:
            level = style.newline + style.indent * self._depth
            separator = with_comments(separator, comments, level, self._one_line)
        return separator

    def _on_next_line(self, previous: str, before: int, flag: int) -> bool:
        """Whether the style puts a brace, `else` or its like on a line of its own."""
        if flag & t.OPEN and self.style.brace == "next" and previous != "=>":
            return True
        return (
            flag & t.CATEGORY == t.FOLLOW and before & t.CLOSE != 0 and self.style.follow == "next"
        )


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
