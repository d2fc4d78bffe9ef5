"""The skeleton of a program: its syntax without names, layout and alternative spellings.

Programs that differ in the names of variables, in quotes, braces, parentheses, the form of a loop,
the direction of a comparison or `i++` against `i += 1` have the same skeleton, or nearly. Its
fragments (`contracode.inputs.fragments`) are counted for embeddings.

Labels: `b:+` is a binary operator, `.push` a property, `g:Math` a global name, `v` a variable of
the program, `n:1` a number, `s:key` the beginning of a string, `loop`, `cond`, `fun` and `=` are
what they say.
"""

from __future__ import annotations

from typing import NamedTuple

from augment import Binding, Program
from augment.syntax.tree import FUNCTIONS, Node

STRING = 12
"""Characters of a string in its label."""

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
"""Nodes that are replaced by their children."""

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
"""`SkeletonNode.variable` of all other nodes."""


class SkeletonNode(NamedTuple):
    """A node of a skeleton.

    Attributes:
        label: what it is.
        parts: its children, in order.
        variable: the number of the program's variable that it is; `NOT_A_VARIABLE` otherwise.
    """

    label: str
    parts: tuple[SkeletonNode, ...] = ()
    variable: int = NOT_A_VARIABLE


def skeleton(program: Program) -> SkeletonNode:
    """Return the skeleton of a program."""
    return _Builder(program).build()


class _Builder:
    """Builds a skeleton from the leaves up, however deep the program is.

    A node of the syntax tree becomes any number of nodes of the skeleton.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._found: dict[int, tuple[SkeletonNode, ...]] = {}
        self._numbers: dict[Binding, int] = {}

    def build(self) -> SkeletonNode:
        for node in reversed(self._program.tree.nodes):  # preorder: children come before parents
            if node.is_named:
                self._found[node.index] = self._nodes(node)
        return SkeletonNode("program", self._found[0])

    def _nodes(self, node: Node) -> tuple[SkeletonNode, ...]:
        kind = node.type
        if kind in _SPLICED:
            return self._inside(node)
        if kind in _VARIABLES:
            return self._variable(node)
        if kind == "object_assignment_pattern":
            (pair,) = self._field(node, "left")
            key, variable = pair.parts
            default = SkeletonNode("assignment_pattern", (variable, *self._field(node, "right")))
            return (SkeletonNode(pair.label, (key, default)),)
        if kind in _PROPERTIES:
            return (SkeletonNode(f"p:{self._text(node)}"),)
        if kind in _LOOPS:
            test = SkeletonNode("test", self._field(node, "condition"))
            rest = self._field(node, "body") + self._field(node, "increment")
            return (*self._field(node, "initializer"), SkeletonNode("loop", (test, *rest)))
        if kind in ("if_statement", "ternary_expression"):
            branches = [SkeletonNode(label, self._field(node, field)) for label, field in _BRANCHES]
            return (SkeletonNode("cond", tuple(branches)),)
        if kind in FUNCTIONS:
            return self._function(node)
        if kind == "number":
            return (SkeletonNode(f"n:{self._text(node)}"),)
        if kind == "string":
            return (SkeletonNode(f"s:{self._text(node)[1:-1][:STRING]}"),)
        return _operation(node, self._inside(node))

    def _variable(self, node: Node) -> tuple[SkeletonNode, ...]:
        binding = self._program.scopes.of_node.get(node.index)
        name = self._text(node)
        if binding is None:
            variable = SkeletonNode(f"g:{name}")
        else:
            number = self._numbers.setdefault(binding, len(self._numbers))
            variable = SkeletonNode("v", (), number)
        if node.type not in _SHORTHANDS:
            return (variable,)
        # `{ a }` is spelled `{ a: b }` once the variable has another name.
        return (SkeletonNode(_SHORTHANDS[node.type], (SkeletonNode(f"p:{name}"), variable)),)

    def _function(self, node: Node) -> tuple[SkeletonNode, ...]:
        body = node.field("body")
        nodes = self._field(node, "body")
        if body is not None and body.type != "statement_block":
            nodes = (SkeletonNode("return", nodes),)
        parameters = self._field(node, "parameters") + self._field(node, "parameter")
        return (SkeletonNode("fun", (SkeletonNode("params", parameters), *nodes)),)

    def _field(self, node: Node, name: str) -> tuple[SkeletonNode, ...]:
        child = node.field(name)
        return self._found.get(child.index, ()) if child is not None else ()

    def _inside(self, node: Node) -> tuple[SkeletonNode, ...]:
        return tuple(
            inner for child in node.children if child.is_named for inner in self._found[child.index]
        )

    def _text(self, node: Node) -> str:
        return self._program.text_of[node.first]


def _operation(node: Node, parts: tuple[SkeletonNode, ...]) -> tuple[SkeletonNode, ...]:
    """Return the skeleton of a node of any other kind, from that of its children."""
    kind = node.type
    if kind == "variable_declarator":
        if len(parts) < 2:  # no initial value
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
