"""The interface of a program for the modules on which `Program` is built."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from augment.program.resolution import Scopes
from augment.syntax.tree import Language, Node, Tree


class ProgramFacts(Protocol):
    """The part of `Program` that `Function` and `keep_names` read; see there."""

    tree: Tree
    source: bytes
    language: Language

    @property
    def text_of(self) -> list[str]:
        """The text of each token."""
        ...

    @property
    def comments(self) -> list[Node]:
        """Comments in source order."""
        ...

    @property
    def scopes(self) -> Scopes:
        """Scopes, bindings and references."""
        ...

    @property
    def names_used(self) -> Set[str]:
        """Every name of a variable."""
        ...

    def nodes(self, *types: str) -> list[Node]:
        """Return all nodes of these types."""
        ...

    def text(self, place: Node | tuple[int, int]) -> str:
        """Return the source text of a node or span."""
        ...

    def name_of(self, node: Node) -> str:
        """Return the name that an identifier spells."""
        ...
