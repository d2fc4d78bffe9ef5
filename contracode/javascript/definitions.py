"""What names of a program stand for, where that is given once and for all; and what functions
return.
"""

from __future__ import annotations

from augment import Node, Program
from augment.syntax.tree import FUNCTIONS

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
    """Return the function, class or initialiser that a name stands for; None where it is given
    elsewhere, or more than once.
    """
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
    """Return for each function, by the index of its node, the expressions that it returns."""
    found: dict[int, list[Node]] = {}
    for node in program.nodes("return_statement"):
        around = node.parent
        while around is not None and around.type not in FUNCTIONS:
            around = around.parent
        if around is not None and node.named:
            found.setdefault(around.index, []).append(node.named[0])
    for function in program.functions:
        if function.expression_body:
            found.setdefault(function.node.index, []).append(function.body)
    return found
