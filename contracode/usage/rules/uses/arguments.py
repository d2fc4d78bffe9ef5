"""What is passed to a known signature has the type of its parameter."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.calls import Call
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use
from contracode.usage.type_text import PRIMITIVES, bare, kind, short, union

_COERCING = frozenset({"Boolean", "Number", "String", "isFinite", "isNaN", "encodeURIComponent"})
"""Functions that are there to take whatever is given."""


@on_use("arguments")
def arguments(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find what the signature of a call expects of an argument."""
    if parent.parent is None:
        return
    call = Call(parent.parent)
    position = next((n for n, one in enumerate(call.arguments) if one is use), None)
    text = types.text(call.callee)
    if position is None or text in _COERCING or len(text) > 60:
        return
    target = types.calls.target(call)
    if target is not None:
        yield from _of_function(target, position, types)
        return
    some = list(dict.fromkeys(_expected(call, position, types)))
    if len(some) != 1:
        return
    (expected,) = some
    if expected == "#callback":
        yield Finding("Function", "argument", f"passed to `{text}`")
        yield Limit(frozenset({"function", "object"}), f"`{text}` calls it")
        return
    if expected in PRIMITIVES or kind(expected) in ("array", "function") or expected[:1].isupper():
        yield Finding(expected, "argument", f"passed to `{text}` as {short(expected)}")
        if expected in PRIMITIVES:
            yield Limit(frozenset({expected}), f"`{text}` takes a {expected}")


def _expected(call: Call, position: int, types: ExpressionTypes) -> Iterator[str]:
    for signature, given in types.calls.chosen(call):
        parameters = signature[1:]
        if not parameters:
            continue
        parameter = parameters[min(position, len(parameters) - 1)]
        if isinstance(parameter, list):
            yield "#callback"
            continue
        type = types.calls.resolved(parameter.lstrip("?."), given)
        if parameter.startswith("..."):
            type = type.removesuffix("[]")
        parts = [part for part in union(bare(type)) if "Like" not in part]
        yield parts[0] if len(parts) == 1 and "$" not in parts[0] else "any"


def _of_function(target: Node, position: int, types: ExpressionTypes) -> Iterator[Fact]:
    """What the program's own function takes, as far as that is known."""
    function = types.subjects.functions[target.index]
    if position >= len(function.parameters):
        return
    parameter = function.parameters[position]
    parameter = parameter.field("pattern") or parameter.field("left") or parameter
    binding = types.program.scopes.of_node.get(parameter.index)
    known = types.known_at(parameter.index) if binding is not None else None
    if known is not None and "any" not in union(known):
        name = function.name or "a function"
        yield Finding(bare(known), "argument-here", f"passed to `{name}` as {types.shown(known)}")
