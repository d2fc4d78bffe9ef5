"""`for (a of x)` and `...x` need something iterable, `for (k in x)` an object."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use

_ITERABLE = frozenset({"array", "object", "string"})


@on_use("for_in_statement")
def iterated(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find what a loop goes through."""
    if parent.field("right") is not use:
        return
    if parent.has("of"):
        yield Finding("any[]", "iterated", "iterated over by `for ... of`")
        yield Limit(_ITERABLE, "`for ... of` goes through it")
    else:
        yield Finding("object", "keys", "looked through by `for ... in`")
        yield Limit(frozenset({"array", "function", "object"}), "`for ... in` goes through it")


@on_use("spread_element")
def spread(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find what is spread."""
    around = parent.parent
    if around is None:
        return
    if around.type == "object":
        yield Finding("object", "spread-object", "spread into an object")
    else:
        yield Finding("any[]", "iterated", "spread into a list")
        yield Limit(_ITERABLE, "it is spread into a list")
