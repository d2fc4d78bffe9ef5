"""Types that a source rules out: by initial values, returned values, and how functions are
declared.

Only built-in types can be ruled out; any other name may be an alias of the right type.

Legend: S types.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from contracode.javascript.return_evidence import ReturnEvidence
from contracode.javascript.value_kinds import NOTHING, ValueKind

_PRIMITIVES = ("string", "number", "boolean", "bigint", "symbol")

_BUILT_IN = frozenset(
    """Array ArrayBuffer BigInt64Array BigUint64Array DataView Date Error EvalError Float32Array
    Float64Array Function Int16Array Int32Array
    Int8Array Map Promise RangeError ReferenceError RegExp Set SyntaxError TypeError URIError
    Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakSet""".split()
)
"""Built-in classes."""

_NOTHING = frozenset({"void", "undefined", "never", "null"})

_PROMISE = re.compile(r"Promise(?:<(.*)>)?", re.DOTALL)

_ITERATOR = re.compile(
    r"(?:Async)?(?:Iterable|Iterator|IterableIterator|IteratorObject|Generator)\b"
)

_HEAD = re.compile(r"([A-Za-z_$][\w$]*)(?:<.*>)?", re.DOTALL)


class _TypeFacts(NamedTuple):
    """Facts about a type.

    Attributes:
        nothing: it is `void`, `undefined` or `never`, or a promise of one of them.
        promise: it is a promise.
        iterator: it is the type of a generator's result.
        value_kinds: kinds of its values; None if unknown.
        awaited: kinds of the values that it promises; for other types, of its values.
    """

    nothing: bool
    promise: bool
    iterator: bool
    value_kinds: frozenset[ValueKind] | None
    awaited: frozenset[ValueKind] | None


@functools.lru_cache(maxsize=20_000)
def _kind(type: str) -> _TypeFacts:
    promise = _PROMISE.fullmatch(type)
    of = type if promise is None else promise[1] or "any"
    nothing = of in _NOTHING and of != "null"
    return _TypeFacts(
        nothing,
        promise is not None,
        _ITERATOR.match(type) is not None,
        _value_kinds(type),
        _value_kinds(of),
    )


def _value_kinds(type: str) -> frozenset[ValueKind] | None:
    found: set[ValueKind] = set()
    for part in _union(type):
        value_kind = _value_kind(part)
        if value_kind is None:
            return None
        found.add(value_kind)
    return frozenset(found)


def _value_kind(type: str) -> ValueKind | None:
    if type in _NOTHING:
        return NOTHING
    if type in _PRIMITIVES:
        return type
    if type[:1] in "\"'`":
        return "string"
    if type in ("true", "false"):
        return "boolean"
    if type == "Function" or "=>" in type:
        return "function"
    if type.endswith("[]"):
        return type if type[:-2] in _PRIMITIVES else "array"
    if type.startswith("["):
        return "array"
    head = _HEAD.fullmatch(type)
    if head is None or head[1] not in _BUILT_IN:
        return None
    return "array" if head[1] == "Array" else head[1]


def _union(type: str) -> list[str]:
    """Return the members of a union at its top level."""
    parts, depth = [""], 0
    for character in type:
        depth += (character in "(<[{") - (character in ")>]}")
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


class ShownEvidence(NamedTuple):
    """What a source shows about one target.

    Attributes:
        value_kind: of an initial value, or of what a function returns; None if unknown.
        return_evidence: what a function returns; None for anything but functions.
        is_async: the function is async.
        is_generator: the function is a generator.
        called: the target is called somewhere.
    """

    value_kind: ValueKind | None = None
    return_evidence: ReturnEvidence | None = None
    is_async: bool = False
    is_generator: bool = False
    called: bool = False


def unless_all(out_S: np.ndarray) -> np.ndarray:
    """Return the types that are ruled out, or none if that would be all of them."""
    return np.zeros_like(out_S) if out_S.all() else out_S


def contradicted(types: Sequence[str], shown: ShownEvidence) -> np.ndarray:
    """Return which types the evidence contradicts: bool (S,).

    A value of a known kind has no type of another kind; an async function returns a promise, a
    generator an iterator (ECMA-262 §27.7.5.1, §27.5); a function that returns a value is not void,
    and one that returns nothing is; a target that is called may be a function.
    """
    kinds = [_kind(type) for type in types]
    if shown.is_generator:
        out = [not kind.iterator for kind in kinds]
    elif shown.is_async:
        out = [not kind.promise or _is_other(kind.awaited, shown.value_kind) for kind in kinds]
    else:
        out = [_is_other(kind.value_kinds, shown.value_kind) for kind in kinds]
    out_S = np.asarray(out, bool)
    if shown.called:
        out_S |= np.asarray([_is_other(kind.value_kinds, "function") for kind in kinds], bool)
    if shown.return_evidence in ("value", "nothing") and not shown.is_generator:
        nothing_S = np.asarray(
            [kind.nothing and kind.promise == shown.is_async for kind in kinds], bool
        )
        out_S |= nothing_S if shown.return_evidence == "value" else ~nothing_S
    return out_S


def _is_other(said: frozenset[ValueKind] | None, shown: ValueKind | None) -> bool:
    """Return whether the known kinds of a type exclude the kind that is shown."""
    if said is None or shown is None or shown == NOTHING:
        return False
    if shown == "array":
        return not any(map(_is_array, said))
    fits = (
        {shown, "array"}
        if _is_array(shown)
        else {shown, "Error"}
        if shown.endswith("Error")
        else {shown}
    )
    return not said & fits


def _is_array(value_kind: ValueKind) -> bool:
    return value_kind == "array" or value_kind.endswith("[]")
