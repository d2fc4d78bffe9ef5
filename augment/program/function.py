"""Functions of a source, as a programmer sees them."""

from __future__ import annotations

from typing import Literal

from augment.program.facts import ProgramFacts
from augment.program.scope import Binding
from augment.syntax.tree import Node

FunctionKind = Literal["function", "arrow", "method", "getter", "setter", "constructor"]


class Function:
    """A function-like of the source, seen as a programmer sees it.

    Attributes:
        node: its syntax.
        kind: what it is; object and class methods are both `method`.
        name: what a reader would call it: its own name, its property, or the variable or property
            it is assigned to; else None.
        name_span: bytes of that name.
        parameters: one node per parameter (TypeScript: the `required_parameter`s and
            `optional_parameter`s).
        parameters_end: byte offset behind the closing parenthesis, or behind the sole identifier of
            an arrow.
        body: the block, or the expression of an arrow.
        outer: the function around it.
    """

    __slots__ = (
        "_program",
        "body",
        "kind",
        "name",
        "name_span",
        "node",
        "outer",
        "parameters",
        "parameters_end",
    )

    def __init__(self, program: ProgramFacts, node: Node, outer: Function | None) -> None:
        self._program = program
        self.node = node
        self.outer = outer
        body = node.field("body")
        assert body is not None
        self.body = body
        listed = node.field("parameters")
        if listed is not None:
            self.parameters = [child for child in listed.named if child.type != "this"]
            self.parameters_end = listed.end
        else:
            sole = node.field("parameter")
            assert sole is not None
            self.parameters = [sole]
            self.parameters_end = sole.end
        name = _name_node(node)
        self.name = None if name is None else program.name_of(name)
        self.name_span = None if name is None else name.span
        self.kind: FunctionKind = _function_kind(node, self.name)

    @property
    def is_async(self) -> bool:
        """Whether it is declared `async`."""
        return self.node.has("async")

    @property
    def is_generator(self) -> bool:
        """Whether it is declared with `*`."""
        return "generator" in self.node.type or self.node.has("*")

    @property
    def expression_body(self) -> bool:
        """Whether the body is an expression (arrows only)."""
        return self.body.type != "statement_block"

    @property
    def bindings(self) -> list[Binding]:
        """The bindings of its parameters, in source order."""
        found: list[Binding] = []
        for parameter in self.parameters:
            for node in self._program.tree.nodes[parameter.index : parameter.stop]:
                binding = self._program.scopes.of_node.get(node.index)
                if binding is not None and node in binding.declaring and binding not in found:
                    found.append(binding)
        return found

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name or ''} {self.node.start}:{self.node.end}>"


def _name_node(function: Node) -> Node | None:
    """Return the identifier, property name or string that names `function` for a reader."""
    name = function.field("name")
    if name is not None:
        return None if name.type == "computed_property_name" else name
    child, parent = function, function.parent
    while parent is not None and parent.type == "parenthesized_expression":
        child, parent = parent, parent.parent
    if parent is None:
        return None
    target: Node | None = None
    if parent.type == "variable_declarator" and child.field_name == "value":
        target = parent.field("name")
    elif parent.type == "assignment_expression" and child.field_name == "right":
        target = parent.field("left")
    elif parent.type == "pair" and child.field_name == "value":
        target = parent.field("key")
    elif (
        parent.type in ("field_definition", "public_field_definition")
        and child.field_name == "value"
    ):
        target = parent.field("property") or parent.field("name")
    elif (
        parent.type in ("assignment_pattern", "object_assignment_pattern")
        and child.field_name == "right"
    ):
        target = parent.field("left")
    if target is not None and target.type == "member_expression":
        target = target.field("property")
    if target is not None and target.type in (
        "identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier_pattern",
        "string",
    ):
        return target
    return None


def _function_kind(node: Node, name: str | None) -> FunctionKind:
    if node.type == "arrow_function":
        return "arrow"
    if node.type != "method_definition":
        return "function"
    if node.has("get"):
        return "getter"
    if node.has("set"):
        return "setter"
    in_class = node.parent is not None and node.parent.type == "class_body"
    return (
        "constructor" if in_class and name == "constructor" and not node.has("static") else "method"
    )
