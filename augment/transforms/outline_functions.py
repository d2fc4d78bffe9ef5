"""Move an expression into a function of its own."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.contexts import is_value
from augment.analysis.effects import discards_reference
from augment.analysis.flow import declares, in_list, is_function_body, may_name, own, value_shows
from augment.program.program import Program
from augment.rewriting.edits import Insert, Rewrite, replace
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, expression, statements
from augment.syntax.precedence import is_chain
from augment.syntax.tree import FUNCTIONS, Node

_ARROW: Final = statements("const $name = () => $value;")
_FUNCTION: Final = statements("function $name() {\n  return $value;\n}")
_CALL: Final = expression("$name()")

_WORTH: Final = (
    "binary_expression",
    "ternary_expression",
    "template_string",
    "subscript_expression",
    "array",
    "unary_expression",
)

# What means something else in another function.
_BOUND: Final = frozenset(
    {
        "yield_expression",
        "await_expression",
        "this",
        "super",
        "meta_property",
        "class",
        "method_definition",
    }
)

_DEEPEST: Final = 64
"""Levels between an expression and its statement, so that time stays linear in what is nested
deeper.
"""


@transform(
    "outline-functions",
    family="functions",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.1,
    strength=0.15,
)
def outline_functions(program: Program) -> Iterator[Site]:
    """Write `return a * b;` as `const area = () => a * b; return area();`.

    Source: Fowler, Refactoring, Extract Function.
    """
    for node in program.nodes(*_WORTH):
        # of a chain that ends where a link is missing no part stands alone
        if not is_value(node) or not discards_reference(node) or is_chain(node):
            continue
        statement = _statement(node)
        if (
            statement is None
            or value_shows(program, statement)
            or not _may_move(program, node, statement)
        ):
            continue
        owner = statement.parent
        assert owner is not None
        yield partial(_outlined, owner, statement, node)


def _outlined(owner: Node, statement: Node, node: Node, draw: Draw) -> Rewrite:
    as_function = is_function_body(owner) and draw.random() < 0.5
    name = draw.supply.words(draw, "camel", "function")
    declared = Insert(
        owner, statement, Code(_FUNCTION if as_function else _ARROW, {"name": name, "value": node})
    )
    return Rewrite((replace(node, _CALL, name=name), declared))


def _statement(node: Node) -> Node | None:
    """Return the statement of a list that evaluates `node` itself, not in a function or class
    inside it.
    """
    child: Node | None = node
    for _ in range(_DEEPEST):
        if child is None or in_list(child):
            return child if child is not None and child.start >= 0 else None
        if child.type in FUNCTIONS or child.type == "class_body":
            return None
        parent = child.parent
        if parent is not None and parent.type == "with_statement" and child.field_name == "body":
            return None  # names mean something else before it
        child = parent
    return None


def _may_move(program: Program, node: Node, statement: Node) -> bool:
    """Whether `node` means the same in a function before `statement`."""
    if (declares(statement) and statement.type != "lexical_declaration") or not may_name(
        program, statement
    ):
        return False
    if any(inner.type in _BOUND or inner.type in FUNCTIONS for inner in own(program, node)):
        return False
    for inner in own(program, node):
        if inner.type == "identifier":
            if program.text_of[inner.first] == "arguments":
                return False
            binding = program.scopes.of_node.get(inner.index)
            if binding is not None and statement.contains(binding.scope.node):
                return False
    return True
