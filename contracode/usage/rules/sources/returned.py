"""A function returns what its `return` statements give; without any it returns nothing."""

from collections.abc import Iterator

from augment import Node
from contracode.usage.evidence import Fact, Finding
from contracode.usage.expression_types import awaited
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject, inner
from contracode.usage.type_text import NOTHING, join, union


@on_source
def returned(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the type of what a function returns."""
    if subject.kind != "return" or subject.function is None:
        return
    function = context.subjects.functions[subject.node.index]
    if function.is_generator:
        return
    values = [branch for value in subject.values for branch in branches(value)]
    types = [context.types.of(value) for value in values]
    wrap = "Promise<{}>" if function.is_async else "{}"
    if not values:
        if not function.expression_body and not _only_throws(function.body):
            yield Finding(wrap.format("void"), "returned-nothing", "it returns nothing")
        return
    some = [type for type in types if type is not None]
    if not some:
        return
    joined = join(some)
    if joined == "JSX.Element" or joined == "JSX.Element | null":
        yield Finding(wrap.format(joined), "jsx", "it returns JSX")
        return
    if all(part in NOTHING for part in union(joined)):
        if len(some) == len(types):
            rule = "returned-from-call" if "null" not in joined else "returned-null"
            yield Finding(wrap.format(joined), rule, f"it returns {joined}")
        return
    if function.is_async:
        joined = awaited(joined)
    rule = "returned" if len(some) == len(types) else "returned-partly"
    yield Finding(wrap.format(joined), rule, f"it returns {context.types.shown(joined)}")


def branches(value: Node) -> Iterator[Node]:
    """Yield the alternatives of a conditional expression, of any other itself."""
    waiting = [value]
    while waiting:
        one = inner(waiting.pop())
        if one.type == "ternary_expression":
            waiting += reversed(one.named[1:3])
        else:
            yield one


def _only_throws(body: Node) -> bool:
    return any(statement.type == "throw_statement" for statement in body.named)
