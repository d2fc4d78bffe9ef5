"""The parameters of a function that is passed to a declared signature have its types."""

from collections.abc import Iterator

from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject
from contracode.usage.type_text import short, union


@on_source
def callbacks(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find what a declared signature passes to its callback."""
    if subject.kind != "parameter" or subject.function is None or subject.position is None:
        return
    types = context.types.calls.callback(subject.function)
    if types is None or subject.position >= len(types):
        return
    type = types[subject.position]
    if "any" not in union(type) and "$" not in type:
        callee = context.types.text(_callee(subject, context))
        yield Finding(
            type, "callback", f"`{callee[-40:]}` passes {short(context.types.shown(type))}"
        )


def _callee(subject: Subject, context: UsageContext):
    node = subject.function
    assert node is not None
    while node is not None and node.type not in ("call_expression", "new_expression"):
        node = node.parent
    assert node is not None
    return node.children[0]
