"""What a program says and does, wherever: the words that are not its own, and its operations by how
deep in loops they stand.

Operations that people use for one another, such as `Math.floor`, `parseInt` and `>> 0`, are the
same one.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracode.inputs.skeleton import SkeletonNode

_LITERAL = ("n:", "s:", "g:", "p:")

_DEPTHS = 3
"""Loops within loops that are told from deeper ones."""

_LOOPS = frozenset({"loop", "each of", "each in"})

_OPERATIONS = _LOOPS | {"re", "array", "object", "=", "[]", "cond", "new", "return", "spread"}

_ALIKE = {
    label: name
    for name, labels in {
        "bound": "g:Infinity .MAX_SAFE_INTEGER .MIN_SAFE_INTEGER .MAX_VALUE .MIN_VALUE .POSITIVE_INFINITY "
        ".NEGATIVE_INFINITY",
        "whole number": ".floor .trunc g:parseInt b:>> b:| u:~",
        "look up": "g:Map g:Set object .has .hasOwnProperty b:in .includes .indexOf",
        "each": "loop .forEach .map .reduce .some .every .filter .find .findIndex",
        "character": ".charAt .charCodeAt .codePointAt .fromCharCode .split",
        "cut": ".slice .substring .substr .splice",
        "join": ".join .concat",
        "make a list": ".fill .from g:Array array",
        "power": ".pow b:**",
    }.items()
    for label in labels.split()
} | {"each of": "each", "each in": "each"}


def words(whole: SkeletonNode) -> Iterator[str]:
    """Yield properties, global names, numbers, strings and regular expressions."""
    above = [whole]
    while above:
        part = above.pop()
        label = part.label
        if label[:1] == "." or label.startswith(_LITERAL) or label == "re":
            yield label
        above += part.parts


def operations(whole: SkeletonNode) -> Iterator[str]:
    """Yield words, operators and statements, those that stand for one another as the same, with the
    number of loops around each; and once more where a condition is around it.
    """
    above = [(whole, 0, False)]
    while above:
        part, depth, conditional = above.pop()
        label = part.label
        if (
            label[:1] == "."
            or label[:2] in ("b:", "u:")
            or label.startswith(_LITERAL)
            or label in _OPERATIONS
        ):
            operation = _ALIKE.get(label, label)
            yield f"{operation}@{min(depth, _DEPTHS)}"
            if conditional:
                yield f"{operation}?"
        depth += label in _LOOPS
        conditional = conditional or label == "cond"
        above += [(inner, depth, conditional) for inner in part.parts]
