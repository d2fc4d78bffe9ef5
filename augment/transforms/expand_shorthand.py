"""Write shorthand properties in full, and back."""

from collections.abc import Iterator
from typing import Final

from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, sometimes, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, member
from augment.syntax.tree import Node

_PAIR: Final = member("$key: $value")
# A shorthand fixes the name of its variable: most pairs are left to the renaming of variables.
_CONTRACTED: Final = 0.4


@transform(
    "expand-shorthand",
    family="properties",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.6,
)
def expand_shorthand(program: Program) -> Iterator[Site]:
    """Write the property or pattern `{a}` as `{a: a}`, and back.

    Not `__proto__`: as a pair it sets the prototype, as a shorthand it is a property.

    Source: ECMA-262 §13.2.5.4, §14.3.3, §B.3.1.
    """
    for node in program.nodes(
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "pair",
        "pair_pattern",
    ):
        if node.type.startswith("pair"):
            rewrite = _contracted(program, node)
            if rewrite is not None:
                yield sometimes(_CONTRACTED, rewrite)
        else:
            rewrite = _expanded(program, node)
            if rewrite is not None:
                yield rewrite


def _expanded(program: Program, node: Node) -> Rewrite | None:
    if program.scopes.name_of(node) == "__proto__":
        return None
    # the variable may yet be renamed, the property may not
    return Rewrite(
        (Replace(node, Code(_PAIR, {"key": program.text_of[node.first], "value": node})),)
    )


def _contracted(program: Program, node: Node) -> Rewrite | None:
    key, value = node.children[0], node.children[-1]
    if key.type != "property_identifier" or value.type != "identifier":
        return None
    name = program.scopes.name_of(key)
    if program.scopes.name_of(value) != name or name == "__proto__":
        return None
    binding = program.scopes.of_node.get(value.index)
    needs = (
        frozenset({("name", id(binding))}) if binding is not None else frozenset[tuple[str, int]]()
    )
    return Rewrite((Replace(node, program.text_of[value.first]),), needs=needs)


@expand_shorthand.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write the property or pattern `{a}` as `{a: a}`."""
    for node in program.nodes(
        "shorthand_property_identifier", "shorthand_property_identifier_pattern"
    ):
        rewrite = _expanded(program, node)
        if rewrite is not None:
            yield rewrite
