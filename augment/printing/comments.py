"""Comments between tokens: which stay, and how they are laid out."""

from __future__ import annotations

import re
from typing import Final

from augment.printing.style import CommentStyle, Style
from augment.syntax import tokens as t

_LINE_TAIL: Final = re.compile(r"[ \t]+(?=\r?\n)|(?<=\n)[ \t]*\r?\n(?=[ \t]*\r?\n)")


_COMMENT: Final = re.compile(r"//[^\n\r\u2028\u2029]*|/\*.*?\*/", re.DOTALL)


# Comments with a meaning for bundlers, compilers, linters, coverage and licences: those that
# `drop-comments` keeps.
_FOR_TOOLS: Final = re.compile(
    r"^(?:/\*!|///\s*<|//[#@]\s*source)|[#@]__(?:PURE|NO_SIDE_EFFECTS)__|@(?:license|preserve|cc_on|lic\b|"
    r"jsx\w*\s|ts-|vite-ignore|flow|noflow|vitest-|jest-)|\bwebpack[A-Z]\w*\s*:|\$FlowFixMe|"
    r"\b(?:istanbul|c8|v8|node:coverage)\s+ignore|^/[/*]\s*(?:eslint|tslint|jshint|jslint|globals?\s|exported\s|"
    r"prettier-ignore|biome-ignore|oxlint|stylelint|deno-|dprint-|#__)"
)


def is_for_tools(comment: str) -> bool:
    """Whether a bundler, compiler, linter or licence check reads this comment."""
    return _FOR_TOOLS.search(comment) is not None


def comment_for_tools(gap: str) -> str:
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


def without_comments(gap: str, index: int, flags: list[int], tools: bool) -> str:
    """Return the white space between two tokens without its comments.

    Args:
        gap: white space and comments before a token.
        index: number of the token.
        flags: of all tokens.
        tools: whether comments stay that tools read.
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
        # a comment that spans lines ends a line too (ECMA-262 §12.4); one that does not separates
        # words
        ends = bool(_OTHER_END.search(gap)) and not _OTHER_END.search(bare)
        return hashbang + ("\n" if ends else bare.strip(" ") or " ")
    rows = bare.split("\n")
    blank_line = [""] if "\n\n" in gap and any(not row.strip() for row in rows[1:-1]) else []
    last = rows[-1] if not rows[-1].strip() else rows[-1].lstrip()
    return hashbang + "\n".join(["", *blank_line, last])


def opening(gap: str, comments: CommentStyle, newline: str) -> str:
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


def with_comments(separator: str, gap: str, level: str, one_line: bool) -> str:
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
