"""Names that others than the program read: compilers, frameworks, metadata.

All uses of such a variable are known, but its name must stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from augment.program.facts import ProgramFacts
from augment.program.function import Function
from augment.syntax.tree import FUNCTIONS, Node

AMBIENT: Final = "declared elsewhere"

# What JSX compiles to where no comment says otherwise (React), and with the settings that Preact
# and Vue document.
_FACTORIES: Final = ("React", "h", "Fragment")

_PRAGMA: Final = re.compile(r"@jsx(?:Frag)?\s+([\w$]+)")

# AngularJS reads the names of parameters of functions that these methods are given.
_INJECTED: Final = frozenset(
    "animation component config controller decorator directive factory filter provider run service "
    "inject invoke instantiate annotate".split()
)

# Services of AngularJS, "ng" and "ngRoute".
_SERVICES: Final = re.compile(
    r"\$(?:scope|http|rootScope|q|timeout|interval|window|document|location|resource|route|routeParams|"
    r"state|stateParams|compile|filter|injector|provide|log|attrs|element|parse|sce|cookies|animate|"
    r"templateCache|cacheFactory|exceptionHandler|interpolate|\w+Provider)\Z"
)

_MODIFIERS: Final = frozenset({"accessibility_modifier", "readonly", "override_modifier"})

_RUNTIME_KINDS: Final = frozenset({"class", "class-name", "import", "enum", "namespace"})


def jsx_factories(program: ProgramFacts) -> frozenset[str]:
    """Return the names that the JSX of a program may compile to."""
    if not program.nodes("jsx_element", "jsx_self_closing_element"):
        return frozenset()
    pragmas = (
        match[1]
        for comment in program.comments
        for match in _PRAGMA.finditer(program.text(comment))
    )
    return frozenset((*_FACTORIES, *pragmas))


def keep_names(program: ProgramFacts, functions: Callable[[], list[Function]]) -> None:
    """Mark the bindings of `program` whose names others read.

    Args:
        program: what the bindings belong to.
        functions: returns its functions.
    """
    scopes = program.scopes
    factories = jsx_factories(program)
    if factories:
        for binding in scopes.bindings:
            if binding.name in factories:
                binding.keep("what JSX compiles to")
            elif binding.kind == "import" and not binding.references:
                binding.keep("an import for others to use")
    for parameter in _injected(program, functions):
        injected = scopes.of_node.get(parameter.index)
        if injected is not None:
            injected.keep("injected by its name")
    if program.language != "javascript":
        _keep_typed_names(program)


def _keep_typed_names(program: ProgramFacts) -> None:
    scopes = program.scopes
    for node in program.nodes("required_parameter", "optional_parameter"):
        if any(child.type in _MODIFIERS for child in node.children):
            pattern = node.field("pattern")
            binding = None if pattern is None else scopes.of_node.get(pattern.index)
            if binding is not None:
                binding.keep("a property too")
    # the uses of a class as a type are no references, its declarations are
    typed = {
        program.text_of[leaf.first]
        for leaf in program.nodes("type_identifier")
        if leaf.index not in scopes.of_node
    }
    for binding in scopes.bindings:
        if binding.name in typed and binding.kind in _RUNTIME_KINDS:
            binding.keep("used as a type")
    for ambient in program.nodes("ambient_declaration"):
        for leaf in program.tree.nodes[ambient.index : ambient.stop]:
            binding = scopes.of_node.get(leaf.index)
            if binding is not None and leaf in binding.declaring:
                binding.keep(AMBIENT)


def _injected(program: ProgramFacts, functions: Callable[[], list[Function]]) -> Iterator[Node]:
    """Yield the names of parameters that AngularJS reads."""
    if b"$" not in program.source and b"angular" not in program.source:
        return
    for function in functions():
        if not _is_plain(function.parameters):
            continue
        names = [program.text_of[node.first] for node in function.parameters]
        if any(_SERVICES.match(name) for name in names) or (
            names and _is_injected(program, function.node)
        ):
            yield from function.parameters


def _is_plain(parameters: list[Node]) -> bool:
    return all(node.type == "identifier" for node in parameters)


def _is_injected(program: ProgramFacts, function: Node) -> bool:
    """Whether `function` is the last argument of a call that AngularJS knows."""
    node = function
    if node.parent is not None and node.parent.type == "array":
        node = node.parent
    around = node.parent
    if around is None or around.type != "arguments" or "angular" not in program.names_used:
        return False
    call = around.parent
    assert call is not None
    callee = call.children[0]
    name = callee.field("property") if callee.type == "member_expression" else callee
    return (
        name is not None
        and name.last - name.first == 1
        and program.text_of[name.first] in _INJECTED
        and node.type in FUNCTIONS | {"array"}
    )
