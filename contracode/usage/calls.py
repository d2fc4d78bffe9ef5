"""Calls: which signature is meant, what it gives, and what it says of its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from augment import Node
from augment.syntax.tree import FUNCTIONS
from contracode.usage.members import Members, unanimous
from contracode.usage.subjects import inner
from contracode.usage.type_lookup import TypeLookup
from contracode.usage.type_text import bare, generic, indexed, join, kind, substitute, tag, union

Signed = tuple[list, dict[str, str]]
"""A signature and what stands for type parameters in it."""


class Call(NamedTuple):
    """A call or construction."""

    node: Node

    @property
    def arguments(self) -> list[Node]:
        """Return the expressions that are passed."""
        listed = self.node.field("arguments")
        if listed is None or listed.type != "arguments":
            return []
        return listed.named

    @property
    def callee(self) -> Node:
        """Return what is called."""
        made = self.node.field("constructor") or self.node.field("function")
        return inner(made if made is not None else self.node.children[0])


class Calls:
    """Resolves the calls of a program."""

    def __init__(self, types: TypeLookup, members: Members) -> None:
        self._types = types
        self._members = members

    def target(self, call: Call) -> Node | None:
        """Return the function of the program that a call runs."""
        callee = call.callee
        if callee.type in FUNCTIONS:
            return callee
        type = self._types.of(callee)
        letter, rest = tag(type or "")
        return self._types.program.tree.nodes[int(rest)] if letter == "f" else None

    def signatures(self, call: Call) -> list[Signed]:
        """Return the declared signatures of what is called."""
        callee = call.callee
        types = self._types
        if callee.type == "identifier":
            type = types.of(callee)
            letter, rest = tag(type or "")
            if type is None or letter == "f":
                return []
            if letter == "s":
                return self._of_global(rest, is_new=call.node.type == "new_expression")
            if letter == "m":
                return [(one, {}) for one in types.declarations.modules[rest].get("c", ())]
            if letter == "d":
                owner, _, name = rest.rpartition(".")
                return self._members.signatures(f"#{owner}", name)
            return [(one, {}) for one in types.declarations.calls(type)]
        if callee.type != "member_expression":
            return []
        owner, name = callee.field("object"), callee.field("property")
        receiver = None if owner is None else types.of(owner)
        if name is None:
            return []
        if receiver is None:
            receiver = _USUAL_RECEIVERS.get(types.text(name))
        return [] if receiver is None else self._members.signatures(receiver, types.text(name))

    def _of_global(self, name: str, *, is_new: bool) -> list[Signed]:
        declarations = self._types.declarations
        if is_new:
            return [(one, {}) for one in declarations.constructors.get(name, ())]
        entry = declarations.globals[name]
        found = entry if isinstance(entry, list) else entry.get("c", ())
        return [(one, {}) for one in found]

    def chosen(self, call: Call) -> list[Signed]:
        """Return the signatures that the arguments fit, type parameters bound; of several that
        say the same of them the first stands first.
        """
        arguments = call.arguments
        if any(argument.type == "spread_element" for argument in arguments):
            return []
        found: list[Signed] = []
        for signature, given in self.signatures(call):
            if self._fits(signature, arguments, given):
                found.append((signature, given | self._bound(signature, arguments, given)))
        return found

    def _fits(self, signature: list, arguments: Sequence[Node], given: dict[str, str]) -> bool:
        parameters = signature[1:]
        has_rest = bool(parameters) and _mark(parameters[-1]) == "..."
        if len(arguments) > len(parameters) and not has_rest:
            return False
        needed = sum(_mark(parameter) == "" for parameter in parameters)
        if len(arguments) < needed:
            return False
        return all(
            self._accepts(parameters[min(n, len(parameters) - 1)], argument, given)
            for n, argument in enumerate(arguments)
        )

    def _accepts(self, parameter: str | list, argument: Node, given: dict[str, str]) -> bool:
        argument = inner(argument)
        type = self._types.of(argument)
        if isinstance(parameter, list):
            return argument.type not in _NO_FUNCTIONS and (type is None or kind(type) in _CALLABLE)
        expected = substitute(parameter.lstrip("?."), given)
        if expected == "any" or parameter.startswith("..."):
            return argument.type not in FUNCTIONS or expected == "any"
        if type is None:
            return argument.type not in FUNCTIONS
        kinds = {kind(part) for part in union(expected)}
        own = {kind(part) for part in union(bare(type))}
        if "any" in kinds or "any" in own or type in ("null", "undefined"):
            return True
        if "function" in own and "object" in kinds:
            return False
        return bool(kinds & own)

    def _bound(
        self, signature: list, arguments: Sequence[Node], given: dict[str, str]
    ) -> dict[str, str]:
        """Return what the arguments say of type parameters."""
        bound: dict[str, str] = {}
        for parameter, argument in zip(signature[1:], arguments, strict=False):
            if isinstance(parameter, list):
                result = parameter[1][0]
                if result.startswith("$") and result not in given:
                    type = self._result_of_function(argument)
                    if type is not None:
                        bound[result] = type
                continue
            parameter = parameter.lstrip("?.")
            if parameter == "$K" and argument.type == "string":
                bound["$K"] = self._types.text(argument)[1:-1]
            elif parameter.startswith("$") and parameter not in given:
                type = self._types.of(argument)
                if type is not None:
                    bound.setdefault(parameter, type)
        return bound

    def _result_of_function(self, argument: Node) -> str | None:
        type = self._types.of(argument)
        letter, rest = tag(type or "")
        return self._types.known_at(int(rest)) if letter == "f" else None

    def resolved(self, type: str, given: dict[str, str]) -> str:
        """Return a declared type with type parameters and maps of names replaced; `any` where a
        map does not have the name.
        """
        for owner, key in indexed(type):
            found = self._types.declarations.indexed(owner, given.get(key, ""))
            if found is None:
                return "any"
            type = type.replace(f"{owner}[{key}]", found)
        return substitute(type, given)

    def result(self, call: Call) -> str | None:
        """Return the type of a call."""
        types = self._types
        callee = call.callee
        if callee.type == "import" or types.text(callee) in _TIMERS:
            return None  # a number in browsers, an object in Node
        if types.text(callee) == "require" and len(call.arguments) == 1:
            argument = call.arguments[0]
            text = types.text(argument)[1:-1]
            return self._members.module(text) if argument.type == "string" else None
        function = self.target(call)
        if function is not None:
            return types.known_at(function.index)
        owner = callee.field("object") if callee.type == "member_expression" else None
        receiver = types.of(owner) if owner is not None else None
        if owner is not None and receiver is None:
            return self._of_unknown(callee, call)
        for signature, given in self.chosen(call):
            type = self.resolved(signature[0], given)
            if type == "any":
                continue
            return join(_own(part, receiver) for part in union(type))
        return None

    def _of_unknown(self, callee: Node, call: Call) -> str | None:
        """Return what a method gives whose receiver is unknown."""
        name = callee.field("property")
        if name is None:
            return None
        text = self._types.text(name)
        if text == "replace" and len(call.arguments) == 2:
            return "string"
        return unanimous(self._types.declarations, text, called=True)

    def callback(self, function: Node) -> list[str] | None:
        """Return the types of the parameters that a function is called with where it is passed."""
        argument = function
        while argument.parent is not None and argument.parent.type == "parenthesized_expression":
            argument = argument.parent
        listed = argument.parent
        if listed is None or listed.type != "arguments" or listed.parent is None:
            return None
        call = Call(listed.parent)
        position = next((n for n, one in enumerate(call.arguments) if one is argument), None)
        if position is None:
            return None
        for signature, given in self.chosen(call):
            parameters = signature[1:]
            if not parameters:
                continue
            parameter = parameters[min(position, len(parameters) - 1)]
            if isinstance(parameter, list):
                some = [one for one in parameter[1][1:] if isinstance(one, str)]
                return [
                    self.resolved(one.lstrip("?."), given) if not one.startswith("...") else "any"
                    for one in some
                ]
            for one in self._types.declarations.calls(parameter.lstrip("?.")):
                return [text.lstrip("?.") for text in one[1:] if isinstance(text, str)]
        return None


_USUAL_RECEIVERS = {"addEventListener": "HTMLElement", "removeEventListener": "HTMLElement"}
"""Methods that say by themselves what has them."""

_TIMERS = frozenset({"setInterval", "setTimeout", "setImmediate"})

_NO_FUNCTIONS = frozenset(
    {"array", "false", "null", "number", "object", "regex", "string", "template_string", "true"}
)

_CALLABLE = frozenset({"any", "function", "object"})


def _mark(parameter: str | list) -> str:
    if isinstance(parameter, list):
        return parameter[0]
    return "..." if parameter.startswith("...") else "?" if parameter.startswith("?") else ""


def _own(part: str, receiver: str | None) -> str:
    if part != "this":
        return part
    return "any" if receiver is None else generic(receiver)[0] if "#" in receiver else receiver
