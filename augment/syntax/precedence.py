"""How tightly expressions bind, and what a place in the grammar asks for: who needs parentheses.

Levels follow ECMA-262 chapter 13, from the comma operator (0) to primary expressions. `??` stands
below `||` because the two may not be mixed without parentheses (§13.13).
"""

from __future__ import annotations

from typing import Final

from augment.syntax.tree import Node

SEQUENCE: Final = 0
ASSIGNMENT: Final = 2
TERNARY: Final = 3
COALESCE: Final = 4
BITWISE_OR: Final = 7
UNARY: Final = 16
POSTFIX: Final = 17
NEW: Final = 18
CHAIN: Final = 19
CALL: Final = 20
PRIMARY: Final = 21

BINARY: Final = {
    "??": COALESCE,
    "||": 5,
    "&&": 6,
    "|": BITWISE_OR,
    "^": 8,
    "&": 9,
    "==": 10,
    "!=": 10,
    "===": 10,
    "!==": 10,
    "<": 11,
    ">": 11,
    "<=": 11,
    ">=": 11,
    "instanceof": 11,
    "in": 11,
    "<<": 12,
    ">>": 12,
    ">>>": 12,
    "+": 13,
    "-": 13,
    "*": 14,
    "/": 14,
    "%": 14,
    "**": 15,
}

_OWN: Final = {
    "sequence_expression": SEQUENCE,
    "assignment_expression": ASSIGNMENT,
    "augmented_assignment_expression": ASSIGNMENT,
    "arrow_function": ASSIGNMENT,
    "yield_expression": ASSIGNMENT,
    "spread_element": ASSIGNMENT,
    "ternary_expression": TERNARY,
    "unary_expression": UNARY,
    "await_expression": UNARY,
    "type_assertion": UNARY,
    "as_expression": 11,
    "satisfies_expression": 11,
    "update_expression": POSTFIX,
    "non_null_expression": CALL,
    "call_expression": CALL,
    "member_expression": CALL,
    "subscript_expression": CALL,
}


def precedence(node: Node) -> int:
    """Return how tightly the expression `node` binds."""
    kind = node.type
    if kind == "binary_expression":
        return BINARY[node.children[1].type]
    if kind == "new_expression":
        return CALL if node.field("arguments") is not None else NEW
    if kind in ("call_expression", "member_expression", "subscript_expression") and is_chain(node):
        return CHAIN
    return _OWN.get(kind, PRIMARY)


def is_chain(node: Node) -> bool:
    """Whether `node` is, or ends, an optional chain: in `a?.b.c` the whole is skipped if `a` is
    nullish.
    """
    while node.type in _LINKS:
        children = node.children
        if children[1].type in _OPTIONAL:
            return True
        node = children[0]
    return False


_LINKS: Final = frozenset(
    {"call_expression", "member_expression", "subscript_expression", "non_null_expression"}
)

_OPTIONAL: Final = frozenset({"optional_chain", "?."})


def required(child: Node) -> int:
    """Return how tightly an expression must bind to stand where `child` stands without
    parentheses.
    """
    parent = child.parent
    if parent is None:
        return SEQUENCE
    kind, field = parent.type, child.field_name
    if kind == "binary_expression":
        operator = parent.children[1].type
        level = BINARY.get(operator, SEQUENCE)
        if operator == "??":
            return BITWISE_OR
        if operator == "**":
            return POSTFIX if field == "left" else level
        return level if field == "left" else level + 1
    if kind == "ternary_expression":
        return COALESCE if field == "condition" else ASSIGNMENT
    if kind in ("unary_expression", "await_expression"):
        return UNARY
    if kind == "update_expression":
        return POSTFIX
    if kind in ("member_expression", "subscript_expression"):
        return SEQUENCE if field == "index" else CALL
    if kind == "call_expression":
        return CALL
    if kind == "new_expression":
        return PRIMARY
    if kind in ("class_heritage", "extends_clause", "non_null_expression"):
        return CALL
    if kind in ("as_expression", "satisfies_expression"):
        return 11
    if kind in _ASSIGNMENT_PLACES:
        return ASSIGNMENT
    if kind == "for_in_statement" and field == "right":
        return ASSIGNMENT
    return SEQUENCE


_ASSIGNMENT_PLACES: Final = frozenset(
    {
        "arguments",
        "array",
        "pair",
        "pair_pattern",
        "spread_element",
        "assignment_expression",
        "augmented_assignment_expression",
        "assignment_pattern",
        "object_assignment_pattern",
        "variable_declarator",
        "arrow_function",
        "yield_expression",
        "field_definition",
        "public_field_definition",
        "computed_property_name",
        "export_statement",
        "sequence_expression",
        "enum_assignment",
    }
)
