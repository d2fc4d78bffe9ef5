"""Comparison with a value of a known type, `typeof`, `instanceof`, `in` and `switch`."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding, Limit
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.rules.registry import on_use
from contracode.usage.subjects import inner
from contracode.usage.type_text import PRIMITIVES, bare, tag, union

_EQUALITY = frozenset({"===", "!==", "==", "!="})


@on_use("binary_expression")
def compared(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find the type of the other side of a comparison."""
    if len(parent.children) != 3:
        return
    left, operator, right = parent.children
    other = right if left is use else left
    if operator.type in _EQUALITY:
        type = types.of(other)
        if type is None:
            return
        for part in union(bare(type)):
            if part in PRIMITIVES:
                literal = inner(other).type in ("string", "number", "true", "false")
                rule = "compared" if literal else "compared-with-name"
                yield Finding(part, rule, f"compared with a {part}")
    elif operator.type == "instanceof" and left is use:
        letter, rest = tag(types.of(right) or "")
        if letter == "s":
            yield Finding(rest, "instanceof", f"tested to be a {rest}")
        elif letter == "c":
            body = types.program.tree.nodes[int(rest)].field("body")
            if body is not None:
                yield Finding(f"#i{body.index}", "instanceof", "tested by instanceof")
    elif operator.type == "in":
        if right is use:
            yield Limit(frozenset({"array", "function", "object"}), "`in` looks into it")
        else:
            yield Finding("string", "key", "a key that `in` looks for")


@on_use("unary_expression")
def type_tested(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """`typeof x === "string"`."""
    around = parent.parent
    if parent.children[0].type != "typeof" or around is None or len(around.children) != 3:
        return
    other = around.children[2] if around.children[0] is parent else around.children[0]
    named = types.text(other)[1:-1] if other.type == "string" else ""
    if named in PRIMITIVES or named in ("function", "object"):
        type = {"function": "Function"}.get(named, named)
        yield Finding(type, "typeof", f"tested to be a {named}")


@on_use("switch_statement", "parenthesized_expression")
def switched(use: Node, parent: Node, types: ExpressionTypes) -> Iterator[Fact]:
    """Find the types of the cases of a `switch`."""
    switch = parent if parent.type == "switch_statement" else parent.parent
    if switch is None or switch.type != "switch_statement":
        return
    if switch.field("value") not in (use, parent):
        return
    body = switch.field("body")
    for case in body.named if body is not None else ():
        value = case.field("value")
        type = types.of(value) if value is not None else None
        if type in PRIMITIVES:
            yield Finding(type, "compared", f"compared with a {type}")
