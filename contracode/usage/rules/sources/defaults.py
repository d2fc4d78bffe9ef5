"""A parameter with a default is of its type; so is `x = x || d` and `x === undefined ? d : x`."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject, inner
from contracode.usage.type_text import NOTHING


@on_source
def defaults(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the type of the default of a parameter."""
    if subject.kind != "parameter":
        return
    values = [subject.default] if subject.default is not None else []
    values += [found for value in subject.values if (found := _stand_in(value, subject, context))]
    for value in values:
        type = context.types.of(value)
        if type is not None and type not in NOTHING:
            yield Finding(type, "default", f"{context.types.text(value)[:30]} by default")


def _stand_in(value: Node, subject: Subject, context: UsageContext) -> Node | None:
    value = inner(value)
    if value.type == "binary_expression" and value.children[1].type in ("||", "??"):
        left, right = inner(value.children[0]), value.children[2]
        return right if context.types.text(left) == subject.name else None
    if value.type == "ternary_expression":
        one, other = value.named[1:3]
        if context.types.text(inner(one)) == subject.name:
            return other
        if context.types.text(inner(other)) == subject.name:
            return one
    return None
