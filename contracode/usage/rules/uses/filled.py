"""What is put into an array, map, set or object says of what its elements are."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.calls import Call
from contracode.usage.evidence import Fact, Finding
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use
from contracode.usage.subjects import outermost
from contracode.usage.type_text import NOTHING, array_of, bare, generic, tag, union

_ADDING = frozenset({"add", "push", "set", "unshift"})


@on_use("member_expression")
def filled(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find the types of elements in `x.push(v)`, `x.add(v)`, `x.set(k, v)`."""
    name = parent.field("property")
    text = types.text(name) if name is not None else ""
    around = parent.parent
    if text not in _ADDING or around is None or around.type != "call_expression":
        return
    arguments = Call(around).arguments
    if not arguments or any(one.type == "spread_element" for one in arguments):
        return
    own = generic(bare(types.of(use) or ""))[0]
    some = [_usual(types.of(one)) for one in arguments]
    if None in some:
        return
    if text in ("push", "unshift"):
        if own in ("Array", ""):
            for one in some:
                yield Finding(array_of(one), "filled", f"given {types.shown(one or '')} elements")
    elif text == "add" and own == "Set":
        yield Finding(f"Set<{some[0]}>", "filled", "given elements of that type")
    elif text == "set" and own == "Map" and len(some) == 2:
        yield Finding(f"Map<{some[0]}, {some[1]}>", "filled", "given entries of that type")


@on_use("subscript_expression")
def mapped(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """`counts[word] = 1` with `counts = {}`."""
    around = outermost(parent).parent
    if parent.field("object") is not use or around is None:
        return
    if around.type != "assignment_expression" or around.children[0] is not outermost(parent):
        return
    own = bare(types.of(use) or "")
    letter, rest = tag(own)
    value, index = _usual(types.of(around.children[-1])), parent.field("index")
    if value is None or index is None or index.type == "string" or types.of(index) == "number":
        return
    is_empty = letter == "o" and not types.program.tree.nodes[int(rest)].named
    if not is_empty and not own.startswith("Record<"):
        return
    yield Finding(f"Record<string, {value}>", "mapped", f"given {types.shown(value)} by keys")


def _usual(type: str | None) -> str | None:
    """Return a type that says something of elements, literals of objects as such."""
    if type is None or type in NOTHING or "any" in union(type):
        return None
    return type
