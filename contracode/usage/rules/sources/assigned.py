"""A variable or field is what is assigned to it."""

from collections.abc import Iterator

from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject
from contracode.usage.type_text import NOTHING


@on_source
def assigned(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the types of the values of a variable or field."""
    if subject.kind not in ("variable", "field"):
        return
    types = [context.types.of(value) for value in subject.values]
    rule = "assigned" if None not in types else "assigned-partly"
    if all(type is None or type in NOTHING for type in types):
        return  # something else comes from where nobody sees it
    for type in types:
        if type is not None and (type not in NOTHING or rule == "assigned"):
            yield Finding(type, rule, f"assigned {_a(context.types.shown(type))}")


def _a(type: str) -> str:
    return f"{'an' if type[:1] in 'aeiouAEIO' else 'a'} {type}" if type.isidentifier() else type
