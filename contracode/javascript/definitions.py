"""Definitions of names that are assigned only once, and expressions that functions return."""

from __future__ import annotations

from augment import Node, Program
from augment.syntax.tree import function_around

_DECLARATIONS = frozenset(
    {
        "class",
        "class_declaration",
        "function_declaration",
        "function_expression",
        "generator_function",
        "generator_function_declaration",
    }
)


def definition(name: Node, program: Program) -> Node | None:
    """Return the function, class or initial value of a name; None if it may have another value."""
    binding = program.scopes.of_node.get(name.index)
    if binding is None or len(binding.declaring) != 1:
        return None
    if any(reference.access != "read" for reference in binding.references):
        return None
    declared = binding.declaring[0]
    around = declared.parent
    if around is None or around.field("name") is not declared:
        return None
    if around.type == "variable_declarator":
        return around.field("value")
    return around if around.type in _DECLARATIONS else None


def returned(program: Program) -> dict[int, list[Node]]:
    """Map the index of a function's node to the expressions that it returns."""
    found: dict[int, list[Node]] = {}
    for node in program.nodes("return_statement"):
        around = function_around(node)
        if around is not None and node.named:
            found.setdefault(around.index, []).append(node.named[0])
    for function in program.functions:
        if function.expression_body:
            found.setdefault(function.node.index, []).append(function.body)
    return found
