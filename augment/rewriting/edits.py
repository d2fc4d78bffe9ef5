"""What a transform yields, and which rewrites can live together.

An `Edit` replaces one node, or a run of adjacent statements, by `Code`, or inserts `Code` into a
statement list. Code keeps parts of the source in its slots; other edits may apply inside a kept
part, so edits nest. A `Rewrite` is a group of edits that make sense only together.

`Plan.accept` is the arbiter: first accepted wins. A rewrite is refused when a token or gap that it
writes is written by another, or when a fact that it needs has been broken, or when it breaks a fact
that an accepted one needs.
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

# A named property of a place in the program that some rewrites rely on: (what, number of node or id
# of binding).
Fact = tuple[str, int]

_INDEX: Final = attrgetter("index")


# Edits and rewrites are never changed. They are plain classes, since a dataclass, compiled or not,
# is made by a function of Python.


class Replace:
    """Put `code` in the place of `node`.

    Attributes:
        code: new code, or the text of a single token.
        through: the last of a run of adjacent statements that starts with `node`; None if it is
            `node` alone.
    """

    __slots__ = ("code", "node", "through")

    def __init__(self, node: Node, code: Code | str, through: Node | None = None) -> None:
        self.node = node
        self.code = code
        self.through = through

    @property
    def position(self) -> int:
        """Number of the first token that is replaced."""
        return self.node.first

    @property
    def last(self) -> int:
        """One past the number of the last token that is replaced."""
        return (self.through or self.node).last

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Where it comes in rendering: of two edits of one node the one that keeps it whole goes
        around the other.
        """
        return (self.node.first, 1, -self.last, self.node.index, 0 if self.holds(self) else 1)

    @property
    def stop(self) -> int:
        """One past the number of the last node that is replaced."""
        return (self.through or self.node).stop

    def nodes(self) -> list[Node]:
        """Return the node, or the statements of the run."""
        if self.through is None:
            return [self.node]
        assert self.node.parent is not None
        siblings = (
            self.node.parent.children
        )  # many, perhaps: finding the run in them takes the time of the run
        first = bisect_left(siblings, self.node.index, key=_INDEX)
        return siblings[first : bisect_left(siblings, self.stop, first, key=_INDEX)]

    def kept(self) -> list[Node | Body | Run]:
        """Return the parts of the source that stay."""
        return [] if isinstance(self.code, str) else self.code.kept()

    def holds(self, inner: Replace) -> bool:
        """Whether one part that is kept contains all that `inner` replaces."""
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
    """Put statements into the list `node` (program or block).

    Attributes:
        before: the statement they are put before; None for the end of the list.
    """

    __slots__ = ("before", "code", "node")

    def __init__(self, node: Node, before: Node | None, code: Code) -> None:
        self.node = node
        self.before = before
        self.code = code

    @property
    def position(self) -> int:
        """Number of the token before which it inserts."""
        if self.before is not None:
            return self.before.first
        return self.node.last - 1 if self.node.type != "program" else self.node.last

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Where it comes in rendering: before the replacements that start there."""
        return (self.position, 0, 0, 0, 0)


Edit = Replace | Insert


_NO_FACTS: Final[frozenset[Fact]] = frozenset()


class Footprint:
    """Which places of a program the edits of a rewrite touch.

    Attributes:
        written: ranges of positions (see `Plan`) that are written.
        inserted: positions of gaps where something is inserted.
        replaced: the replacements, each with the numbers of its first token and of one past its
            last.
        ordered: all edits, each with its place in the order of rendering.
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
        renames: new names of bindings.
        style: changes to the layout (attributes of `augment.printing.style.Style`).
        level: what it leaves as it was, at this site.
        needs: facts that must still hold; `breaks` the facts that it ends.
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
        """What its edits touch: the same for every view that tries it, and computed for the
        first.
        """
        if self._footprint is None:
            self._footprint = Footprint(self.edits)
        return self._footprint

    @property
    def span(self) -> tuple[int, int] | None:
        """Bytes of the source that it is about: its first edit or binding; None if it is about the
        whole.
        """
        if self.edits:
            edit = self.edits[0]
            if isinstance(edit, Replace):
                return (edit.node.start, (edit.through or edit.node).end)
            return edit.before.span if edit.before is not None else edit.node.span
        return self.renames[0][0].declarations[0] if self.renames else None


def replace(_node: Node, _template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that puts a template, with these slots filled, in the place of a node."""
    return Replace(_node, Code(_template, fills))


def replace_run(_first: Node, _through: Node, _template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that puts a template in the place of adjacent statements, from one through
    another.
    """
    return Replace(_first, Code(_template, fills), None if _through is _first else _through)


def _writes(edit: Replace) -> list[tuple[int, int]]:
    """Return the ranges of positions that `edit` writes: its node without the parts it keeps."""
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
