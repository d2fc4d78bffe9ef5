"""Operations on types as text: TypeScript's syntax, with `$T` for an open type parameter.

Inside this room a type may also be a tag that stands for a part of the program or a module: `#f12`
for the function at node 12, `#c12` for a class, `#o12` for an object literal, `#m:fs` for a module,
`#s:Array` for a global constructor. `ExpressionTypes.shown` turns tags into TypeScript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

NOTHING = frozenset({"null", "undefined", "void"})

PRIMITIVES = frozenset({"bigint", "boolean", "number", "string", "symbol"})

_OPEN = re.compile(r"\$[A-Za-z_]\w*")

_ARRAY = re.compile(r"(?:Readonly)?Array<(.*)>", re.DOTALL)

_GENERIC = re.compile(r"([\w$.:/#-]+)<(.*)>", re.DOTALL)

_INDEXED = re.compile(r"(\w+)\[(\$\w+)\]")


_TAG = re.compile(r"#([cdfimos]):?([\w$./:-]+)")


def tag(part: str) -> tuple[str, str]:
    """Return the letter and the rest of a tag; empty strings for other types."""
    if not part.startswith("#"):
        return "", ""
    found = _TAG.fullmatch(part)
    return (found[1], found[2]) if found is not None else ("", "")


def _split(text: str, separator: str) -> list[str]:
    """Split at separators outside brackets and arrows."""
    found, depth, start = list[str](), 0, 0
    previous = ""
    for at, character in enumerate(text):
        if character in "(<[{":
            depth += 1
        elif character in ")]}" or (character == ">" and previous != "="):
            depth -= 1
        elif character == separator and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
        previous = character
    found.append(text[start:].strip())
    return found


@lru_cache(maxsize=8192)
def union(type: str) -> tuple[str, ...]:
    """Return the members of a union type; other types are their only member."""
    if "|" not in type:
        return (type,)
    if "=>" in type and not type.startswith("("):
        return (type,)
    parts = _split(type, "|")
    arrow = next((n for n, part in enumerate(parts) if "=>" in part and part[-1] != ")"), None)
    if arrow is not None:  # `(x) => A | B` is one function
        parts[arrow:] = [" | ".join(parts[arrow:])]
    return tuple(part[1:-1] if _is_grouped(part) else part for part in parts)


def _is_grouped(part: str) -> bool:
    if not (part.startswith("(") and part.endswith(")")):
        return False
    depth = 0
    for at, character in enumerate(part):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return at == len(part) - 1
    return False


def join(types: Iterable[str]) -> str:
    """Return the union of types, `null` and `undefined` last; `any` if one is open."""
    return _joined(tuple(types))


@lru_cache(maxsize=8192)
def _joined(types: tuple[str, ...]) -> str:
    seen = dict.fromkeys(part for type in types for part in union(type))
    if "any" in seen or "unknown" in seen:
        return "any"
    some = [part for part in seen if part not in NOTHING]
    arrays = [part for part in some if part not in ("any[]", "never[]") and part.endswith("[]")]
    if arrays:  # `any[]` adds nothing to `string[]`
        some = [part for part in some if part not in ("any[]", "never[]")]
    nothing = [part for part in ("void", "null", "undefined") if part in seen]
    return " | ".join(
        f"({part})" if "=>" in part and len(some) + len(nothing) > 1 else part
        for part in (*some, *nothing)
    )


@lru_cache(maxsize=8192)
def bare(type: str) -> str:
    """Return a type without `null`, `undefined` and `void`, unless it consists of these."""
    kept = [part for part in union(type) if part not in NOTHING]
    return join(kept) if kept else type


@lru_cache(maxsize=8192)
def generic(type: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a type and its arguments: `Map<K, V>` is `Map` and `(K, V)`."""
    if type.endswith("[]"):
        return "Array", (type[:-2].removeprefix("(").removesuffix(")"),)
    if type.startswith("[") and type.endswith("]"):
        return "Array", (join(_split(type[1:-1], ",")) if type != "[]" else "any",)
    found = _GENERIC.fullmatch(type)
    if found is None:
        return type, ()
    return found[1].removeprefix("Readonly") if "Array" in found[1] else found[1], tuple(
        _split(found[2], ",")
    )


@lru_cache(maxsize=8192)
def element(type: str) -> str | None:
    """Return the type of the elements when iterating over a type; None if unknown."""
    found: list[str] = []
    for part in union(bare(type)):
        name, arguments = generic(part)
        if part == "string":
            found.append("string")
        elif name == "Map" and len(arguments) == 2:
            found.append(f"[{arguments[0]}, {arguments[1]}]")
        elif name in _ITERABLE and arguments:
            found.append(arguments[0])
        elif part in _ELEMENTS:
            found.append(_ELEMENTS[part])
        elif part.endswith("Array") and part[:1].isupper() and part != "Array":
            found.append("number")  # typed arrays
        else:
            return None
    return join(found)


_ITERABLE = frozenset(
    """Array ArrayIterator HTMLCollectionOf Iterable IterableIterator Iterator MapIterator
    NodeListOf Set SetIterator""".split()
)

_ELEMENTS = {
    "Buffer": "number",
    "DOMTokenList": "string",
    "HTMLCollection": "Element",
    "NodeList": "Node",
}


def array_of(type: str | None) -> str:
    """Return the type of an array of a type; `any[]` for None."""
    if type is None or type in NOTHING:
        return "any[]"
    return f"({type})[]" if " " in type and not type.startswith("{") else f"{type}[]"


def substitute(type: str, given: Mapping[str, str]) -> str:
    """Replace type parameters, `$T`, by their types, and unknown ones by `any`."""
    if "$" not in type:
        return type
    text = _OPEN.sub(lambda match: given.get(match[0], "any"), type)
    return "any" if text == "any" or "any" in _split(text, "|") else text


def indexed(type: str) -> list[tuple[str, str]]:
    """Return the objects and keys of all `Map[$K]` in a type."""
    return _INDEXED.findall(type) if "[$" in type else []


@lru_cache(maxsize=8192)
def kind(part: str) -> str:
    """Return the kind of value of a type that is not a union: a primitive's name, `function`,
    `array`, `nothing`, `object`, or `any` if unknown.
    """
    if part in PRIMITIVES:
        return part
    if part in NOTHING:
        return "nothing"
    if part in ("any", "unknown", "never", "this") or part.startswith("$"):
        return "any"
    if part[:1] in "\"'`":
        return "string"
    if part in ("true", "false"):
        return "boolean"
    if part.lstrip("-").replace(".", "").isdigit():
        return "number"
    if part in ("Function", "CallableFunction") or tag(part)[0] in ("c", "d", "f", "s"):
        return "function"
    if "=>" in part and part.startswith("("):
        return "function"
    if part.endswith("[]") or part.startswith("[") or _ARRAY.fullmatch(part) or part == "Array":
        return "array"
    return "object"


def short(type: str) -> str:
    """Return a type without the modules of its names: `Stats` for `fs:Stats`."""
    return re.sub(r"[\w./-]+:(?=[A-Z])", lambda match: _SPACES.get(match[0], ""), type)


def spelled(type: str) -> str:
    """Return a type in TypeScript's syntax: `import('fs').Stats` for `fs:Stats`."""
    return re.sub(r"([\w./-]+):(?=[A-Z])", r"import('\1').", type)


_SPACES = {"react:": "React."}
