"""Members of values: properties of declared types, of the program's objects and classes, and of
modules.
"""

from __future__ import annotations

from functools import lru_cache

from augment import Node
from contracode.usage.declared.declarations import Declarations, Found, returned
from contracode.usage.type_lookup import TypeLookup
from contracode.usage.type_text import bare, element, generic, join, tag, union

_NODE = "node:"


class Members:
    """Looks members up for the expression types of a program."""

    def __init__(self, types: TypeLookup) -> None:
        self._types = types

    def property(self, node: Node) -> str | None:
        """Return the type of `a.b`."""
        name, owner = node.field("property"), node.field("object")
        if name is None or owner is None:
            return None
        text = self._types.text(name)
        receiver = self._types.of(owner)
        if receiver is None:
            return unanimous(self._types.declarations, text, called=False)
        return self.of(receiver, text)

    def of(self, receiver: str, name: str) -> str | None:
        """Return the type of a member; a union's where all of its members have it."""
        found: list[str] = []
        for part in union(bare(receiver)):
            type = self._of_part(part, name)
            if type is None:
                return None
            found.append(type)
        return join(found) if found else None

    def _of_part(self, part: str, name: str) -> str | None:
        types = self._types
        letter, rest = tag(part)
        if letter == "o":
            return self._of_object(int(rest), name)
        if letter == "i":
            body = int(rest)
            field = types.subjects.fields.get((body, name))
            if field is not None:
                return types.known_at(field.node.index)
            return self._method(types.subjects.methods.get((body, name)))
        if letter == "c":
            body = types.program.tree.nodes[int(rest)].field("body")
            method = None if body is None else types.subjects.methods.get((body.index, name))
            return self._method(method)
        if letter == "f":
            return {"length": "number", "name": "string"}.get(name)
        entry = self.entry(part, name)
        if entry is not None:
            return entry if isinstance(entry, str) else f"#d:{letter}:{rest}.{name}"
        found = types.declarations.member(part, name)
        return found.type if found is not None else None

    def _method(self, method: Node | None) -> str | None:
        if method is None:
            return None
        if method.has("get"):
            return self._types.known_at(method.index)
        return None if method.has("set") else f"#f{method.index}"

    def _of_object(self, index: int, name: str) -> str | None:
        types = self._types
        for item in types.program.tree.nodes[index].named:
            if item.type == "pair":
                key, value = item.field("key"), item.field("value")
                if key is not None and value is not None and types.text(key).strip("'\"") == name:
                    return types.of(value)
            elif item.type == "method_definition":
                if types.subjects.methods.get((index, name)) is item:
                    return self._method(item)
            elif item.type == "shorthand_property_identifier" and types.text(item) == name:
                binding = types.program.scopes.of_node.get(item.index)
                return None if binding is None else types.of_binding(binding)
        return None

    def entry(self, part: str, name: str) -> str | list | dict | None:
        """Return the declaration of a member of a module or a global constructor."""
        declarations = self._types.declarations
        letter, rest = tag(part)
        if letter == "m":
            return declarations.modules.get(rest, {"m": {}})["m"].get(name)
        if letter == "s":
            entry = declarations.globals.get(rest)
            return entry["m"].get(name) if isinstance(entry, dict) else None
        return None

    def signatures(self, receiver: str, name: str) -> list[tuple[list, dict[str, str]]]:
        """Return the signatures of a method of a declared type, with type arguments."""
        for part in union(bare(receiver)):
            entry = self.entry(part, name)
            if isinstance(entry, list):
                return [(one, {}) for one in entry]
            if isinstance(entry, str):
                return [(one, {}) for one in self._types.declarations.calls(entry)]
            found = self._types.declarations.member(part, name)
            if found is not None and found.type is None:
                return [(one, dict(found.given)) for one in found.signatures]
            if found is not None and found.type is not None:
                return [(one, {}) for one in self._types.declarations.calls(found.type)]
        return []

    def element(self, node: Node) -> str | None:
        """Return the type of `a[b]`."""
        owner, index = node.field("object"), node.field("index")
        if owner is None or index is None:
            return None
        receiver = self._types.of(owner)
        if receiver is None:
            return None
        if index.type == "string":
            return self.of(receiver, self._types.text(index)[1:-1])
        if self._types.of(index) == "string":
            return None
        found = [self._numbered(part) for part in union(bare(receiver))]
        known = [type for type in found if type is not None]
        return join(known) if len(known) == len(found) else None

    def _numbered(self, part: str) -> str | None:
        if part == "string" or generic(part)[0] == "Array":
            return element(part)
        return self._types.declarations.numbered(part)

    def constructed(self, type: str) -> str | None:
        """Return what `new` makes of a member of a module, `new events.EventEmitter()`."""
        letter, rest = tag(type)
        if letter != "d":
            return None
        owner, _, name = rest.rpartition(".")
        entry = self.entry(f"#{owner}", name)
        return generic(entry["n"][0][0])[0] if isinstance(entry, dict) and "n" in entry else None

    def module(self, name: str) -> str | None:
        """Return the type of what `require` gives for a module, None for one that is unknown."""
        name = name.removeprefix(_NODE)
        return f"#m:{name}" if name in self._types.declarations.modules else None

    def imported(self, name: Node) -> str | None:
        """Return the type of an imported name."""
        around: Node | None = name
        while around is not None and around.type != "import_statement":
            around = around.parent
        source = None if around is None else around.field("source")
        if source is None or name.parent is None:
            return None
        module = self.module(self._types.text(source)[1:-1])
        if module is None or name.parent.type != "import_specifier":
            return module
        original = name.parent.field("name")
        return None if original is None else self.of(module, self._types.text(original))


_PRIMITIVE_RESULTS = frozenset({"boolean", "number", "string", "string[]"})


@lru_cache(maxsize=8192)
def unanimous(declarations: Declarations, name: str, *, called: bool) -> str | None:
    """Return the type of a member that all declared types with it agree on, whatever has it.

    Members of JavaScript's own classes count, and members of others whose names have two words
    or more: `querySelector`, not `find`.
    """
    owners = [one for one in declarations.owners(name) if not one.endswith("Constructor")]
    groups = {declarations.group(one) for one in owners}
    if "es" not in groups and ("dom" not in groups or name.islower()):
        return None
    types: set[str] = set()
    for owner in owners:
        found = declarations.member(owner, name)
        if found is None:
            continue
        if (found.type is None) != called:
            return None
        types.add(_result(found, owner))
    if len(types) != 1:
        return None
    (type,) = types
    if "es" in groups:
        return type if type in _PRIMITIVE_RESULTS else None
    return None if "any" in type or "this" in type or "[$" in type else type


def _result(found: Found, owner: str) -> str:
    if found.type is not None:
        return found.type
    last = found.signatures[-1][0]  # the most general overload stands last
    return returned(Found(None, [[last]], found.given, found.owner), owner)
