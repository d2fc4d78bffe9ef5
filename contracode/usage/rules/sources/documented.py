"""Types that JSDoc writes are known: arguments and results flow from them."""

import re
from collections.abc import Iterator

from augment import Program
from contracode.javascript.typing.jsdoc import JSDocs
from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject


def _docs(program: Program) -> JSDocs:
    return JSDocs(program)


@on_source
def documented(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the type that a JSDoc tag writes."""
    if subject.function is None or context.program.language != "javascript":
        return
    doc = context.program.analysis(_docs).of(subject.function)
    if doc is None:
        return
    written = doc.returns if subject.kind == "return" else doc.parameters.get(subject.name)
    if written is not None:
        type = written.removesuffix("=").strip()
        type = _SPELLINGS.get(type, type)
        if _WRITABLE.fullmatch(type):
            yield Finding(type, "documented", "documented so")


_WRITABLE = re.compile(r"[\w$.<>\[\](){}|&,:?=' \"]+")

_SPELLINGS = {
    "*": "any",
    "?": "any",
    "Array": "any[]",
    "Boolean": "boolean",
    "Number": "number",
    "Object": "object",
    "String": "string",
    "array": "any[]",
    "bool": "boolean",
    "float": "number",
    "function": "Function",
    "int": "number",
    "integer": "number",
}
"""Spellings of JSDoc that TypeScript reads as something else, or not at all."""
