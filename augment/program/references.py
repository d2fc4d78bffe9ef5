"""Identifiers that refer to variables, and whether they read or write them."""

from __future__ import annotations

import re
from typing import Final, Literal

from augment.program.scope import Binding, BindingKind
from augment.syntax.tree import Node

# Names that the language itself gives a meaning to, or that scripts and bundlers look for by name.
SPECIAL_NAMES: Final = frozenset(
    {
        "arguments",
        "eval",
        "undefined",
        "NaN",
        "Infinity",
        "this",
        "__proto__",
        "let",
        "async",
        "of",
        "await",
        "yield",
    }
)


REFERENCE_TYPES: Final = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)


DECLARATORS: Final[dict[str, BindingKind]] = {
    "var": "var",
    "let": "let",
    "const": "const",
    "using": "const",
    "await": "const",
}


def has_use_strict(body: Node, text: list[str]) -> bool:
    """Whether a directive prologue says "use strict" (ECMA-262 §11.2.1)."""
    for statement in body.children:
        if statement.type == "{":
            continue
        if statement.type != "expression_statement" or statement.children[0].type != "string":
            return False
        if text[statement.first][1:-1] == "use strict":
            return True
    return False


def is_reference(node: Node) -> bool:
    """Whether an undeclared identifier leaf is a use of a variable at all."""
    parent = node.parent
    if parent is None:
        return False
    kind = parent.type
    if kind in ("export_specifier", "import_specifier"):
        if node.field_name == "alias" or kind == "import_specifier":
            return False
        statement = parent.parent and parent.parent.parent
        return statement is None or statement.field("source") is None
    if kind == "namespace_export":
        return False
    if kind in ("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"):
        return True  # an intrinsic tag (`div`) finds no binding, a component does
    return kind not in (
        "jsx_namespace_name",
        "index_signature",
        "property_signature",
        "enum_body",
        "meta_property",
    )


_WRITES: Final = frozenset({"object_pattern", "array_pattern", "rest_pattern", "pair_pattern"})


def access_of(node: Node) -> Literal["read", "write", "readwrite"]:
    """How the use at `node` touches its variable."""
    child, parent = node, node.parent
    if node.type == "shorthand_property_identifier_pattern":
        return "write"
    while parent is not None and parent.type in ("parenthesized_expression", "non_null_expression"):
        child, parent = parent, parent.parent
    if parent is None:
        return "read"
    if parent.type == "update_expression":
        return "readwrite"
    if parent.type == "augmented_assignment_expression":
        return "readwrite" if child.field_name == "left" else "read"
    if parent.type in (
        "assignment_expression",
        "assignment_pattern",
        "object_assignment_pattern",
        "for_in_statement",
    ):
        return "write" if child.field_name == "left" else "read"
    if parent.type == "pair_pattern":
        return "write" if child.field_name == "value" else "read"
    return "write" if parent.type in _WRITES else "read"


def is_exported(node: Node, binding: Binding) -> bool:
    """Whether the declaration at `node` is `export const x`, `export function x` and their like."""
    outer = node.parent
    while outer is not None and outer.type in (
        "variable_declarator",
        "object_pattern",
        "array_pattern",
        "pair_pattern",
        "rest_pattern",
        "object_assignment_pattern",
        "assignment_pattern",
    ):
        outer = outer.parent
    if outer is None or binding.kind in (
        "parameter",
        "import",
        "catch",
        "function-name",
        "class-name",
    ):
        return False
    statement = outer.parent
    return (
        statement is not None
        and statement.type == "export_statement"
        and outer.field_name == "declaration"
        and not statement.has("default")
    )


_ESCAPE: Final = re.compile(r"\\u(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{4}))")


def without_escapes(name: str) -> str:
    """Return the name that an identifier with escapes spells (ECMA-262 §12.7)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), name)
