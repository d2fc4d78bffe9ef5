"""The external names and literals of a program, and its operations with their loop depth.

Operations that people use interchangeably, such as `Math.floor`, `parseInt` and `>> 0`, count as
the same one.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracode.inputs.skeleton import SkeletonNode

_LITERAL = ("n:", "s:", "g:", "p:")

_DEPTHS = 3
"""Greatest loop depth that is counted exactly."""

_LOOPS = frozenset({"loop", "each of", "each in"})

_OPERATIONS = _LOOPS | {"re", "array", "object", "=", "[]", "cond", "new", "return", "spread"}

_ALIKE = {
    label: name
    for name, labels in {
        "bound": "g:Infinity .MAX_SAFE_INTEGER .MIN_SAFE_INTEGER .MAX_VALUE .MIN_VALUE "
        ".POSITIVE_INFINITY .NEGATIVE_INFINITY",
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
    """Yield words, operators and statements, each with its loop depth.

    Interchangeable operations are spelled alike. An operation inside a condition is yielded once
    more, with a question mark.
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
