"""Spaces between two tokens: where one must stand, where none may, and where a style decides.

That depends on two neighbours alone, and most neighbours of a view are neighbours of its source or
of a template. So each table of tokens says it once, as one small number a token, and a style turns
the numbers into spaces by a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from augment.syntax import tokens as t

# A pair below 256 has two spacing categories, behind its first token and before its second: a style
# decides.
APART: Final = 256  # a space: the two would be read as something else
TOGETHER: Final = 257  # no style puts a space here
# a line may end here, a comment stands here, or the text between is content: asked of the layout
SHAPED: Final = 258

# Tokens without these are only spaced, unless the one before has one of `ENDS`.
_SHAPING: Final = t.OPEN | t.CLOSE | t.OUT_CLOSE | t.FIRST_CASE | t.RIGID | t.SPREAD_OUT | t.LABEL

# Behind a token with one of these a line may end.
ENDS: Final = t.OPEN | t.CLOSE | t.END | t.UNTERMINATED | t.LABEL | t.SPREAD_OUT | t.TERMINATOR


def pair(left: str, right: str, left_flags: int, flags: int, gap: str) -> int:
    """Return what stands between two tokens: a pair of categories, APART, TOGETHER or SHAPED.

    Args:
        left: the first token.
        right: the second.
        left_flags: see `augment.syntax.tokens`.
        flags: of the second.
        gap: white space and comments that stood before the second.
    """
    if flags & _SHAPING or left_flags & ENDS or "/" in gap:
        return SHAPED
    if glues(left, right):
        return APART
    if right[:1] in _CLOSERS and never_spaced(left, right, left_flags, flags):
        return TOGETHER
    return left_flags & 0xF0 | flags & 15


def pairs(text: Sequence[str], flags: Sequence[int], trivia: Sequence[str]) -> list[int]:
    """Return the pair of each token with the one before; the first is SHAPED."""
    found = [SHAPED]
    found += map(pair, text, text[1:], flags, flags[1:], trivia[1:])
    return found[: len(text)]


@lru_cache(maxsize=1024)
def spaces(before: frozenset[int], after: frozenset[int]) -> list[str | None]:
    """Return, for each pair, what a style puts between, None for SHAPED.

    Args:
        before: spacing categories with a space before them.
        after: spacing categories with a space after them.
    """
    table: list[str | None] = [
        " " if code & 15 in before or code >> 4 in after else "" for code in range(256)
    ]
    return [*table, " ", "", None]


def glues(left: str, right: str) -> bool:
    """Whether two tokens printed without a space would be read as something else."""
    ends = left[-1:] + right[:1]
    known = _KNOWN.get(ends)
    if known is not None:
        return known
    known = _glue(left[-1:], right[:1])
    if ends[:1] == "/":
        # a regular expression would swallow the next word as its flags
        return known or (len(left) > 1 and (ends[1:].isalnum() or ends[1:] in "_$"))
    if ends[1:] == "." and ends[:1].isdigit():
        return (
            left[0] in ".0123456789"
        )  # a number would take the dot, a name that ends in a digit does not
    if len(ends) == 2 and ends.isascii():
        _KNOWN[ends] = known
    return known


def _glue(a: str, b: str) -> bool:
    if (a.isalnum() or a in "_$\\" or a > "\x7f") and (b.isalnum() or b in "_$\\#@" or b > "\x7f"):
        return True
    return a + b in _GLUED or (a.isdigit() and b == ".")


_KNOWN: Final[dict[str, bool]] = {}
"""Pairs of characters seen so far, but for those that need more than two characters: at most those
of ASCII.
"""

_GLUED: Final = frozenset(
    {"++", "--", "//", "/*", "<!", "->", "</", ">>", ">=", "**", "&&", "||", "??", "==", "=>", "?."}
)


def never_spaced(left: str, right: str, left_flags: int, flags: int) -> bool:
    """Where no style puts a space: `{}`, `[]`, `()`, before a comma or semicolon, behind a keyword
    that ends its statement.
    """
    if right in (";", ",") or (left == ";" and right == ")"):
        return True
    if left in ("{", "[", "(") and right in ("}", "]", ")"):
        return True
    if right in (".", "?."):
        return True
    if left_flags >> 4 & 15 == t.WORD and right in (")", "]", "}", ":"):
        return True
    return flags & 15 == t.OBJECT and right == "}" and left == "{"


# What `never_spaced` looks for starts with one of these.
_CLOSERS: Final = frozenset(";,)]}:.?")
