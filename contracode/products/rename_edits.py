"""Edits that rename a function everywhere in a file.

A renaming is refused if code outside the file may use the name, or if a name would be captured.
"""

from collections.abc import Iterable
from typing import NamedTuple

import augment
from augment import Binding, Function, Node, Program
from augment.rewriting.renaming import spell
from contracode.inference.names.naming import is_name
from contracode.products.annotate.text_edits import TextEdit, apply_edits

_PROPERTIES = ("property_identifier", "private_property_identifier", "statement_identifier")
"""Leaves that are names of properties and labels, which no variable can capture."""


class Refusal(NamedTuple):
    """Why a function cannot be renamed, or not to this name."""

    reason: str


class Renamer:
    """Renames functions of one source.

    Args:
        program: the source.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._leaf_at = {leaf.span: leaf for leaf in program.tree.leaves}
        self._taken = frozenset(
            program.scopes.name_of(leaf)
            for leaf in program.tree.leaves
            if "identifier" in leaf.type and leaf.type not in _PROPERTIES
        )

    def binding(self, function: Function) -> Binding | Refusal:
        """Return the binding that names a function, if all its uses are known."""
        if function.name_span is None:
            return Refusal("it has no name")
        leaf = self._leaf_at.get(function.name_span)
        binding = self._program.scopes.of_node.get(leaf.index) if leaf is not None else None
        if binding is None:
            return Refusal("it is a property, whose uses cannot all be known")
        if binding.exported:
            return Refusal("it is exported")
        return Refusal(binding.frozen) if binding.frozen else binding

    def edits(self, function: Function, name: str) -> list[TextEdit] | Refusal:
        """Return the edits that give a function another name at all of its occurrences.

        Properties, exports and imports keep their names: `{area}` becomes `{area: multiply}`.
        """
        binding = self.binding(function)
        if isinstance(binding, Refusal):
            return binding
        if not is_name(name):
            return Refusal(f"{name} is no name that can be declared")
        # Nobody else in the whole file says the name, so that it can neither capture nor be
        # captured.
        if name in self._taken:
            return Refusal(f"{name} already means something in this file")
        edits = sorted(self._edit(node, name, shorthand) for node, shorthand in _places(binding))
        try:
            augment.parse(
                apply_edits(self._program.source, edits),
                language=self._program.language,
                source_type=self._program.source_type,
            )
        except augment.ParseError:
            return Refusal("the file would not parse")
        return edits

    def _edit(self, node: Node, name: str, shorthand: str) -> TextEdit:
        return TextEdit(node.start, node.end, spell(self._program.text(node), name, shorthand))


def _places(binding: Binding) -> Iterable[tuple[Node, str]]:
    for node in binding.declaring:
        yield node, binding.shorthands.get(node.index, "")
    for reference in binding.references:
        yield reference.node, reference.shorthand
