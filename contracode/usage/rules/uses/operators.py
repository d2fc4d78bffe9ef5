"""Arithmetic needs numbers; `+` takes a string from the other side for one too."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use

_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^"})

_NUMERIC = frozenset({"number", "bigint", "object"})
"""An object because dates can be subtracted."""


@on_use("binary_expression", "augmented_assignment_expression")
def operators(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find the type that an operator needs."""
    if len(parent.children) != 3:
        return
    left, operator, right = parent.children
    sign = operator.type
    if parent.type == "augmented_assignment_expression":
        sign = sign[:-1]
    other = right if left is use else left
    if sign in _ARITHMETIC:
        yield Finding("number", "operators", f"an operand of `{operator.type}`")
        yield Limit(_NUMERIC, f"it is an operand of `{operator.type}`")
    elif sign == "+":
        other_type = types.of(other)
        if other_type == "number" and not _is_in_text(parent, types):
            yield Finding("number", "added", "added to a number")
        elif other_type == "string":
            yield Finding("string", "concatenated", "joined to a string")
    elif sign in ("<", ">", "<=", ">="):
        other_type = types.of(other)
        if other_type in ("number", "bigint"):
            yield Finding(other_type, "compared", f"compared with a {other_type}")


@on_use("update_expression")
def counted(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find a number where an expression is counted."""
    yield Finding("number", "operators", "counted up or down")
    yield Limit(frozenset({"number", "bigint"}), "it is counted up or down")


@on_use("unary_expression")
def negated(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find a number where an expression is negated."""
    if parent.children[0].type == "-":
        yield Finding("number", "operators", "negated")
        yield Limit(_NUMERIC, "it is negated")


def _is_in_text(node: Node, types: ExpressionTypes) -> bool:
    """Whether a sum is part of a longer one with a string: `a + 1 + "px"`."""
    around = node.parent
    while around is not None and around.type == "binary_expression" and around.has("+"):
        if any(types.of(side) == "string" for side in (around.children[0], around.children[2])):
            return True
        around = around.parent
    return False
