"""The shape of a program: what is left of it without names, layout and spelling.

Two programs that differ in what their variables are called, in quotes, braces, brackets, the form
of a loop, the direction of a comparison or `i++` against `i += 1` have the same shape, or nearly.
Its fragments (`contracode.inputs.fragments`) are what the wide part of an encoder counts: invariance by
construction leaves to learning what counting cannot see.

A label is what a part is: `b:+` an operator, `.push` a property, `g:Math` a global name, `v` any
    variable of the program's own, `n:1` a
number, `s:key` the beginning of a string, `loop`, `cond`, `fun`, `=`.
"""

from __future__ import annotations

from typing import NamedTuple

from augment import Binding, Program
from augment.syntax.tree import FUNCTIONS, Node

STRING = 12
"""Characters of a string that its label has."""

_SPLICED = frozenset(
    {
        "arguments",
        "class_body",
        "else_clause",
        "expression_statement",
        "finally_clause",
        "formal_parameters",
        "lexical_declaration",
        "parenthesized_expression",
        "program",
        "sequence_expression",
        "statement_block",
        "template_substitution",
        "variable_declaration",
    }
)
"""Nodes that say nothing themselves: their parts stand in their place."""

_VARIABLES = frozenset(
    {
        "identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "undefined",
    }
)

_PROPERTIES = frozenset(
    {"property_identifier", "private_property_identifier", "statement_identifier"}
)

_LABELS = {
    "return_statement": "return",
    "subscript_expression": "[]",
    "call_expression": "call",
    "new_expression": "new",
    "assignment_expression": "=",
    "spread_element": "spread",
    "regex": "re",
}

_SHORTHANDS = {
    "shorthand_property_identifier": "pair",
    "shorthand_property_identifier_pattern": "pair_pattern",
}

_FLIPPED = {">": "<", ">=": "<="}

_LOOSE = {"===": "==", "!==": "!="}


_LOOPS = frozenset({"for_statement", "while_statement", "do_statement"})

_BRANCHES = (("test", "condition"), ("then", "consequence"), ("else", "alternative"))


NOT_A_VARIABLE = -1
"""`variable` of all other parts."""


class SkeletonNode(NamedTuple):
    """A part of a shape.

    Attributes:
        label: what it is.
        parts: what it is made of, in order.
        variable: where it is a variable of the program's own, which one, from 0 on; -1 otherwise.
    """

    label: str
    parts: tuple[SkeletonNode, ...] = ()
    variable: int = NOT_A_VARIABLE


def skeleton(program: Program) -> SkeletonNode:
    """Return the shape of a program."""
    found: dict[int, tuple[SkeletonNode, ...]] = {}

    def of(node: Node | None) -> tuple[SkeletonNode, ...]:
        return found.get(node.index, ()) if node is not None else ()

    numbers: dict[Binding, int] = {}

    def number(binding: Binding) -> int:
        return numbers.setdefault(binding, len(numbers))

    def inside(node: Node) -> tuple[SkeletonNode, ...]:
        return tuple(
            part for child in node.children if child.is_named for part in found[child.index]
        )

    # In the order of their numbers a node comes before its children: turned round, behind them,
    # however deep they are.
    for node in reversed(program.tree.nodes):
        if not node.is_named:
            continue
        kind = node.type
        if kind in _SPLICED:
            found[node.index] = inside(node)
        elif kind in _VARIABLES:
            binding = program.scopes.of_node.get(node.index)
            name = program.text_of[node.first]
            found[node.index] = (
                SkeletonNode(f"g:{name}")
                if binding is None
                else SkeletonNode("v", (), number(binding)),
            )
            if kind in _SHORTHANDS:  # as it is spelt once the variable is called otherwise
                found[node.index] = (
                    SkeletonNode(
                        _SHORTHANDS[kind], (SkeletonNode(f"p:{name}"), *found[node.index])
                    ),
                )
        elif kind == "object_assignment_pattern":
            (pair,) = of(node.field("left"))
            key, variable = pair.parts
            default = SkeletonNode("assignment_pattern", (variable, *of(node.field("right"))))
            found[node.index] = (SkeletonNode(pair.label, (key, default)),)
        elif kind in _PROPERTIES:
            found[node.index] = (SkeletonNode(f"p:{program.text_of[node.first]}"),)
        elif kind in _LOOPS:
            test = SkeletonNode("test", of(node.field("condition")))
            rest = of(node.field("body")) + of(node.field("increment"))
            found[node.index] = (
                *of(node.field("initializer")),
                SkeletonNode("loop", (test, *rest)),
            )
        elif kind in ("if_statement", "ternary_expression"):
            branches = [SkeletonNode(label, of(node.field(field))) for label, field in _BRANCHES]
            found[node.index] = (SkeletonNode("cond", tuple(branches)),)
        elif kind in FUNCTIONS:
            body = node.field("body")
            done = of(body)
            if body is not None and body.type != "statement_block":
                done = (SkeletonNode("return", done),)
            parameters = of(node.field("parameters")) + of(node.field("parameter"))
            found[node.index] = (SkeletonNode("fun", (SkeletonNode("params", parameters), *done)),)
        elif kind == "number":
            found[node.index] = (SkeletonNode(f"n:{program.text_of[node.first]}"),)
        elif kind == "string":
            found[node.index] = (SkeletonNode(f"s:{program.text_of[node.first][1:-1][:STRING]}"),)
        else:
            found[node.index] = _operation(node, inside(node))
    return SkeletonNode("program", found[0])


def _operation(node: Node, parts: tuple[SkeletonNode, ...]) -> tuple[SkeletonNode, ...]:
    """Return what a node of any other kind comes to, with these parts."""
    kind = node.type
    if kind == "variable_declarator":
        if len(parts) < 2:  # without a value it says nothing
            return ()
        return parts[1:] if parts[1].label == "fun" else (SkeletonNode("=", parts),)
    if kind == "binary_expression":
        operator = _operator(node)
        if operator in _FLIPPED:
            operator, parts = _FLIPPED[operator], parts[::-1]
        return (SkeletonNode(f"b:{_LOOSE.get(operator, operator)}", parts),)
    if kind == "unary_expression":
        operator = _operator(node)
        if operator == "!" and parts and parts[0].label == "b:==":
            return (SkeletonNode("b:!=", parts[0].parts),)
        return (SkeletonNode(f"u:{operator}", parts),)
    if kind in ("augmented_assignment_expression", "update_expression") and parts:
        operands = parts if kind[0] == "a" else (parts[0], SkeletonNode("n:1"))
        return (SkeletonNode("=", (parts[0], SkeletonNode(f"b:{_operator(node)[:-1]}", operands))),)
    if kind == "member_expression" and len(parts) > 1:
        return (SkeletonNode(f".{parts[-1].label[2:]}", parts[:-1]),)
    if kind == "template_string":
        return (SkeletonNode("b:+", parts),) if parts else (SkeletonNode("s:"),)
    if kind == "for_in_statement":
        return (SkeletonNode("each of" if node.has("of") else "each in", parts),)
    if kind in ("string_fragment", "escape_sequence", "empty_statement"):
        return ()
    return (SkeletonNode(_LABELS.get(kind, kind), parts),)


def _operator(node: Node) -> str:
    return next((child.type for child in node.children if child.field_name == "operator"), "")
