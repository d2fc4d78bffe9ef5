"""`x.name` needs the member, `x.name()` a method, `x.name = v` one that can be set."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.calls import Call
from contracode.usage.evidence import Fact, Limit, Need, Probe
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use
from contracode.usage.subjects import outermost

_SETTABLE = frozenset({"array", "function", "object"})

_ALL = frozenset({"array", "bigint", "boolean", "function", "number", "object", "string", "symbol"})


@on_use("member_expression")
def member_reads(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Note the members that are read, called and set."""
    name = parent.field("property")
    if parent.field("object") is not use or name is None:
        return
    text = types.text(name)
    whole = outermost(parent)
    around = whole.parent
    if around is None:
        return
    if is_probe(whole, around):
        yield Probe(text)
        return
    yield Limit(_ALL, f"its `{text}` is read")
    is_assignment = around.type in ("assignment_expression", "augmented_assignment_expression")
    if is_assignment and around.children[0] is whole:
        yield Need(text, written=True)
        yield Limit(_SETTABLE, f"its `{text}` is set")
        return
    is_called = around.type == "call_expression" and around.children[0] is whole
    yield Need(text, called=is_called, arguments=len(Call(around).arguments) if is_called else 0)


def is_probe(node: Node, around: Node) -> bool:
    """Whether an expression only asks if something is there: a condition, or `typeof`."""
    while around.type == "binary_expression" and around.children[1].type in ("&&", "||", "??"):
        if around.children[0] is node:
            return True
        if around.parent is None:
            return False
        node, around = around, around.parent
    if around.type == "unary_expression":
        return around.children[0].type in ("!", "typeof")
    if around.type in ("if_statement", "while_statement", "do_statement", "for_statement"):
        return around.field("condition") is node
    if around.type == "binary_expression" and around.children[1].type in ("==", "!=", "===", "!=="):
        other = around.children[2] if around.children[0] is node else around.children[0]
        return other.type in ("undefined", "null")
    return around.type == "ternary_expression" and around.named[0] is node
