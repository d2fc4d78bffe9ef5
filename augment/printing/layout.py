"""The text between the tokens of a stream: as written, or in a style.

Lines are broken only where the grammar allows it and no semicolon would be inserted automatically:
after a statement, before or after the brace of a block, and after a comma (ECMA-262 §12.10 lists
the places where a line break is forbidden or ends a statement). A statement that relied on
automatic semicolon insertion gets its semicolon, or keeps its line break if the next token cannot
continue it.
"""

from __future__ import annotations

from typing import Final, cast

from augment.printing.comments import comment_for_tools, opening, with_comments, without_comments
from augment.printing.style import Style
from augment.syntax import tokens as t
from augment.syntax.spacing import ENDS, glues, never_spaced, pair, spaces

# A statement that starts with one of these would continue a statement without a semicolon. A brace
# does so only in tree-sitter's grammar, after a call.
_CONTINUES: Final = ("(", "[", "/", "+", "-", "*", ",", ".", "`", "<", "{")

# Deeper code is indented no further.
_LEVELS: Final = 12


class Stream:
    """The tokens of a view, as parallel lists.

    Attributes:
        text: text of each token.
        flags: see `augment.syntax.tokens`.
        trivia: white space and comments before each token, as in its source or template.
        pairs: see `augment.syntax.spacing`; valid except at seams. Empty if the layout is kept.
        origin: number of the token in the source, or -1 for new code.
        seams: indices of tokens that do not follow their predecessor of the source or template.
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
    """Return the text before each token, one entry per token.

    If `style.quote` is set, this changes the quotes of strings in the stream, in place.
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
    # None: the separator depends on the lines around it
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
    """Finds the separators that depend on lines; holds the nesting depth and the line starts.

    Attributes:
        table: separator of two tokens by their pair, None if it depends on the lines.
        levels: line break and indentation, by depth.
        breaks: first token of each line, with its depth.
    """

    def __init__(self, stream: Stream, style: Style) -> None:
        self.stream = stream
        self.style = style
        self.table = spaces(style.before, style.after)
        self.levels = [style.newline + style.indent * depth for depth in range(_LEVELS)]
        self.breaks = [(0, 0)]
        self._one_line = style.lines == "one"
        self._next_lines = not self._one_line and "next" in (style.brace, style.follow)
        self._depth = 0
        # For each open brace: whether the statements of a `case` are indented in it.
        self._cases: list[bool] = []

    def indent(self) -> None:
        """Enter a brace."""
        self._depth += 1
        self._cases.append(False)

    def separator(self, index: int) -> str:
        """Return the separator before a token. Call it with increasing indices."""
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
        # The end of the printed line: a supplied semicolon comes between the two tokens.
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
        if broken or (self._next_lines and self._on_next_line(previous, before, flag)):
            separator = self.levels[self._depth if self._depth < _LEVELS else _LEVELS - 1]
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
        """Whether the style puts this brace, `else`, `catch` or `finally` on a line of its own."""
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
    """Break lines that are longer than `width` after commas."""
    text, flags = stream.text, stream.flags
    ends = [index for index, _ in breaks[1:]] + [len(text)]
    for (first, depth), end in zip(breaks, ends, strict=True):
        start = len(separators[first]) - separators[first].rfind("\n") - 1
        if (
            start + sum(map(len, text[first:end])) + sum(map(len, separators[first + 1 : end]))
            <= width
        ):
            continue
        level = levels[min(depth + 1, _LEVELS - 1)]
        column = start + len(text[first])
        for index in range(first + 1, end):
            if column > width and text[index - 1] == "," and not flags[index] & t.RIGID:
                separators[index] = level
                column = len(level.lstrip("\r\n"))
            else:
                column += len(separators[index])
            column += len(text[index])


def _breaks(previous_flags: int, flag: int) -> bool:
    """Whether a line ends between two tokens, one of which opens, closes or ends something."""
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
    """Whether a statement must end in a semicolon before this token."""
    if flag & t.CLOSE:
        return False
    # The semicolon of an empty statement would otherwise end the statement before it.
    return not flag & t.START or word == ";" or word.startswith(_CONTINUES)


def _requote(stream: Stream, quote: str) -> None:
    """Change the quotes of strings, in place."""
    text = stream.text
    for index, flag in enumerate(stream.flags):
        if flag & t.QUOTED and text[index][0] != quote:
            inside = text[index][1:-1]
            # Quotes inside would need other escapes, so these strings stay as they are.
            if '"' not in inside and "'" not in inside:
                text[index] = quote + inside + quote
