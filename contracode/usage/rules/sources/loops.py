"""`for (k in o)` gives strings, `for (a of x)` the elements of x."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject
from contracode.usage.type_text import element


@on_source
def loops(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the type of the variable of a loop."""
    if subject.binding is None or subject.kind != "variable":
        return
    names = [*subject.binding.declaring, *(r.node for r in subject.binding.references)]
    for name in names:
        loop = _loop_of(name)
        if loop is None:
            continue
        if loop.has("in"):
            yield Finding("string", "loop-key", "a key that `for ... in` visits")
            continue
        right = loop.field("right")
        type = context.types.of(right) if right is not None else None
        part = element(type) if type is not None else None
        if part is not None and part != "any":
            yield Finding(part, "loop", "an element of what `for ... of` goes through")


def _loop_of(name: Node) -> Node | None:
    around = name.parent
    if around is not None and around.type == "for_in_statement" and around.field("left") is name:
        return around
    return None
