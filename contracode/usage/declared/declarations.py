"""Declared types of JavaScript, browsers, Node and a few libraries: members, signatures, modules.

`python -m contracode.usage.declared.build_declarations` builds the shipped file. Global types have
their own names, types of modules the module in front: `Element`, `fs:Stats`, `express:Request`.

A member is its type as text, or a list of signatures. A signature is a list of the return type and
the parameters. A parameter is text (with `?` in front if optional, `...` if it is a rest), or a
list of such a mark and the signature of a callback.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from contracode.support.resources import data_dir
from contracode.usage.type_text import generic, join, substitute, union

FILE = "declarations/declarations.json.gz"

Signature = list
"""`[return type, *parameters]`; see the module."""


class Found(NamedTuple):
    """A declared member.

    Attributes:
        type: type of a property; None for a method.
        signatures: signatures of a method.
        given: arguments for the type parameters of its owner.
        owner: the type that declares it.
    """

    type: str | None
    signatures: Sequence[Signature]
    given: Mapping[str, str]
    owner: str


class Declarations:
    """The shipped declarations."""

    def __init__(self, data: Mapping[str, dict]) -> None:
        self._types = data["types"]
        self.globals = data["globals"]
        self.constructors = data["constructors"]
        self.modules = data["modules"]
        self.packages: Mapping[str, dict] = data["packages"]
        self._callable: dict[str, bool] = {}
        self._having = lru_cache(maxsize=4096)(self._types_having)
        self._names = lru_cache(maxsize=4096)(self._member_names)

    def __contains__(self, name: str) -> bool:
        return name in self._types

    def group(self, name: str) -> str:
        """Return where a type is declared: `es`, `dom`, `node` or the library."""
        return self._types[name]["o"]

    def bases(self, name: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield a type and its base types, nearest first, with their type arguments."""
        waiting: list[tuple[str, dict[str, str]]] = [(name, {})]
        seen: set[str] = set()
        while waiting:
            base, given = waiting.pop(0)
            if base in seen or base not in self._types:
                continue
            seen.add(base)
            yield base, given
            for extended in self._types[base].get("x", ()):
                head, arguments = generic(substitute(extended, given) if given else extended)
                named = self._types.get(head, {}).get("p", ())
                waiting.append((head, {f"${p}": a for p, a in zip(named, arguments, strict=False)}))

    def member(self, type: str, name: str) -> Found | None:
        """Return a member of a type that is not a union; None if it is not declared."""
        head, arguments = generic(_boxed(type))
        entry = self._types.get(head)
        if entry is None:
            return None
        outer = {f"${p}": a for p, a in zip(entry.get("p", ()), arguments, strict=False)}
        for base, given in self.bases(head):
            found = self._types[base]["m"].get(name)
            if found is not None:
                return _found(found, {**given, **outer} if base == head else given, base)
        index = entry.get("s")
        return Found(substitute(index, outer), (), outer, head) if index is not None else None

    def calls(self, type: str) -> Sequence[Signature]:
        """Return the signatures by which a declared type is called."""
        return self._types.get(generic(type)[0], {}).get("c", ())

    def is_callable(self, name: str) -> bool:
        """Whether a declared type, or one with this short name, can be called."""
        found = self._callable.get(name)
        if found is None:
            some = [name] if ":" in name else self.named(name.rpartition(".")[2])
            found = self._callable[name] = any(self.calls(one) for one in some)
        return found

    def has(self, type: str, name: str) -> bool | None:
        """Whether a type that is not a union has a member; None for undeclared types."""
        head = generic(_boxed(type))[0]
        if head not in self._types:
            return None
        return name in self._names(head)

    def numbered(self, type: str) -> str | None:
        """Return the type of the numbered elements of a declared type."""
        head, arguments = generic(type)
        for base, given in self.bases(head):
            if (found := self._types[base].get("n")) is not None:
                named = self._types[base].get("p", ())
                own = {f"${p}": a for p, a in zip(named, arguments, strict=False)}
                return substitute(found, given or own)
        return None

    def having(self, members: frozenset[str]) -> tuple[str, ...]:
        """Return the declared types that have all of these members, base types first."""
        return self._having(members)

    def _member_names(self, head: str) -> frozenset[str]:
        names = {name for base, _ in self.bases(head) for name in self._types[base]["m"]}
        if head not in ("Object",):
            names |= _OF_OBJECTS
        if self._types[head].get("c"):
            names |= self._types["Function"]["m"].keys()
        return frozenset(names)

    def _types_having(self, members: frozenset[str]) -> tuple[str, ...]:
        index = self._owners
        sets = [index.get(name, frozenset()) for name in members - _OF_OBJECTS]
        if not sets:
            return ()
        common = frozenset.intersection(*sets)
        roots = [
            name
            for name in sorted(common)
            if not any(base in common for base, _ in self.bases(name) if base != name)
        ]
        return tuple(roots)

    @property
    def _owners(self) -> Mapping[str, frozenset[str]]:
        return _owners(self)

    def owners(self, member: str) -> frozenset[str]:
        """Return all types with a member, their own or inherited."""
        return self._owners.get(member, frozenset())

    def type_names(self) -> frozenset[str]:
        """Return the names of types that can be written without a module."""
        return frozenset(name for name in self._types if ":" not in name)

    def named(self, short: str) -> Sequence[str]:
        """Return the declared types that a short name may mean: `fs:Stats` for `Stats`."""
        return _by_short_name(self).get(short, ())

    def event(self, name: str) -> str | None:
        """Return the type of a DOM event by its name, such as `click`."""
        for events in ("HTMLElementEventMap", "WindowEventMap", "DocumentEventMap"):
            found = self.member(events, name) if events in self._types else None
            if found is not None:
                return found.type
        return None

    def indexed(self, owner: str, key: str) -> str | None:
        """Return the type at a literal key of a declared map: `HTMLElementTagNameMap["a"]`."""
        found = self.member(owner, key) if owner in self._types else None
        return found.type if found is not None else None


