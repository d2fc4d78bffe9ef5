"""Built-in generic types, which an annotation must name with arguments (TS2314), unlike JSDoc.

Source: the types of TypeScript's `lib.es*.d.ts` with a type parameter that has no default.
"""

import re

_PARAMETERS = {
    1: """Array ArrayLike AsyncIterable AsyncIterableIterator AsyncIterator Awaited InstanceType
    Iterable IterableIterator Iterator NonNullable Parameters Partial Promise PromiseLike Readonly
    ReadonlyArray ReadonlySet Required ReturnType Set WeakRef WeakSet""",
    2: "Exclude Extract Map Omit Pick ReadonlyMap Record WeakMap",
}

ARGUMENTS = {
    name: f"<{', '.join(['any'] * count)}>"
    for count, names in _PARAMETERS.items()
    for name in names.split()
}
"""Name of a type -> its default arguments."""

_BARE = re.compile(rf"(?<![\w$.'\"`])(?:{'|'.join(ARGUMENTS)})(?![\w$<.'\"`])")


def with_arguments(type: str, source: str) -> str:
    """Return a type with the arguments that an annotation needs: `Promise<any>[]` for `Promise[]`.

    Types that the source itself declares are left as they are.
    """

    def given(match: re.Match[str]) -> str:
        name = match[0]
        own = re.search(rf"\b(?:class|interface|type|enum)\s+{name}\b", source)
        return name if own else name + ARGUMENTS[name]

    return _BARE.sub(given, type)
