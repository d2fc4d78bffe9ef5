"""Where a name is declared, and how: as a parameter, by a declarator, or within a pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from augment import Node, Program

ParameterForm = Literal["simple", "default", "rest", "destructured"]
"""How a name is declared; destructured names cannot be annotated."""

_PATTERN_PARTS = frozenset(
    {"pair_pattern", "object_pattern", "assignment_pattern", "object_assignment_pattern"}
)

_PATTERNS = frozenset({"pair_pattern", "object_pattern", "array_pattern"})


@dataclass(slots=True)
class Declaration:
    """The declaration of a name.

    Attributes:
        holder: the parameter, declarator or loop that contains the patterns.
        form: how the name is declared.
        value: the initial value, if there is one.
    """

    holder: Node
    form: ParameterForm
    value: Node | None


def declaration_of(name: Node) -> Declaration | None:
    """Return the declaration of a declaring identifier; None if nothing declares it."""
    form: ParameterForm = "simple"
    value: Node | None = None
    child, around = name, name.parent
    while around is not None:
        if around.type in ("assignment_pattern", "object_assignment_pattern"):
            if value is None and form != "destructured":
                value, form = around.field("right"), "default"
        elif around.type == "rest_pattern":
            form = "rest" if form == "simple" else form
        elif around.type in _PATTERNS:
            form = "destructured"
        elif around.type in ("required_parameter", "optional_parameter"):
            default = around.field("value")
            if default is not None and form == "simple":
                form, value = "default", default
            return Declaration(around, form, value)
        elif around.type == "variable_declarator":
            return Declaration(around, form, around.field("value") if form == "simple" else value)
        elif around.type == "for_in_statement":
            return Declaration(around, form, value)
        elif around.type in ("formal_parameters", "arrow_function"):
            return Declaration(child, form, value)
        else:
            return None
        child, around = around, around.parent
    return None


def property_path(name: Node, program: Program) -> tuple[str, ...] | None:
    """Return the path of properties from an object pattern to a name.

    None if the path leads through an array, a rest element or a computed key.
    """
    path: list[str] = []
    around = name.parent
    if name.type == "shorthand_property_identifier_pattern":
        path.append(program.name_of(name))
    while around is not None and around.type in _PATTERN_PARTS:
        if around.type == "pair_pattern":
            key = around.field("key")
            if key is None or key.type != "property_identifier":
                return None
            path.append(program.name_of(key))
        around = around.parent
    if around is None or around.type in ("array_pattern", "rest_pattern"):
        return None
    return tuple(reversed(path)) or None


def is_ambient(node: Node) -> bool:
    """Return whether a node only declares something: it is abstract, or inside `declare`."""
    if node.has("declare") or node.has("abstract"):
        return True
    around: Node | None = node
    while around is not None:
        if around.type == "ambient_declaration":
            return True
        around = around.parent
    return False
