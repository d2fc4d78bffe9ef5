"""Comments between tokens: which ones are kept, and how they are laid out."""

from __future__ import annotations

import re
from typing import Final

from augment.printing.style import CommentStyle, Style
from augment.syntax import tokens as t

_LINE_TAIL: Final = re.compile(r"[ \t]+(?=\r?\n)|(?<=\n)[ \t]*\r?\n(?=[ \t]*\r?\n)")

_COMMENT: Final = re.compile(r"//[^\n\r\u2028\u2029]*|/\*.*?\*/", re.DOTALL)

# Comments that bundlers, compilers, linters, coverage tools and licence checkers read.
# `drop-comments` keeps them.
_FOR_TOOLS: Final = re.compile(
    r"^(?:/\*!|///\s*<|//[#@]\s*source)|[#@]__(?:PURE|NO_SIDE_EFFECTS)__|"
    r"@(?:license|preserve|cc_on|lic\b|jsx\w*\s|ts-|vite-ignore|flow|noflow|vitest-|jest-)|"
    r"\bwebpack[A-Z]\w*\s*:|\$FlowFixMe|\b(?:istanbul|c8|v8|node:coverage)\s+ignore|"
    r"^/[/*]\s*(?:eslint|tslint|jshint|jslint|globals?\s|exported\s|"
    r"prettier-ignore|biome-ignore|oxlint|stylelint|deno-|dprint-|#__)"
)


def is_for_tools(comment: str) -> bool:
    """Whether a bundler, compiler, linter or licence checker reads this comment."""
    return _FOR_TOOLS.search(comment) is not None


def comment_for_tools(gap: str) -> str:
    """Return `gap` with only the comments that tools read, or "" if there are none."""
    if not any(is_for_tools(comment) for comment in _COMMENT.findall(gap)):
        return ""
    return _LINE_TAIL.sub("", _COMMENT.sub(_only_for_tools, gap))


def _only_for_tools(match: re.Match[str]) -> str:
    comment = match[0]
    if is_for_tools(comment):
        return comment
    return "\n" if comment.startswith("/*") and "\n" in comment else " "


# Line terminators other than a line feed (ECMA-262 §12.3).
_OTHER_END: Final = re.compile("[\r\u2028\u2029]")


def without_comments(gap: str, index: int, flags: list[int], tools: bool) -> str:
    """Return the white space between two tokens, without the comments.

    Args:
        gap: white space and comments before a token.
        index: index of that token.
        flags: flags of all tokens.
        tools: whether to keep the comments that tools read.
    """
    if flags[index] & t.RIGID:
        return gap
    if tools:
        kept = comment_for_tools(gap)
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
        # A comment with a line break counts as a line break (ECMA-262 §12.4), any other as a space.
        ends = bool(_OTHER_END.search(gap)) and not _OTHER_END.search(bare)
        return hashbang + ("\n" if ends else bare.strip(" ") or " ")
    rows = bare.split("\n")
    blank_line = [""] if "\n\n" in gap and any(not row.strip() for row in rows[1:-1]) else []
    last = rows[-1] if not rows[-1].strip() else rows[-1].lstrip()
    return hashbang + "\n".join(["", *blank_line, last])


def opening(gap: str, comments: CommentStyle, newline: str) -> str:
    """Return the text before the first token: byte order mark, hashbang line, comments."""
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
    """Return the text after the last token, given that of the source."""
    if style.lines == "keep" and style.comments == "keep":
        return tail
    end = style.newline if "\n" in tail else ""
    return "".join(style.newline + comment for comment in _kept(tail, style.comments)) + end


def with_comments(separator: str, gap: str, level: str, one_line: bool) -> str:
    """Insert the comments of `gap` into `separator`.

    Args:
        separator: white space between two tokens, after an optional semicolon.
        gap: the source between the two tokens.
        level: line break and indentation of the next line.
        one_line: whether everything is printed on one line.
    """
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
            woven += level  # otherwise the next token would become part of the comment
    if not last:
        return semicolon + separator
    tail_is_line = woven.endswith(level)
    if "\n" in separator:
        return semicolon + (woven[: -len(level)] if tail_is_line else woven) + separator
    return semicolon + woven + ("" if tail_is_line else " ")
