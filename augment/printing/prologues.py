"""Keeps strings that edits move from becoming directives."""

from __future__ import annotations

from typing import Final

from augment.analysis.effects import prologue_end
from augment.analysis.flow import is_function_body
from augment.printing.layout import Stream
from augment.program.program import Program
from augment.syntax import tokens as t
from augment.syntax.spacing import SHAPED
from augment.syntax.tree import Node

# Flags of the last token of a node that pass to the last token of the code that replaces it.
INHERITED: Final = t.END | t.UNTERMINATED

# Expressions that edits may replace with one of their parts.
_REDUCIBLE: Final = frozenset(
    {"parenthesized_expression", "sequence_expression", "ternary_expression", "binary_expression"}
)

# Ancestors of a string to look at, so that time stays linear in the depth of the tree.
_LEVELS: Final = 64


def has_loose_strings(program: Program) -> bool:
    """Whether a string that is not a directive is a statement, or may become one by edits."""
    directives = program.analysis(_directives)
    return any(
        leaf.first not in directives and _may_stand_alone(leaf) for leaf in program.nodes("string")
    )


def _may_stand_alone(leaf: Node) -> bool:
    """Whether a string is a statement, or edits may reduce a statement to it."""
    parent = leaf.parent
    for _ in range(_LEVELS):
        if parent is None or parent.type not in _REDUCIBLE:
            return parent is not None and parent.type in ("expression_statement", "for_statement")
        if parent.type == "binary_expression" and parent.children[1].type not in ("&&", "||", "??"):
            return False
        parent = parent.parent
    return True


def _directives(program: Program) -> frozenset[int]:
    """Return the numbers of the tokens that are directives (ECMA-262 §11.2.1)."""
    bodies = [block for block in program.nodes("statement_block") if is_function_body(block)]
    return frozenset(
        statement.first
        for body in (program.root, *bodies)
        for statement in body.named[: prologue_end(body)]
    )


def keep_out_of_prologues(program: Program, stream: Stream, paired: bool) -> None:
    """Put parentheses around strings that edits moved to where they would be directives."""
    text, origin = stream.text, stream.origin
    directives = program.analysis(_directives)
    opening = [
        at
        for at, word in enumerate(text)
        if word == "{" and _may_open_function(program, stream, at)
    ]
    found: list[int] = []
    for brace in [-1, *opening]:
        at = brace + 1
        while at < len(text) and text[at].startswith(("'", '"')) and _ends(stream, at):
            if origin[at] not in directives:
                found.append(at)
            at += 2 if text[at + 1 : at + 2] == [";"] else 1
    for at in reversed(found):
        _enclose(stream, at, paired)


def _may_open_function(program: Program, stream: Stream, at: int) -> bool:
    """Whether the brace at `at` may open a function body; any block of a template may."""
    origin = stream.origin[at]
    if origin < 0:
        return stream.flags[at] & t.OPEN != 0
    block = program.tree.leaves[origin].parent
    return block is not None and is_function_body(block)


def _ends(stream: Stream, at: int) -> bool:
    """Whether the token at `at` ends a statement."""
    following = stream.text[at + 1 : at + 2]
    return following in ([], [";"], ["}"]) or stream.flags[at] & INHERITED != 0


def _enclose(stream: Stream, at: int, paired: bool) -> None:
    """Put parentheses around a token that is a whole statement."""
    flags = stream.flags[at]
    inside = flags & ~(t.START | INHERITED)
    stream.text[at : at + 1] = ["(", stream.text[at], ")"]
    stream.flags[at : at + 1] = [
        t.PAREN << 4 | flags & t.START,
        inside,
        t.PAREN | flags & INHERITED,
    ]
    stream.trivia[at : at + 1] = [stream.trivia[at], "", ""]
    if paired:
        stream.pairs[at : at + 1] = [SHAPED] * 3
    stream.origin[at : at + 1] = [-1, stream.origin[at], -1]
    stream.seams = [seam + 2 if seam > at else seam for seam in stream.seams]
    stream.seams += range(at, at + 4)
