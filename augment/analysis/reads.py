"""Reading a variable: whether that can fail or run code, and whether a later read gives the same
value.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from augment.program.kept_names import AMBIENT
from augment.program.program import Program
from augment.program.scope import Binding
from augment.syntax.tree import FUNCTIONS, Node

# Reasons to keep a name that do not make the value behind it uncertain.
_HARMLESS: Final = frozenset({"", "exported", "used as a JSX tag"})

_HOISTED: Final = frozenset({"function_declaration", "generator_function_declaration"})


def known_binding(program: Program, node: Node) -> Binding | None:
    """Return the binding that the identifier `node` certainly means, None for globals and where
    `eval` or `with` may interfere.
    """
    binding = program.scopes.of_node.get(node.index)
    if (
        binding is None
        or binding.scope.dynamic
        or binding.kept == AMBIENT
        or (binding.frozen not in _HARMLESS and binding.frozen != "global")
    ):
        return None
    return binding


def is_standard(program: Program, name: str) -> bool:
    """Whether `name` means the global that no program can write (`undefined`, `NaN`, `Infinity`)
    wherever it stands.
    """
    scopes = program.scopes
    return not (
        program.nodes("with_statement")
        or any(scope.dynamic for scope in scopes.all)
        or any(binding.name == name for binding in scopes.bindings)
    )


def reads_quietly(program: Program, node: Node) -> bool:
    """Whether `node` is an identifier whose reading cannot throw or run code: bound, and past its
    temporal dead zone.
    """
    if node.type != "identifier":
        return False
    binding = known_binding(program, node)
    if binding is None:
        return False
    kind = binding.kind
    if kind in ("parameter", "catch"):
        body = binding.scope.node.field("body")
        if body is not None and body.contains(node):
            return True
        return kind == "parameter" and not _has_defaults(binding.scope.node)
    if kind in ("let", "const", "class"):
        return any(initialised_by(declared, node) for declared in binding.declaring)
    return kind in ("var", "function", "function-name")


def _has_defaults(function: Node) -> bool:
    listed = function.field("parameters")
    return listed is not None and any(child.type != "identifier" for child in listed.named)


def initialised_by(declared: Node, use: Node) -> bool:
    """Whether the declaration of the name `declared` has run, with its initialiser, whenever `use`
    is evaluated.

    It has if `use` follows it in the same list of statements or below, and not in a function that
    hoisting makes callable earlier. A case of a switch may be entered without those before it.
    """
    node, region = declared, declared.parent
    while region is not None and region.type not in (
        "statement_block",
        "program",
        "class_static_block",
    ):
        if region.type == "for_in_statement":
            body = region.field("body")
            return body is not None and body.contains(use) and not _hoisted_between(use, body)
        if region.type not in _DECLARING or region.type in FUNCTIONS:
            return False
        node, region = region, region.parent
        if node.type == "for_statement" and node.contains(use):
            break
    if region is None or not region.contains(use) or use.index <= declared.index:
        return False
    declarator = declared.parent
    while declarator is not None and declarator.type not in (
        "variable_declarator",
        "class_declaration",
    ):
        declarator = declarator.parent
    return (
        declarator is not None
        and use.index >= declarator.stop
        and not _hoisted_between(use, region)
    )


# What may stand between a declared name and the list of statements that runs it.
_DECLARING: Final = frozenset(
    {
        "variable_declarator",
        "variable_declaration",
        "lexical_declaration",
        "class_declaration",
        "export_statement",
        "for_statement",
        "object_pattern",
        "array_pattern",
        "pair_pattern",
        "rest_pattern",
        "assignment_pattern",
        "object_assignment_pattern",
    }
)


def _hoisted_between(use: Node, region: Node) -> bool:
    node = use
    while node is not region:
        if node.type in _HOISTED:
            return True
        assert node.parent is not None
        node = node.parent
    return False


def stays_same(program: Program, node: Node, during: Node) -> bool:
    """Whether the quiet identifier `node` has the same value before and after the expression
    `during` is evaluated.

    Calls inside `during` may run any function, so every write must stand in the function that both
    stand in.
    """
    if not reads_quietly(program, node):
        return False
    binding = known_binding(program, node)
    assert binding is not None
    if binding.kind == "const" or binding.kind == "function-name":
        return True
    if binding.frozen == "global":
        return False
    home = _home(node)
    if binding.scope.function.node is not (program.root if home is None else home):
        return False
    if binding.kind == "parameter" and (home is None or _mentions_arguments(program, home)):
        return False
    written = program.analysis(_written).get(id(binding), [])
    return all(_home(use) is home and not during.contains(use) for use in written)


def _written(program: Program) -> dict[int, list[Node]]:
    """Return for the `id` of each binding where it is written."""
    found: dict[int, list[Node]] = {}
    for reference in program.scopes.references:
        if reference.access != "read" and reference.binding is not None:
            found.setdefault(id(reference.binding), []).append(reference.node)
    return found


def _home(node: Node) -> Node | None:
    """Return the function, or the class whose fields run later, that `node` stands in."""
    parent = node.parent
    while parent is not None and parent.type not in FUNCTIONS and parent.type != "class_body":
        parent = parent.parent
    return parent


def _mentions_arguments(program: Program, function: Node) -> bool:
    tokens = program.analysis(_arguments)
    return bisect_left(tokens, function.first) < bisect_left(tokens, function.last)


def _arguments(program: Program) -> list[int]:
    return [token for token, text in enumerate(program.text_of) if text == "arguments"]