def _found(entry: str | list, given: Mapping[str, str], owner: str) -> Found:
    if isinstance(entry, str):
        return Found(substitute(entry, given), (), given, owner)
    return Found(None, entry, given, owner)


_BOXES = {
    "bigint": "BigInt",
    "boolean": "Boolean",
    "number": "Number",
    "string": "String",
    "symbol": "Symbol",
}

_OF_OBJECTS = frozenset(
    """constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString
    valueOf""".split()
)
"""Members of all objects (ECMA-262 §20.1.3)."""


def _boxed(type: str) -> str:
    if type in _BOXES:
        return _BOXES[type]
    return "Function" if "=>" in type and type.startswith("(") else type


@lru_cache(maxsize=1)
def _owners(declarations: Declarations) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in declarations._types:  # pyright: ignore[reportPrivateUsage] of the same module
        for base, _ in declarations.bases(name):
            for member in declarations._types[base]["m"]:  # pyright: ignore[reportPrivateUsage]
                found.setdefault(member, set()).add(name)
    return {member: frozenset(names) for member, names in found.items()}


@lru_cache(maxsize=1)
def _by_short_name(declarations: Declarations) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in declarations._types:  # pyright: ignore[reportPrivateUsage] of the same module
        found.setdefault(name.rpartition(":")[2].rpartition(".")[2], []).append(name)
    return found


@cache
def shipped() -> Declarations:
    """Return the declarations that ship with the package, read once."""
    with gzip.open(data_dir() / FILE, "rt", encoding="utf-8") as file:
        return Declarations(json.load(file))


def returned(found: Found, receiver: str) -> str:
    """Return the union of the return types of a member's signatures."""
    some = [substitute(one[0], found.given) for one in found.signatures]
    return join(receiver if part == "this" else part for one in some for part in union(one))
