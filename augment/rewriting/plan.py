"""`Plan`: the rewrites accepted for one view.

Rewrites are tried in order, and the first one wins. A rewrite is refused if

- it writes a token or gap that an accepted one writes,
- it needs a fact that an accepted one breaks, or breaks a fact that an accepted one needs,
- it is inside code that an accepted one does not keep, or code that must not change.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Any, Final

from augment.analysis.flow import outermost, within
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Edit, Fact, Replace, Rewrite
from augment.syntax.tree import Node

# Replacements that may nest, as rendering recurses into each.
_DEEPEST: Final = 64

# Ancestors to search for replacements around an edit, so that time stays linear in the depth of the
# tree.
_LEVELS: Final = 512

# Translates each depth to the next one.
_DEEPER: Final = bytes(min(depth + 1, _DEEPEST) for depth in range(256))


class Plan:
    """The rewrites accepted for one view.

    Attributes:
        edits: the accepted edits, in order of acceptance, each with its sort key for rendering.
        names: id of a binding to the binding and its new name.
        style: changes to the layout.
    """

    def __init__(self, program: Program) -> None:
        size = 2 * len(program.tree.leaves) + 1
        # By position (see `Footprint`): 1 if written, 2 if code is inserted there.
        self._written = bytearray(size)
        for node in program.verbatim:
            self._written[2 * node.first + 1 : 2 * node.last] = b"\1" * (
                2 * (node.last - node.first) - 1
            )
        self._verbatim = program.analysis(_outermost_verbatim)
        self._expression = program.sole_expression
        # Number of replacements around each token.
        self._depth = bytearray(len(program.tree.leaves))
        self._broken: set[Fact] = set()
        self._needed: set[Fact] = set()
        # Accepted replacements by the number of their first node, these numbers sorted, and
        # accepted replacements by each node that they replace.
        self._replaced: dict[int, list[Replace]] = {}
        self._starts: list[int] = []
        self._over: dict[int, list[Replace]] = {}
        self.edits: list[tuple[tuple[int, int, int, int, int], Edit]] = []
        self.names: dict[int, tuple[Binding, str]] = {}
        self.style: dict[str, Any] = {}

    def accept(self, rewrite: Rewrite) -> str:
        """Add `rewrite` to the plan unless it conflicts with accepted ones.

        Returns:
            "" if it was accepted, else the reason for refusing it.
        """
        needs, breaks = rewrite.needs, rewrite.breaks
        if (needs and not needs.isdisjoint(self._broken)) or (
            breaks and not breaks.isdisjoint(self._needed)
        ):
            return "a fact that one of them needs is broken by the other"
        for binding, _ in rewrite.renames:
            if id(binding) in self.names:
                return "already renamed"
        if rewrite.edits:
            reason = self._clash(rewrite)
            if reason:
                return reason
            self._take(rewrite)
        for binding, name in rewrite.renames:
            self.names[id(binding)] = (binding, name)
        if rewrite.style:
            self.style.update(rewrite.style)
        self._needed |= needs
        self._broken |= breaks
        return ""

    def _clash(self, rewrite: Rewrite) -> str:
        """Return why the edits of `rewrite` conflict with accepted ones, or ""."""
        footprint = rewrite.footprint
        if self._expression is not None and any(
            edit.node is self._expression or edit.node.parent is None for edit in rewrite.edits
        ):
            return "the source is an expression, not a statement"
        written = self._written
        for start, stop in footprint.written:
            if written.count(0, start, stop) < stop - start:
                what = (
                    "what another rewrite writes"
                    if 1 in written[start:stop]
                    else "where another rewrite inserts"
                )
                return f"writes {what}"
        for at in footprint.inserted:
            if written[at] == 1:
                return "writes what another rewrite writes"
        for first, last, edit in footprint.replaced:
            if self._depth.count(0, first, last) < last - first or first == last:
                if _DEEPEST in self._depth[first:last]:
                    return "nested too deeply in other rewrites"
                if not self._nests(edit):
                    return "stands in what another rewrite does not keep"
        # Checked separately, as an edit that keeps its whole node writes no position.
        if self._verbatim and any(within(self._verbatim, edit.node) for edit in rewrite.edits):
            return "inside a function whose text is read, or a declaration of what is elsewhere"
        return ""

    def _take(self, rewrite: Rewrite) -> None:
        footprint = rewrite.footprint
        for start, stop in footprint.written:
            self._written[start:stop] = b"\1" * (stop - start)
        for at in footprint.inserted:
            self._written[at] = 2
        for first, last, edit in footprint.replaced:
            self._depth[first:last] = self._depth[first:last].translate(_DEEPER)
            self._enter(edit)
        self.edits += footprint.ordered

    def _enter(self, edit: Replace) -> None:
        insort(self._starts, edit.node.index)
        self._replaced.setdefault(edit.node.index, []).append(edit)
        for node in edit.nodes():
            self._over.setdefault(node.index, []).append(edit)

    def _nests(self, edit: Replace) -> bool:
        """Whether accepted replacements around `edit` keep it, and `edit` keeps those inside it.

        Written positions do not show this: an edit that keeps its whole node writes none, and two
        runs may overlap in parts that both keep.
        """
        for node in edit.nodes():
            for other in self._over.get(node.index, ()):
                if not other.holds(edit) and not edit.holds(other):
                    return False
        parent = edit.node.parent
        for _ in range(_LEVELS):
            if parent is None:
                break
            for other in self._over.get(parent.index, ()):
                if not other.holds(edit):
                    return False
            parent = parent.parent
        else:
            return False
        for at in range(bisect_right(self._starts, edit.node.index), len(self._starts)):
            if self._starts[at] >= edit.stop:
                break
            if not all(edit.holds(other) for other in self._replaced[self._starts[at]]):
                return False
        return True


def _outermost_verbatim(program: Program) -> list[Node]:
    return outermost([*program.verbatim, *program.nodes("ambient_declaration")])
