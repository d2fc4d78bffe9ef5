"""A name in a pattern is the member or element of what the pattern takes apart."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject
from contracode.usage.type_text import element


@on_source
def destructured(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the type of what a pattern takes from a known value."""
    if subject.kind == "variable" and subject.binding is not None:
        type = _of_pattern(subject.binding.declaring[0], context)
        if type is not None and type != "any":
            yield Finding(type, "destructured", "taken from an object of that type")


def _of_pattern(name: Node, context: UsageContext) -> str | None:
    """Return the type at a name in a pattern; None where the whole is unknown."""
    around = name.parent
    if name.type == "shorthand_property_identifier_pattern":
        if around is not None and around.type == "object_assignment_pattern":
            around = around.parent
        return _member(around, context.program.name_of(name), context)
    if around is None:
        return None
    if around.type == "pair_pattern":
        key = around.field("key")
        if key is None or key.type != "property_identifier":
            return None
        return _member(around.parent, context.program.name_of(key), context)
    if around.type == "array_pattern":
        whole = _whole(around, context)
        return element(whole) if whole is not None else None
    return None


def _member(pattern: Node | None, name: str, context: UsageContext) -> str | None:
    whole = _whole(pattern, context) if pattern is not None else None
    return context.types.members.of(whole, name) if whole is not None else None


def _whole(pattern: Node, context: UsageContext) -> str | None:
    around = pattern.parent
    if around is None:
        return None
    if around.type == "variable_declarator":
        value = around.field("value")
        return context.types.of(value) if value is not None else None
    if around.type == "for_in_statement" and around.has("of"):
        right = around.field("right")
        type = context.types.of(right) if right is not None else None
        return element(type) if type is not None else None
    return _of_pattern(pattern, context)
