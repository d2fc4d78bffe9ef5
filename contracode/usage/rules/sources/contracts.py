"""Parameters whose names and members say by which contract their function is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from augment import Node
from contracode.usage.evidence import Fact, Finding
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.contract_table import CONTRACTS, Contract
from contracode.usage.rules.registry import on_source
from contracode.usage.subjects import Subject

_ERROR_FIRST = re.compile(r"_?(er|err|error)")

_EVENT = re.compile(r"e|ev|evt|event")

_IMPORT = re.compile(r"""(?:require\(|from\s+|import\s+)['"](?:node:)?([^'"]+)['"]""")


@on_source
def contracts(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """Find the contract of the function of a parameter."""
    if subject.kind != "parameter" or subject.function is None or subject.position is None:
        return
    if context.contracts is None:
        context.contracts = _handlers(context)
    found = context.contracts.get(subject.function.index)
    if found is not None and subject.position < len(found.types):
        yield Finding(found.types[subject.position], "contract", f"a parameter of {found.name}")
        return
    name = subject.name
    if subject.position == 0 and _ERROR_FIRST.fullmatch(name):
        if not _members(subject, context) - _ERROR_MEMBERS:
            yield Finding("Error", "error-name", "the first parameter of a Node callback")
    elif _EVENT.fullmatch(name) and subject.position == 0:
        yield from _event(subject, context)


_ERROR_MEMBERS = frozenset(
    """cause code errno message name path stack status statusCode syscall toString response
    statusText data errors""".split()
)


def _handlers(context: UsageContext) -> dict[int, Contract]:
    """Return the contracts of the program's functions, by the index of their nodes."""
    modules = {match[1] for match in _IMPORT.finditer(context.program.source.decode())}
    by_function: dict[int, list[Subject]] = {}
    for subject in context.subjects.all:
        if subject.kind == "parameter" and subject.position is not None:
            assert subject.function is not None
            by_function.setdefault(subject.function.index, []).append(subject)
    found: dict[int, Contract] = {}
    for index, parameters in by_function.items():
        scored = [
            (score, -order, contract)
            for order, contract in enumerate(CONTRACTS)
            if (score := _score(contract, parameters, context, modules)) is not None
        ]
        if scored:
            found[index] = max(scored, key=lambda one: one[:2])[2]
    return found


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _score(
    contract: Contract, parameters: list[Subject], context: UsageContext, modules: set[str]
) -> float | None:
    """Return how well a contract suits parameters, None where it does not."""
    names = [subject.name for subject in parameters]
    if not contract.min_parameters <= len(names) <= len(contract.names):
        return None
    if not all(_pattern(p).fullmatch(name) for p, name in zip(contract.names, names, strict=False)):
        return None
    if contract.modules and not modules & set(contract.modules):
        return None
    have = lack = 0
    for subject, type in zip(parameters, contract.types, strict=False):
        for name in _members(subject, context):
            declared = context.types.declarations.has(type, name)
            have += declared is True
            lack += declared is False
    if lack > max(have, 2):
        return None
    return have - lack + (0.5 if contract.modules or "express" in modules else 0)


def _members(subject: Subject, context: UsageContext) -> set[str]:
    """Return the names of the members that are read of a parameter."""
    found: set[str] = set()
    for use in subject.uses:
        around = use.parent
        if around is not None and around.type == "member_expression":
            name = around.field("property")
            is_set = around.parent is not None and around.parent.type == "assignment_expression"
            is_set = is_set and around.field_name == "left"
            if around.field("object") is use and name is not None and not is_set:
                found.add(context.types.text(name))
    return found


def _event(subject: Subject, context: UsageContext) -> Iterator[Fact]:
    """An event of a browser: of the narrowest type that has all members that are read."""
    members = frozenset(_members(subject, context))
    declarations = context.types.declarations
    handler = _jsx_attribute(subject, context)
    if handler is not None:
        yield Finding(handler[1], "jsx-handler", f"`{handler[0]}` passes it")
        return
    if not members or _is_of_jquery(subject, context):
        return
    some = [
        name
        for name in declarations.having(members)
        if declarations.group(name) == "dom"
        and any(b == "Event" for b, _ in declarations.bases(name))
    ]
    if len(some) == 1:
        listed = ", ".join(f"`{name}`" for name in sorted(members)[:3])
        yield Finding(some[0], "event", f"an event whose {listed} is read")


def _jsx_attribute(subject: Subject, context: UsageContext) -> tuple[str, str] | None:
    """Return the JSX attribute that a function is passed to, and what it is called with."""
    function = subject.function
    assert function is not None
    places: list[Node] = [function]
    name = function.parent.field("name") if function.parent is not None else None
    own = function.field("name") or name
    binding = context.program.scopes.of_node.get(own.index) if own is not None else None
    if binding is not None:
        places += [reference.node for reference in binding.references]
    for place in places:
        around = place.parent
        attribute = around.parent if around is not None else None
        if around is None or attribute is None or around.type != "jsx_expression":
            continue
        if attribute.type != "jsx_attribute":
            continue
        text = context.types.text(attribute.named[0])
        found = context.types.declarations.member("react:DOMAttributes", text)
        element = attribute.parent
        tag = element.field("name") if element is not None else None
        if found is None or tag is None or not found.signatures:
            continue
        if not context.types.text(tag).islower():
            continue
        event = found.signatures[0][1] if len(found.signatures[0]) > 1 else None
        if isinstance(event, str) and event != "any":
            made = context.types.declarations.indexed(
                "HTMLElementTagNameMap", context.types.text(tag)
            )
            return text, f"{event.lstrip('?').partition('<')[0]}<{made or 'Element'}>"
    return None


def _is_of_jquery(subject: Subject, context: UsageContext) -> bool:
    """Whether the function is passed to a method of jQuery, whose events are its own."""
    node = subject.function
    while node is not None and node.type != "call_expression":
        node = node.parent
    callee = node.children[0] if node is not None else None
    owner = callee.field("object") if callee is not None else None
    if owner is None:
        return False
    return (context.types.of(owner) or "").startswith("JQuery") or "$" in context.types.text(owner)
