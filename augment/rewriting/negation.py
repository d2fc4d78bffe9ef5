"""Negations of conditions, in the form that people write."""

from __future__ import annotations

from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.value_kinds import BOOLEAN, kinds
from augment.program.program import Program
from augment.rewriting.templates import Code, expression
from augment.syntax.tree import Node

_NOT: Final = expression("!$value")
_SAME: Final = expression("$value")
# Other comparisons have no opposite: all of them are false for NaN.
_OPPOSITE: Final = {
    "===": expression("$left !== $right"),
    "!==": expression("$left === $right"),
    "==": expression("$left != $right"),
    "!=": expression("$left == $right"),
}


def negated(program: Program, node: Node, tested: bool) -> Code:
    """Return code for the negation of `node`.

    Args:
        program: the program of `node`.
        node: an expression, kept in the code.
        tested: whether only the truth of the result matters at the site, so that the negation of
            `!x` may be `x`.
    """
    inner = unwrap(node)
    if inner.type == "binary_expression" and inner.children[1].type in _OPPOSITE:
        return Code(
            _OPPOSITE[inner.children[1].type],
            {"left": inner.children[0], "right": inner.children[2]},
        )
    if is_negation(inner) and (tested or kinds(program, inner.children[1]) == BOOLEAN):
        return Code(_SAME, {"value": unwrap(inner.children[1])})
    return Code(_NOT, {"value": inner})


def is_negation(node: Node) -> bool:
    """Whether `node` is `!x`."""
    return node.type == "unary_expression" and node.children[0].type == "!"


def is_negative(node: Node) -> bool:
    """Whether `node` is `!x`, `x !== y` or `x != y`, whose opposite contains no negation."""
    return is_negation(node) or (
        node.type == "binary_expression" and node.children[1].type in ("!==", "!=")
    )
