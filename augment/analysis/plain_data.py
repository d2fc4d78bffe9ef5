"""What `Semantics.PLAIN_DATA` lets a rewrite assume: which expressions stand for arrays that no one
resizes meanwhile.

Under that contract a thing that is indexed from 0 to its `length` is an array, unless the program
says that it is something else.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from augment.analysis.effects import unwrap
from augment.analysis.reads import known_binding
from augment.analysis.value_kinds import OTHER, kinds
from augment.program.program import Program
from augment.program.scope import Binding
from augment.syntax.tree import Node

# Methods of strings that arrays lack (ECMA-262 §22.1.3).
_OF_STRINGS: Final = frozenset(
    "charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart "
    "repeat replace replaceAll search split startsWith substr substring toLowerCase toUpperCase "
    "trim trimEnd trimStart".split()
)


def array_variable(program: Program, node: Node) -> Binding | None:
    """Return the variable that `node` names, if it stands for an array in plain data; else None."""
    node = unwrap(node)
    if node.type != "identifier" or program.text_of[node.first] == "arguments":
        return None
    binding = known_binding(program, node)
    if binding is None or not kinds(program, node) & OTHER:
        return None
    for reference in binding.references:
        name = _member(program, reference.node)
        if name in _OF_STRINGS or name in ("callee", "size"):
            return None
    return binding


def _member(program: Program, node: Node) -> str:
    parent = node.parent
    if parent is None or parent.type != "member_expression" or parent.children[0] is not node:
        return ""
    name = parent.field("property")
    return "" if name is None else program.text_of[name.first]


def is_element(program: Program, node: Node, array: Binding, index: Binding) -> bool:
    """Whether `node` is `array[index]`."""
    if node.type != "subscript_expression" or node.has("optional_chain"):
        return False
    target, key = node.field("object"), node.field("index")
    of_node = program.scopes.of_node
    return (
        target is not None
        and key is not None
        and of_node.get(target.index) is array
        and of_node.get(key.index) is index
    )


def is_read(node: Node) -> bool:
    """Whether a member or element is only read: not written, deleted or called as a method."""
    parent = node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "non_null_expression"):
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type in _FIRST_IS_WRITTEN:
        return parent.children[0] is not node
    if parent.type == "for_in_statement":
        return parent.field("left") is not node
    if parent.type == "unary_expression":
        return parent.children[0].type != "delete"
    return parent.type not in _WRITTEN and not (
        parent.type == "pair_pattern" and parent.field("value") is node
    )


# In these the first child is a target; for a call, a method that would lose its `this`.
_FIRST_IS_WRITTEN: Final = frozenset(
    {
        "assignment_expression",
        "augmented_assignment_expression",
        "assignment_pattern",
        "object_assignment_pattern",
        "call_expression",
    }
)
_WRITTEN: Final = frozenset(
    {"update_expression", "array_pattern", "object_pattern", "rest_pattern"}
)


class MethodCall(NamedTuple):
    """A call `receiver.name(arguments)` without `?.` and spread.

    Attributes:
        receiver: the object.
        name: of the method.
        arguments: one node each.
    """

    receiver: Node
    name: str
    arguments: list[Node]


def method_call(program: Program, node: Node) -> MethodCall | None:
    """Return what `node` calls, if it is a plain call of a method."""
    if node.type != "call_expression" or len(node.children) != 2:
        return None
    callee, listed = node.children
    if callee.type != "member_expression" or callee.has("optional_chain"):
        return None
    name = callee.field("property")
    if name is None or name.type != "property_identifier" or listed.type != "arguments":
        return None
    receiver = callee.children[0]
    if receiver.type == "super" or any(one.type == "spread_element" for one in listed.named):
        return None
    return MethodCall(receiver, program.text_of[name.first], listed.named)


def calls_global(program: Program, call: MethodCall, name: str, method: str) -> bool:
    """Whether a call is of `name.method`, where `name` is the global of that name."""
    receiver = call.receiver
    return (
        call.name == method
        and receiver.type == "identifier"
        and program.text_of[receiver.first] == name
        and receiver.index not in program.scopes.of_node
    )


def has_holes(array: Node) -> bool:
    """Whether an array literal leaves out elements, as `[, a]` does."""
    before = "["
    for child in array.children[1:]:
        if child.type == "," and before in ("[", ","):
            return True
        before = child.type
    return False
