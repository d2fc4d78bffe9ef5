"""Edits and rewrites: what a transform yields.

An `Edit` replaces one node, or a run of adjacent statements, with `Code`, or inserts `Code` into a
statement list. Code keeps parts of the source in its slots, and other edits may apply inside these
parts, so edits nest. A `Rewrite` is a group of edits that are accepted or refused together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from operator import attrgetter
from typing import Final

from augment.program.scope import Binding
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Code, Fill, Run, Template
from augment.syntax.tree import Node

# A property of the program that rewrites rely on: its name, and the number of a node or the id of a
# binding.
Fact = tuple[str, int]

_INDEX: Final = attrgetter("index")


# Edits and rewrites are immutable. They are plain classes, because even a compiled dataclass is
# created by Python code.


class Replace:
    """Replace `node` with `code`.

    Attributes:
        code: new code, or the text of a single token.
        through: last statement of a run that starts with `node`; None to replace `node` alone.
    """

    __slots__ = ("code", "node", "through")

    def __init__(self, node: Node, code: Code | str, through: Node | None = None) -> None:
        self.node = node
        self.code = code
        self.through = through

    @property
    def position(self) -> int:
        """Number of the first replaced token."""
        return self.node.first

    @property
    def last(self) -> int:
        """Number after that of the last replaced token."""
        return (self.through or self.node).last

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Sort key for rendering; of two edits of a node, the one that keeps it whole is outer."""
        return (self.node.first, 1, -self.last, self.node.index, 0 if self.holds(self) else 1)

    @property
    def stop(self) -> int:
        """Number after that of the last replaced node."""
        return (self.through or self.node).stop

    def nodes(self) -> list[Node]:
        """Return the node, or the statements of the run."""
        if self.through is None:
            return [self.node]
        assert self.node.parent is not None
        # There may be many siblings: a binary search keeps the time that of the run.
        siblings = self.node.parent.children
        first = bisect_left(siblings, self.node.index, key=_INDEX)
        return siblings[first : bisect_left(siblings, self.stop, first, key=_INDEX)]

    def kept(self) -> list[Node | Body | Run]:
        """Return the parts of the source that the code keeps."""
        return [] if isinstance(self.code, str) else self.code.kept()

    def holds(self, inner: Replace) -> bool:
        """Whether one kept part contains everything that `inner` replaces."""
        for part in self.kept():
            if isinstance(part, Run):
                start, stop = part.first.index, part.through.stop
            elif isinstance(part, Body):
                start, stop = part.node.index + 1, part.node.stop
            else:
                start, stop = part.index, part.stop
            if start <= inner.node.index and inner.stop <= stop:
                return True
        return False


class Insert:
    """Insert statements into a list.

    Attributes:
        node: the program or block.
        before: the statement to insert before; None for the end of the list.
        code: the new statements.
    """

    __slots__ = ("before", "code", "node")

    def __init__(self, node: Node, before: Node | None, code: Code) -> None:
        self.node = node
        self.before = before
        self.code = code

    @property
    def position(self) -> int:
        """Number of the token after the inserted code."""
        if self.before is not None:
            return self.before.first
        return self.node.last - 1 if self.node.type != "program" else self.node.last

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Sort key for rendering: before the replacements that start there."""
        return (self.position, 0, 0, 0, 0)


Edit = Replace | Insert


_NO_FACTS: Final[frozenset[Fact]] = frozenset()


class Footprint:
    """The places of a program that the edits of a rewrite touch.

    Position 2i is the gap before token i, position 2i + 1 is the token itself.

    Attributes:
        written: half-open ranges of written positions.
        inserted: positions of gaps where code is inserted.
        replaced: the replacements, each with its half-open range of tokens.
        ordered: all edits, each with its sort key for rendering.
    """

    __slots__ = ("inserted", "ordered", "replaced", "written")

    def __init__(self, edits: tuple[Edit, ...]) -> None:
        self.written: list[tuple[int, int]] = []
        self.inserted: list[int] = []
        self.replaced: list[tuple[int, int, Replace]] = []
        self.ordered: list[tuple[tuple[int, int, int, int, int], Edit]] = []
        for edit in edits:
            self.ordered.append((edit.order, edit))
            if isinstance(edit, Insert):
                self.inserted.append(2 * edit.position)
            else:
                self.written.extend(_writes(edit))
                self.replaced.append((edit.node.first, edit.last, edit))


class Rewrite:
    """An atomic step from one program to an equivalent one.

    Attributes:
        edits: structural changes.
        renames: bindings with their new names.
        style: changes to the layout (attributes of `augment.printing.style.Style`).
        level: what the rewrite preserves at this site.
        needs: facts that must hold.
        breaks: facts that no longer hold after it.
    """

    __slots__ = ("_footprint", "breaks", "edits", "level", "needs", "renames", "style")

    def __init__(
        self,
        edits: tuple[Edit, ...] = (),
        renames: tuple[tuple[Binding, str], ...] = (),
        style: Mapping[str, object] | None = None,
        level: Semantics = Semantics.PRESERVED,
        needs: frozenset[Fact] = _NO_FACTS,
        breaks: frozenset[Fact] = _NO_FACTS,
    ) -> None:
        self.edits = edits
        self.renames = renames
        self.style = style
        self.level = level
        self.needs = needs
        self.breaks = breaks
        self._footprint: Footprint | None = None

    @property
    def footprint(self) -> Footprint:
        """The places that its edits touch; computed once for all views."""
        if self._footprint is None:
            self._footprint = Footprint(self.edits)
        return self._footprint

    @property
    def span(self) -> tuple[int, int] | None:
        """Bytes of its first edit or binding; None if it is about the whole source."""
        if self.edits:
            edit = self.edits[0]
            if isinstance(edit, Replace):
                return (edit.node.start, (edit.through or edit.node).end)
            return edit.before.span if edit.before is not None else edit.node.span
        return self.renames[0][0].declarations[0] if self.renames else None


def replace(_node: Node, _template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that replaces a node with a template, its slots filled."""
    return Replace(_node, Code(_template, fills))


def replace_run(_first: Node, _through: Node, _template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that replaces adjacent statements with a template, its slots filled."""
    return Replace(_first, Code(_template, fills), None if _through is _first else _through)


def _writes(edit: Replace) -> list[tuple[int, int]]:
    """Return the positions that `edit` writes: its nodes without the parts that it keeps."""
    node = edit.node
    start, stop = 2 * node.first + 1, 2 * edit.last
    if isinstance(edit.code, str):
        return [(start, stop)]
    kept: list[tuple[int, int]] = []
    for part in edit.code.kept():
        if isinstance(part, Run):
            kept.append((2 * part.first.first + 1, 2 * part.through.last))
        elif isinstance(part, Body):
            inside = part.node
            kept.append(
                (2 * inside.first + 2, 2 * inside.last - 1)
                if inside.type != "program"
                else (0, 2 * inside.last + 1)
            )
        else:
            kept.append((2 * part.first + 1, 2 * part.last))
    kept.sort()
    ranges: list[tuple[int, int]] = []
    for first, last in kept:
        if first > start:
            ranges.append((start, first))
        start = max(start, last)
    if start < stop:
        ranges.append((start, stop))
    return ranges
