"""The signature of a function, inferred from its body: parameters, their uses, and returned values.

Two people who solve one problem may write bodies that have little in common, but both functions get
and return the same things.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracode.inputs.skeleton import NOT_A_VARIABLE, SkeletonNode
from contracode.inputs.variable_uses import variable_uses

_PARAMETERS = 6
"""Number of parameters whose uses are recorded with their position."""

_RETURNS = 5
"""Highest number of returns that is counted exactly."""

_TRUTHS = frozenset({"b:==", "b:!=", "b:<", "b:<=", "b:in", "b:instanceof", "u:!", "true", "false"})


def signature(whole: SkeletonNode) -> Iterator[str]:
    """Yield features of the signature of the first function of a skeleton, if there is one."""
    function = _first_function(whole)
    if function is None:
        return
    parameters = function.parts[0].parts
    required = [part.variable for part in parameters if part.variable != NOT_A_VARIABLE]
    yield f"takes {len(required)}"
    yield f"takes at most {len(parameters)}"
    used = variable_uses(function)
    for place, variable in enumerate(required[:_PARAMETERS]):
        for use in used.get(variable, ()):
            if use != "params":
                yield f"{place}:{use}"
                yield f"any:{use}"
    given = [_given(part) for part in _returned(function)]
    yield from (f"gives {label}" for label in given)
    yield f"gives {'|'.join(sorted({_kind(label) for label in given})) or 'nothing'}"
    yield f"returns {min(len(given), _RETURNS)}"


def _first_function(whole: SkeletonNode) -> SkeletonNode | None:
    above = [whole]
    while above:
        part = above.pop()
        if part.label == "fun":
            return part
        above += reversed(part.parts)
    return None


def _returned(function: SkeletonNode) -> Iterator[SkeletonNode]:
    """Yield the `return` nodes of a function, without those of nested functions."""
    above = list(function.parts[1:])
    while above:
        part = above.pop()
        if part.label == "return":
            yield part
        if part.label != "fun":
            above += part.parts


def _given(part: SkeletonNode) -> str:
    label = part.parts[0].label if part.parts else "undefined"
    return "truth" if label in _TRUTHS else label


def _kind(label: str) -> str:
    """Return a label without the value of a literal."""
    return label[0] if label[:2] in ("n:", "s:") else label
