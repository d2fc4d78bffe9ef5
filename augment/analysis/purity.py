"""Expressions whose evaluation cannot be noticed, and what they read."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import own
from augment.analysis.reads import reads_quietly
from augment.analysis.value_kinds import NUMBER, PRIMITIVE, kinds
from augment.program.program import Program
from augment.program.scope import Binding
from augment.syntax.tree import FUNCTIONS, Node

_CONSTANTS: Final = frozenset({"number", "string", "true", "false", "null", "undefined", "regex"})
_KEYS: Final = frozenset({"property_identifier", "string", "number"})

# Deeper expressions count as having effects: the answer stays quick and the stack short.
_DEPTH: Final = 40


def is_quiet(program: Program, node: Node, depth: int = 0) -> bool:
    """Whether evaluating `node` runs no code of others, cannot throw and writes nothing, so that it
    may be dropped or moved.

    Values made by it (functions, objects) have an identity: it may not be copied.
    """
    node = unwrap(node)
    kind = node.type
    if kind in _CONSTANTS:
        return True
    if kind == "identifier":
        return reads_quietly(program, node)
    if kind in FUNCTIONS:
        return kind != "method_definition"
    if depth > _DEPTH:
        return False
    depth += 1
    if kind == "unary_expression":
        operator, argument = node.children
        if not is_quiet(program, argument, depth):
            return False
        if operator.type in ("!", "void", "typeof"):
            return True
        return operator.type != "delete" and not kinds(program, argument) & ~NUMBER
    if kind == "binary_expression":
        left, operator, right = node.children
        if not is_quiet(program, left, depth) or not is_quiet(program, right, depth):
            return False
        if operator.type in ("===", "!==", "&&", "||", "??"):
            return True
        if operator.type in ("in", "instanceof"):
            return False
        return not (kinds(program, left) | kinds(program, right)) & ~PRIMITIVE
    if kind in ("ternary_expression", "sequence_expression", "array"):
        return all(is_quiet(program, child, depth) for child in node.named)
    if kind == "template_string":
        return all(
            is_quiet(program, child.named[0], depth)
            and not kinds(program, child.named[0]) & ~PRIMITIVE
            for child in node.named
            if child.type == "template_substitution"
        )
    if kind == "object":
        return all(_is_quiet_member(program, child, depth) for child in node.named)
    return False


def _is_quiet_member(program: Program, member: Node, depth: int) -> bool:
    if member.type == "method_definition":
        name = member.field("name")
        return name is not None and name.type in _KEYS
    if member.type != "pair":
        return False
    return member.children[0].type in _KEYS and is_quiet(program, member.children[-1], depth)


def bindings_read(program: Program, node: Node) -> set[int]:
    """Return the ids of the bindings that evaluating `node` mentions, those used only by functions
    made in it left out.
    """
    mentioned = (program.scopes.of_node.get(inner.index) for inner in own(program, node))
    return {id(binding) for binding in mentioned if binding is not None}


def is_captured(program: Program, binding: Binding) -> bool:
    """Whether a function inside the one that declares `binding` uses it, so that it may be seen at
    any time.
    """
    home = binding.scope.function.node
    for reference in binding.references:
        if reference.scope.function.node is not home:
            return True
        # the fields of a class run in functions of their own
        parent = reference.node.parent
        while parent is not None and parent is not home:
            if parent.type == "class_body":
                return True
            parent = parent.parent
    return False


def closes_over(program: Program, loop: Node) -> bool:
    """Whether a function may see that each round of `loop` has variables of its own (ECMA-262
    §14.7.4.4).
    """
    scopes = program.scopes.all  # in the order of their nodes
    number = bisect_left(scopes, loop.index, key=lambda scope: scope.node.index)
    if number == len(scopes) or scopes[number].node is not loop:
        return True
    scope = scopes[number]
    return scope.dynamic or any(
        is_captured(program, binding) for binding in scope.bindings.values()
    )
