"""What a regular expression tests or searches is a string."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.calls import Call
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use


@on_use("arguments")
def regexps(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find a string where a regular expression tests or searches."""
    if parent.parent is None or parent.named[:1] != [use]:
        return
    callee = Call(parent.parent).callee
    if callee.type != "member_expression":
        return
    owner, name = callee.field("object"), callee.field("property")
    if owner is None or name is None or types.text(name) not in ("test", "exec"):
        return
    if types.of(owner) == "RegExp":
        yield Finding("string", "regexps", "tested by a regular expression")
        yield Limit(frozenset({"string"}), "a regular expression tests it")
