"""Declare variables with another of `var`, `let` and `const`."""

from collections.abc import Iterator

from augment.analysis.flow import is_function_body, own
from augment.analysis.reads import initialised_by
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.syntax.tree import Node


@transform(
    "convert-variable-kinds",
    family="declarations",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.18,
    strength=0.5,
)
def convert_variable_kinds(program: Program) -> Iterator[Site]:
    """Write `const` as `let`, `let` as `const` where nothing is assigned, either as `var` where no
    one can tell.

    Source: ECMA-262 §14.3.
    """
    for node in program.nodes("lexical_declaration", "for_in_statement"):
        keyword = node.field("kind") or node.children[0]
        if keyword.type not in ("let", "const"):
            continue
        bindings = _bindings(program, node)
        if bindings is None or any(
            binding.frozen and binding.frozen != "exported" for binding in bindings
        ):
            continue
        assigned = any(
            reference.access != "read" for binding in bindings for reference in binding.references
        )
        options = []
        if keyword.type == "const":
            options = [] if assigned else ["let"]
        elif not assigned and (node.type == "for_in_statement" or _all_valued(node)):
            options = ["const"]
        if (keyword.type == "let" or not assigned) and all(
            _may_be_var(node, binding) for binding in bindings
        ):
            options.append("var")
        if options:
            yield tuple(Rewrite((Replace(keyword, option),)) for option in options)


def _bindings(program: Program, node: Node) -> list[Binding] | None:
    """Return what `node` declares, None where that is not known."""
    if node.type == "for_in_statement":
        targets = [node.field("left")]
    else:
        targets = [
            child.field("name") for child in node.named if child.type == "variable_declarator"
        ]
    found: dict[int, Binding] = {}
    for target in targets:
        if target is None:
            return None
        for inner in own(program, target):
            binding = program.scopes.of_node.get(inner.index)
            if binding is not None and inner in binding.declaring:
                if len(binding.declaring) != 1:
                    return None
                found[id(binding)] = binding
    return list(found.values()) if found else None


def _all_valued(node: Node) -> bool:
    return all(
        child.field("value") is not None
        for child in node.named
        if child.type == "variable_declarator"
    )


def _may_be_var(node: Node, binding: Binding) -> bool:
    """Whether the variable lives as long as its function, and nothing looks at it before it is
    declared.
    """
    parent = node.parent
    if (
        node.type != "lexical_declaration"
        or parent is None
        or not is_function_body(parent)
        or parent.start < 0
    ):
        return False
    declared = binding.declaring[0]
    return all(initialised_by(declared, reference.node) for reference in binding.references)


@convert_variable_kinds.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `const` as `let`."""
    for node in program.nodes("lexical_declaration", "for_in_statement"):
        keyword = node.field("kind") or node.children[0]
        if keyword.type != "const":
            continue
        bindings = _bindings(program, node)
        if bindings is None or any(
            binding.frozen and binding.frozen != "exported" for binding in bindings
        ):
            continue
        if all(
            reference.access == "read" for binding in bindings for reference in binding.references
        ):
            yield Rewrite((Replace(keyword, "let"),))
