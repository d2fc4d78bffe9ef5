"""`x()`, `new x` and x`...` need a function."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use


@on_use("call_expression", "new_expression")
def called(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find a function where an expression is called."""
    if parent.field("function") is use or parent.field("constructor") is use:
        verb = "called" if parent.type == "call_expression" else "constructed"
        yield Finding("Function", "called", verb)
        yield Limit(frozenset({"function"}), f"it is {verb}")
