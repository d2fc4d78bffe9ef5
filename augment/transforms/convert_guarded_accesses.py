"""Convert between `&&` and optional chains."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_tested, is_unused
from augment.analysis.effects import unwrap
from augment.analysis.reads import known_binding
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.tree import Node

_MEMBER: Final = expression("$object?.$key")
_CALL: Final = expression("$object?.()")
_GUARDED: Final = expression("$guard && $object.$key")

# Members that strings, numbers and booleans have too: there the value of a guard may be one.
_OF_PRIMITIVES: Final = frozenset(
    "constructor length toFixed toLocaleString toPrecision toString valueOf".split()
)


@transform(
    "convert-guarded-accesses",
    family="guards",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_guarded_accesses(program: Program) -> Iterator[Site]:
    """Write `if (a && a.b)` as `if (a?.b)`, `callback && callback();` as `callback?.();`, and back.

    Only where no more than the truth of the value matters, since `&&` gives what it guards with. In
    plain data that is an object, null or undefined.

    Source: ECMA-262 §13.3.9.
    """
    for node in program.nodes("binary_expression"):
        if node.children[1].type == "&&" and (is_tested(node) or is_unused(node)):
            rewrite = _chained(program, node)
            if rewrite is not None:
                yield rewrite
    for node in program.nodes("member_expression"):
        if node.has("optional_chain") and is_tested(node):
            target, key = node.children[0], node.field("property")
            binding = _variable(program, target)
            if binding is not None and key is not None and key.type == "property_identifier":
                yield Rewrite(
                    (
                        replace(
                            node,
                            _GUARDED,
                            guard=binding,
                            object=target,
                            key=program.text_of[key.first],
                        ),
                    ),
                    level=Semantics.PLAIN_DATA,
                )


def _chained(program: Program, node: Node) -> Rewrite | None:
    guard, guarded = unwrap(node.children[0]), unwrap(node.children[2])
    binding = _variable(program, guard)
    if binding is None or not guarded.children:
        return None
    first = guarded.children[0]
    if program.scopes.of_node.get(first.index) is not binding or guarded.has("optional_chain"):
        return None
    if guarded.type == "member_expression":
        key = guarded.field("property")
        if key is None or key.type != "property_identifier":
            return None
        name = program.text_of[key.first]
        if name in _OF_PRIMITIVES:
            return None
        code = replace(node, _MEMBER, object=first, key=name)
        return Rewrite((code,), level=Semantics.PLAIN_DATA)
    if guarded.type != "call_expression" or not is_unused(node) or guarded.named[-1].named:
        return None
    if guarded.children[-1].type != "arguments":
        return None
    return Rewrite((replace(node, _CALL, object=first),), level=Semantics.PLAIN_DATA)


def _variable(program: Program, node: Node) -> Binding | None:
    return known_binding(program, node) if node.type == "identifier" else None
