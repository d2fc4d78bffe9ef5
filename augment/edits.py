"""What a transform yields, and which rewrites can live together.

An `Edit` replaces one node, or a run of adjacent statements, by `Code`, or inserts `Code` into a statement list. Code keeps parts of the
source in its slots; other edits may apply inside a kept part, so edits nest. A `Rewrite` is a group of edits that make sense only
together.

`Plan.accept` is the arbiter: first accepted wins. A rewrite is refused when a token or gap that it writes is written by another, or when
a fact that it needs has been broken, or when it breaks a fact that an accepted one needs.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from augment.program import Program
from augment.scope import Binding
from augment.syntax import Node
from augment.templates import Body, Code, Fill, Run, Template


class Semantics(IntEnum):
    """What a rewrite leaves as it was.

    PRESERVED: everything but what the source text itself shows (`toString()`, stack positions).
    OBSERVABLE: also the `name` of functions and classes may differ.
    CHANGED: the program may do something else (lossy views).
    """

    PRESERVED = 0
    OBSERVABLE = 1
    CHANGED = 2


# A named property of a place in the program that some rewrites rely on: (what, number of node or id of binding).
Fact = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Replace:
    """Put `code` in the place of `node`.

    Attributes:
        code: new code, or the text of a single token.
        through: the last of a run of adjacent statements that starts with `node`; None if it is `node` alone.
    """

    node: Node
    code: Code | str
    through: Node | None = None

    @property
    def last(self) -> int:
        """One past the number of the last token that is replaced."""
        return (self.through or self.node).last

    @property
    def stop(self) -> int:
        """One past the number of the last node that is replaced."""
        return (self.through or self.node).stop

    def nodes(self) -> list[Node]:
        """Return the node, or the statements of the run."""
        if self.through is None:
            return [self.node]
        assert self.node.parent is not None
        return [child for child in self.node.parent.children if self.node.index <= child.index < self.stop]

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


@dataclass(frozen=True, slots=True)
class Insert:
    """Put statements into the list `node` (program or block).

    Attributes:
        before: the statement they are put before; None for the end of the list.
    """

    node: Node
    before: Node | None
    code: Code


Edit = Replace | Insert


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An atomic step from one program to an equivalent one.

    Attributes:
        edits: structural changes.
        renames: new names of bindings.
        style: changes to the layout (attributes of `augment.layout.Style`).
        level: what it leaves as it was, at this site.
        needs: facts that must still hold; `breaks` the facts that it ends.
    """

    edits: tuple[Edit, ...] = ()
    renames: tuple[tuple[Binding, str], ...] = ()
    style: Mapping[str, object] = field(default_factory=dict[str, object])
    level: Semantics = Semantics.PRESERVED
    needs: frozenset[Fact] = frozenset()
    breaks: frozenset[Fact] = frozenset()

    @property
    def span(self) -> tuple[int, int] | None:
        """Bytes of the source that it is about: its first edit or binding; None if it is about the whole."""
        if self.edits:
            edit = self.edits[0]
            if isinstance(edit, Replace):
                return (edit.node.start, (edit.through or edit.node).end)
            return edit.before.span if edit.before is not None else edit.node.span
        return self.renames[0][0].declarations[0] if self.renames else None


