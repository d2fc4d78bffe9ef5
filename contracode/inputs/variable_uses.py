"""How variables are used: what each stands within, and as which part of it where that makes a
difference.
"""

from __future__ import annotations

from contracode.inputs.skeleton import NOT_A_VARIABLE, SkeletonNode

_PLACED = frozenset({"=", "[]", "b:-", "b:/", "b:%", "b:<", "b:<=", "call"})
"""What means something else with its parts the other way round."""

_PLACES = 2
"""The last place among parts that is told from those behind it."""


def variable_uses(whole: SkeletonNode) -> dict[int, list[str]]:
    """Return the uses of every variable in a part of a shape, in order: `loop`, `b:+`, `=0` where
    it is assigned.
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
