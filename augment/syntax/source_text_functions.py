"""Functions whose source text the program looks at: they are left exactly as they are."""

from __future__ import annotations

from typing import Final

from augment.syntax.tree import FUNCTIONS, Node, Tree

_CONVERTING: Final = frozenset({"+", "<", ">", "<=", ">="})

_CLASSES: Final = frozenset({"class", "class_declaration"})


def verbatim_nodes(tree: Tree, text: list[str]) -> list[Node]:
    """Return the functions and classes that stand where they are turned into a string at once
    (ECMA-262 §20.2.3.5).

    That is: as a computed key, as an index, in a template, beside `+` or an ordering, as the
        argument of `String`, or before
    `.toString`.
    """
    return [
        node
        for node in tree.nodes
        if (node.type in FUNCTIONS or node.type in _CLASSES) and _becomes_string(node, text)
    ]


def _becomes_string(node: Node, text: list[str]) -> bool:
    child, parent = node, node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        child, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type in ("computed_property_name", "template_substitution"):
        return True
    if parent.type == "subscript_expression":
        return child.field_name == "index"
    if parent.type == "binary_expression":
        return parent.children[1].type in _CONVERTING
    if parent.type == "member_expression":
        return text[parent.last - 1] == "toString"
    call = parent.parent
    return (
        parent.type == "arguments"
        and call is not None
        and call.children[0].type == "identifier"
        and text[call.first] == "String"
    )
