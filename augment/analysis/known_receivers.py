"""Receivers that are known to be arrays, strings or promises, whose methods call what they are
given.
"""

from __future__ import annotations

from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.reads import known_binding
from augment.analysis.value_kinds import STRING, kinds
from augment.program.program import Program
from augment.syntax.tree import Node

# Methods that call their argument and do nothing else with it (ECMA-262 §22.1.3, §23.1.3, §27.2.5).
_OF_ARRAYS: Final = frozenset(
    "map filter forEach some every find findIndex findLast findLastIndex flatMap reduce "
    "reduceRight "
    "sort".split()
)
_OF_STRINGS: Final = frozenset({"replace", "replaceAll"})
_OF_PROMISES: Final = frozenset({"then", "catch", "finally"})
_ALL: Final = _OF_ARRAYS | _OF_STRINGS | _OF_PROMISES

# Methods and functions that return an array or a promise.
_STAYS_ARRAY: Final = frozenset(
    (
        "map filter flatMap flat concat slice splice sort reverse toSorted toReversed toSpliced "
        "fill"
    ).split()
)
_MAKES_ARRAY: Final = {
    "Array": frozenset({"from", "of"}),
    "Object": frozenset(
        {"keys", "values", "entries", "getOwnPropertyNames", "getOwnPropertySymbols"}
    ),
}
_MAKES_PROMISE: Final = frozenset({"all", "allSettled", "any", "race", "reject", "resolve"})

_DEPTH: Final = 12


def calls_arguments(program: Program, callee: Node, *, by_name: bool) -> bool:
    """Whether the method `callee` calls the functions that it is given, and nothing else.

    Args:
        program: what `callee` stands in.
        callee: what is called.
        by_name: whether the name of the method is enough.
    """
    name = callee.field("property") if callee.type == "member_expression" else None
    if name is None:
        return False
    method, receiver = program.text_of[name.first], callee.children[0]
    if by_name:
        return method in _ALL
    if method in _OF_ARRAYS:
        return is_known_array(program, receiver)
    if method in _OF_STRINGS:
        return kinds(program, receiver) == STRING
    return method in _OF_PROMISES and _is_promise(program, receiver, _DEPTH)


def is_known_array(program: Program, node: Node, depth: int = _DEPTH) -> bool:
    """Whether `node` is certainly an array; values are followed through `depth` steps."""
    node = unwrap(node)
    if node.type == "array":
        return True
    if depth == 0:
        return False
    if node.type == "identifier":
        value = _sole_value(program, node)
        return value is not None and (
            value.type == "rest_pattern" or is_known_array(program, value, depth - 1)
        )
    if node.type in ("call_expression", "new_expression"):
        return _gives_array(program, node, depth)
    return False


def _gives_array(program: Program, call: Node, depth: int) -> bool:
    callee = call.children[1 if call.type == "new_expression" else 0]
    if callee.type == "identifier":
        return _is_global(program, callee, "Array")
    name = callee.field("property") if callee.type == "member_expression" else None
    if name is None or call.type == "new_expression":
        return False
    receiver, method = unwrap(callee.children[0]), program.text_of[name.first]
    if receiver.type == "identifier":
        made = _MAKES_ARRAY.get(program.text_of[receiver.first], frozenset())
        if method in made and receiver.index not in program.scopes.of_node:
            return True
    if method == "split":
        return kinds(program, receiver) == STRING
    return method in _STAYS_ARRAY and is_known_array(program, receiver, depth - 1)


def _is_promise(program: Program, node: Node, depth: int) -> bool:
    node = unwrap(node)
    if node.type == "new_expression":
        return _is_global(program, node.children[1], "Promise")
    if depth == 0:
        return False
    if node.type == "identifier":
        value = _sole_value(program, node)
        return value is not None and _is_promise(program, value, depth - 1)
    if node.type != "call_expression":
        return False
    callee = node.children[0]
    name = callee.field("property") if callee.type == "member_expression" else None
    if name is None:
        return _is_global(program, callee, "fetch")
    receiver, method = unwrap(callee.children[0]), program.text_of[name.first]
    if method in _MAKES_PROMISE and _is_global(program, receiver, "Promise"):
        return True
    return method in _OF_PROMISES and _is_promise(program, receiver, depth - 1)


def _is_global(program: Program, node: Node, name: str) -> bool:
    return (
        node.type == "identifier"
        and program.text_of[node.first] == name
        and node.index not in program.scopes.of_node
    )


def _sole_value(program: Program, node: Node) -> Node | None:
    """Return what initialises the variable `node`, which is never assigned; a rest parameter
    itself.
    """
    binding = known_binding(program, node)
    if (
        binding is None
        or len(binding.declaring) != 1
        or any(reference.access != "read" for reference in binding.references)
    ):
        return None
    declared = binding.declaring[0]
    parent = declared.parent
    if parent is None:
        return None
    if parent.type == "rest_pattern" and binding.kind == "parameter":
        return parent
    return parent.field("value") if parent.type == "variable_declarator" else None
