"""Statements that may be the body of an `if`, `else` or loop without braces."""

from __future__ import annotations

from typing import Final

from augment.rewriting.templates import Body, Code, Run, Template
from augment.syntax import tokens as t
from augment.syntax.tree import Node

DECLARATIONS: Final = frozenset(
    {
        "lexical_declaration",
        "class_declaration",
        "function_declaration",
        "generator_function_declaration",
        "using_declaration",
    }
)


def stands_alone(template: Template, before_else: bool) -> bool:
    """Whether `template` may be the body of an `if`, `else` or loop without braces."""
    if not template.text or any(
        slot.kind == "statement" and slot.is_all(template) for slot in template.slots
    ):
        return False
    return template.simple or (template.single and not before_else)


def is_expression(fill: Node | Body | Run | tuple[Code, ...]) -> bool:
    """Whether the fill of a statement slot is an expression, which becomes a statement."""
    if isinstance(fill, Node):
        return not fill.type.endswith(("_statement", "_declaration", "statement_block"))
    return isinstance(fill, tuple) and len(fill) == 1 and not fill[0].template.is_statement


def is_before_else(statement: Node) -> bool:
    """Whether an `else` follows `statement`, so that an `if` at its end would capture it.

    Source: ECMA-262 §14.6.
    """
    child, parent = statement, statement.parent
    while parent is not None and parent.type in t.SINGLE_PARENTS:
        if child.field_name == "consequence" and parent.field("alternative") is not None:
            return True
        if parent.last != child.last:
            return False
        child, parent = parent, parent.parent
    return False
