"""A parameter is what calls in the program pass."""

from collections.abc import Iterator

from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject
from contracode.usage.type_text import NOTHING, array_of


@on_source
def call_sites(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the types of the arguments at the calls of a function."""
    if subject.kind != "parameter" or subject.function is None or subject.position is None:
        return
    for call in context.call_sites.get(subject.function.index, ()):
        arguments = call.arguments
        if subject.position >= len(arguments):
            continue
        if any(one.type == "spread_element" for one in arguments[: subject.position + 1]):
            continue
        type = context.types.of(arguments[subject.position])
        if type is None or type in NOTHING:
            continue
        shown = context.types.shown(type)
        yield Finding(array_of(type) if subject.rest else type, "call", f"called with {shown}")
