"""How variables are used: the operation around each use, with its position where that matters."""

from __future__ import annotations

from contracode.inputs.skeleton import NOT_A_VARIABLE, SkeletonNode

_PLACED = frozenset({"=", "[]", "b:-", "b:/", "b:%", "b:<", "b:<=", "call"})
"""Labels of nodes whose meaning depends on the order of their children."""

_PLACES = 2
"""Highest position that is recorded; later children share it."""


def variable_uses(whole: SkeletonNode) -> dict[int, list[str]]:
    """Return the uses of each variable below a node of a skeleton, in order.

    A use is the label of the parent, such as `loop` or `b:+`, with the position where the order of
    children matters: `=0` is the target of an assignment.
    """
    found: dict[int, list[str]] = {}
    above = [(whole, "")]
    while above:
        part, use = above.pop()
        if part.variable != NOT_A_VARIABLE and use:
            found.setdefault(part.variable, []).append(use)
        label = part.label
        if label in _PLACED:
            above += [
                (inner, f"{label}{min(place, _PLACES)}") for place, inner in enumerate(part.parts)
            ][::-1]
        else:
            above += [(inner, label) for inner in reversed(part.parts)]
    return found
