"""TypeScript's own generic types, which an annotation may not name without arguments (TS2314);
JSDoc may, and means `any`.

Source: TypeScript's `lib.es*.d.ts`, those of whose type parameters one has no default.
"""

import re

_PARAMETERS = {
    1: """Array ArrayLike AsyncIterable AsyncIterableIterator AsyncIterator Awaited InstanceType Iterable IterableIterator Iterator
    NonNullable Parameters Partial Promise PromiseLike Readonly ReadonlyArray ReadonlySet Required ReturnType Set WeakRef WeakSet""",
    2: "Exclude Extract Map Omit Pick ReadonlyMap Record WeakMap",
}

ARGUMENTS = {
    name: f"<{', '.join(['any'] * count)}>"
    for count, names in _PARAMETERS.items()
    for name in names.split()
}
"""What stands for the arguments of each."""

_BARE = re.compile(rf"(?<![\w$.'\"`])(?:{'|'.join(ARGUMENTS)})(?![\w$<.'\"`])")


def with_arguments(type: str, source: str) -> str:
    """Return a type as an annotation in `source` can be: `Promise<any>[]` for `Promise[]`, unless
    the source declares its own `Promise`.
    """

    def given(match: re.Match[str]) -> str:
        name = match[0]
        own = re.search(rf"\b(?:class|interface|type|enum)\s+{name}\b", source)
        return name if own else name + ARGUMENTS[name]

    return _BARE.sub(given, type)
