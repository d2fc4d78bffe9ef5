"""Callbacks whose code may stand in a loop, and loops whose body may stand in a callback."""

from __future__ import annotations

from typing import NamedTuple

from augment.analysis.effects import unwrap
from augment.analysis.flow import declares, hoists, is_labeled, leaving, own, value_shows
from augment.analysis.plain_data import array_variable
from augment.program.program import Program
from augment.syntax.tree import Node


class Callback(NamedTuple):
    """A function written where it is called, which is neither async nor a generator.

    Attributes:
        parameters: identifiers and patterns.
        body: block or expression.
        value: what it returns, if that is all it does; else None.
    """

    parameters: list[Node]
    body: Node
    value: Node | None


def callback(node: Node) -> Callback | None:
    """Return what the function `node` takes and does; None if it is no plain function."""
    node = unwrap(node)
    if node.type not in ("arrow_function", "function_expression") or node.has("async"):
        return None
    listed, sole, body = node.field("parameters"), node.field("parameter"), node.field("body")
    parameters = listed.named if listed is not None else [sole] if sole is not None else []
    if body is None or any(
        one.type not in ("identifier", "object_pattern", "array_pattern") for one in parameters
    ):
        return None
    value = None if body.type == "statement_block" else unwrap(body)
    if body.type == "statement_block" and len(body.named) == 1:
        returned = body.named[0]
        if returned.type == "return_statement" and returned.named:
            value = unwrap(returned.named[0])
    return Callback(parameters, body, value)


class ElementLoop(NamedTuple):
    """A loop `for (const element of array) body` that only leaves at its end.

    Attributes:
        element: identifier or pattern.
        array: expression.
        body: statement.
    """

    element: Node
    array: Node
    body: Node


def element_loop(program: Program, node: Node) -> ElementLoop | None:
    """Return what the `for`-`of` statement `node` does for each element of an array variable, if
    its body may become a function; else None.
    """
    if not node.has("of") or node.has("await") or is_labeled(node) or value_shows(program, node):
        return None
    kind, element = node.field("kind"), node.field("left")
    array, body = node.field("right"), node.field("body")
    if kind is None or kind.type == "var" or element is None or array is None or body is None:
        return None
    array = unwrap(array)
    binding = array_variable(program, array)
    if binding is None or declares(body) or hoists(program, body):
        return None
    if any(body.contains(one.node) for one in binding.references):
        return None
    return ElementLoop(element, array, body) if may_be_function(program, body) else None


def may_be_function(program: Program, body: Node) -> bool:
    """Whether a statement does the same as the body of an arrow function called at once."""
    if leaving(program, body, "break_statement") or leaving(program, body, "continue_statement"):
        return False
    for inner in own(program, body):
        if inner.type in _LEAVING or (inner.type in _JUMPS and inner.field("label") is not None):
            return False
        if inner.type == "identifier" and program.text_of[inner.first] in ("await", "yield"):
            return False
    return True


_LEAVING = frozenset({"return_statement", "yield_expression", "await_expression"})
_JUMPS = frozenset({"break_statement", "continue_statement"})