def replace(node: Node, template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that puts `template`, with these slots filled, in the place of `node`."""
    return Replace(node, Code(template, fills))


def replace_run(first: Node, through: Node, template: Template, /, **fills: Fill) -> Replace:
    """Return the edit that puts `template` in the place of the adjacent statements `first` to `through`."""
    return Replace(first, Code(template, fills), None if through is first else through)


_DEEPEST = 64
"""Edits that may nest in one another: rendering descends into each."""

_DEEPER = bytes(min(depth + 1, _DEEPEST) for depth in range(256))


class Plan:
    """The rewrites accepted for one view.

    Attributes:
        edits: all accepted edits in order of acceptance.
        names: binding to its new name.
        style: changes to the layout.
    """

    def __init__(self, program: Program) -> None:
        size = 2 * len(program.tree.leaves) + 1
        # Position 2i is the gap before token i, 2i + 1 the token itself.
        self._written = bytearray(size)
        for node in program.verbatim:
            self._written[2 * node.first + 1 : 2 * node.last] = b"\1" * (2 * (node.last - node.first) - 1)
        self._verbatim = program.verbatim
        # for each token how many edits keep it as a part
        self._depth = bytearray(len(program.tree.leaves))
        self._broken: set[Fact] = set()
        self._needed: set[Fact] = set()
        # accepted replacements by the number of their first node, those numbers in order, and by that of each node they replace
        self._replaced: dict[int, list[Replace]] = {}
        self._starts: list[int] = []
        self._over: dict[int, list[Replace]] = {}
        self.edits: list[Edit] = []
        self.names: dict[int, tuple[Binding, str]] = {}
        self.style: dict[str, object] = {}

    def accept(self, rewrite: Rewrite) -> str:
        """Take `rewrite` into the plan.

        Returns:
            "" if it was taken, else why it was refused.
        """
        if rewrite.needs & self._broken or rewrite.breaks & self._needed:
            return "a fact that one of them needs is broken by the other"
        if any(id(binding) in self.names for binding, _ in rewrite.renames):
            return "already renamed"
        # an edit that keeps all of its node writes nothing, yet adds something
        if any(node.contains(edit.node) for node in self._verbatim for edit in rewrite.edits):
            return "inside a function whose text is read"
        written: list[tuple[int, int]] = []
        inserted: list[int] = []
        for edit in rewrite.edits:
            if isinstance(edit, Insert):
                inserted.append(2 * _gap(edit))
            else:
                written.extend(_writes(edit))
        if any(1 in self._written[start:stop] for start, stop in written) or any(
            self._written[at] == 1 for at in inserted
        ):
            return "writes what another rewrite writes"
        if any(2 in self._written[start:stop] for start, stop in written):
            return "writes where another rewrite inserts"
        around = [(edit.node.first, edit.last) for edit in rewrite.edits if isinstance(edit, Replace) and edit.kept()]
        if any(_DEEPEST in self._depth[start:stop] for start, stop in around):
            return "nested too deeply in other rewrites"
        if any(isinstance(edit, Replace) and not self._nests(edit) for edit in rewrite.edits):
            return "stands in what another rewrite does not keep"
        for start, stop in around:
            self._depth[start:stop] = self._depth[start:stop].translate(_DEEPER)
        for start, stop in written:
            self._written[start:stop] = b"\1" * (stop - start)
        for at in inserted:
            self._written[at] = 2
        for edit in rewrite.edits:
            self.edits.append(edit)
            if isinstance(edit, Replace):
                self._enter(edit)
        for binding, name in rewrite.renames:
            self.names[id(binding)] = (binding, name)
        self.style.update(rewrite.style)
        self._needed |= rewrite.needs
        self._broken |= rewrite.breaks
        return ""

    def _enter(self, edit: Replace) -> None:
        insort(self._starts, edit.node.index)
        self._replaced.setdefault(edit.node.index, []).append(edit)
        for node in edit.nodes():
            self._over.setdefault(node.index, []).append(edit)

    def _nests(self, edit: Replace) -> bool:
        """Whether every accepted replacement around `edit` keeps its place, and it that of every accepted one inside.

        Tokens alone do not tell: an edit that keeps all of its node writes none, and runs may overlap in what both keep.
        """
        for node in edit.nodes():
            for other in self._over.get(node.index, ()):
                if not other.holds(edit) and not edit.holds(other):
                    return False
        parent = edit.node.parent
        while parent is not None:
            for other in self._over.get(parent.index, ()):
                if not other.holds(edit):
                    return False
            parent = parent.parent
        for at in range(bisect_right(self._starts, edit.node.index), len(self._starts)):
            if self._starts[at] >= edit.stop:
                break
            if not all(edit.holds(other) for other in self._replaced[self._starts[at]]):
                return False
        return True


def _gap(edit: Insert) -> int:
    if edit.before is not None:
        return edit.before.first
    return edit.node.last - 1 if edit.node.type != "program" else edit.node.last


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
                (2 * inside.first + 2, 2 * inside.last - 1) if inside.type != "program" else (0, 2 * inside.last + 1)
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
