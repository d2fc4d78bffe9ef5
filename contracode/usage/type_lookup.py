"""The part of `ExpressionTypes` that `calls` and `members` depend on."""

from __future__ import annotations

from typing import Protocol

from augment import Binding, Node, Program
from contracode.usage.declared.declarations import Declarations
from contracode.usage.subjects import Subjects


class TypeLookup(Protocol):
    """The types of a program's expressions; see `ExpressionTypes`."""

    program: Program
    subjects: Subjects
    declarations: Declarations

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        ...

    def of(self, node: Node) -> str | None:
        """Return the type of an expression, or None if it is unknown."""
        ...

    def of_binding(self, binding: Binding) -> str | None:
        """Return the type of a variable."""
        ...

    def known_at(self, index: int) -> str | None:
        """Return the type of the subject at a node."""
        ...
