"""What evaluating an expression may do: facts that transforms ask before they move, copy, add or
drop it.

The answers are conservative: a property read may run a getter, an operator may call `valueOf`, a
    bare name may be unbound or in its
temporal dead zone, so none of these is ever called pure without a reason.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from augment.analysis.flow import outermost, value_shows, within
from augment.program.program import Program
from augment.program.scope import Binding
from augment.syntax.tree import FUNCTIONS, Node

_LITERALS: Final = frozenset({"number", "string", "true", "false", "null", "undefined", "regex"})

# Values whose function gets the name of what it is assigned to (ECMA-262 §8.4, NamedEvaluation).
_ANONYMOUS: Final = frozenset(
    {"function_expression", "arrow_function", "generator_function", "class"}
)


def is_literal(node: Node) -> bool:
    """Whether `node` is a literal without parts (`undefined` counts: it cannot be bound where the
    parser sees it so).
    """
    return node.type in _LITERALS


def unwrap(node: Node) -> Node:
    """Return the expression inside any parentheses around it."""
    while node.type == "parenthesized_expression" and len(node.named) == 1:
        node = node.named[0]
    return node


def names_function(program: Program, binding: Binding) -> bool:
    """Whether renaming `binding` changes the `name` of a function or class at run time.

    It does where a declaration carries the name, and where an anonymous function or class is
    assigned to it directly (ECMA-262 §8.4).
    """
    if binding.kind in ("function", "class", "function-name", "class-name"):
        return True
    for node in binding.occurrences:
        parent = node.parent
        if parent is None:
            continue
        if parent.type == "variable_declarator":
            value = parent.field("value")
        elif parent.type in (
            "assignment_expression",
            "assignment_pattern",
            "object_assignment_pattern",
        ) or (
            parent.type == "augmented_assignment_expression"
            and parent.children[1].type in ("&&=", "||=", "??=")
        ):
            value = parent.field("right") if node.field_name == "left" else None
        elif parent.type in ("required_parameter", "optional_parameter"):
            value = parent.field("value")
        else:
            # a renamed shorthand keeps its property, and with it the name of a function beside it
            value = None
        if value is not None and is_anonymous(unwrap(value)):
            return True
    return False


def is_anonymous(value: Node) -> bool:
    """Whether `value` is a function or class that gets the name of what it is assigned to."""
    return value.type in _ANONYMOUS and value.field("name") is None


def discards_reference(node: Node) -> bool:
    """Whether `node` may be replaced by a bare expression although a value, not a reference, stood
    there.

    `(true && o.f)()` calls `f` without a receiver, `o.f()` with one; `delete`, `typeof` and tags
    tell them apart likewise.
    """
    child, parent = node, node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        child, parent = parent, parent.parent
    if parent is None:
        return True
    if parent.type == "call_expression":
        return child.field_name != "function"
    if parent.type == "unary_expression":
        return parent.children[0].type not in ("delete", "typeof")
    return parent.type not in ("new_expression", "update_expression")


def in_directive(node: Node) -> bool:
    """Whether `node` would stand as a statement of a directive prologue if it became a string."""
    parent = node.parent
    return parent is not None and parent.type == "expression_statement"


def statement_lists(program: Program) -> list[Node]:
    """Return the lists into which statements may be inserted with names of their own.

    Of a script only what stands in functions: `var` and functions in other blocks are global too
    (ECMA-262 §B.3.2), and new statements may change the value that it gives. Not where `eval` or
    `with` might see a new name; not the cases of a switch.
    """
    found: list[Node] = []
    if program.source_type != "script" and not program.wrapper[0]:
        found.append(program.root)
    found.extend(
        block
        for block in program.nodes("statement_block")
        if block.start >= 0 and not value_shows(program, block)
    )
    dynamic = outermost([scope.node for scope in program.scopes.all if scope.dynamic])
    withs = outermost(program.nodes("with_statement"))
    if dynamic or withs:
        found = [
            block
            for block in found
            if not within(dynamic, block)
            and not within(withs, block)
            and not _holds_any(block, withs)
        ]
    return found


def _holds_any(block: Node, places: list[Node]) -> bool:
    """Whether one of `places`, which are in source order, stands in `block`."""
    number = bisect_left(places, block.index, key=lambda place: place.index)
    return number < len(places) and places[number].index < block.stop


def prologue_end(block: Node) -> int:
    """Return how many of `block`'s named children are directives (ECMA-262 §11.2.1): nothing may be
    put before them.
    """
    count = 0
    for statement in block.named:
        if statement.type != "expression_statement" or statement.children[0].type != "string":
            break
        count += 1
    return count


def enclosing_function(node: Node) -> Node | None:
    """Return the function whose body `node` belongs to, None at the top of a program or in a static
    block of a class.
    """
    parent = node.parent
    while parent is not None and parent.type not in FUNCTIONS:
        if parent.type == "class_static_block":
            return None
        parent = parent.parent
    return parent
