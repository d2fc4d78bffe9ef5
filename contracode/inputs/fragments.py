"""The fragments of a program: small pieces of its shape, of which two programs that do alike have
many in common.

Seven kinds, each blind to what variables are called: what stands within what, what stands beside
what, how each variable is used, which words follow each other; what the first function takes and
gives; which words there are; and which operations. Those of a normal form are what most rewrites do
not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from augment import Program
from contracode.inputs.operations import operations, words
from contracode.inputs.signatures import signature
from contracode.inputs.skeleton import SkeletonNode, skeleton
from contracode.inputs.variable_uses import variable_uses

KINDS = 7
"""Of fragments."""

SHAPE, SIGNATURE, WORDS, OPERATIONS = (0, 1, 2, 3), (4,), (5,), (6,)
"""Kinds that are counted together."""

_WIDE = 4
"""Parts up to which a fragment is told with all of them."""

_USES = 16
"""Different uses of a variable at most, of which pairs are made."""

_RUN = 3
"""Words of the longest run."""

_NAMES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PROPERTIES = frozenset({"property_identifier", "private_property_identifier"})
_STRINGS = frozenset({"string", "string_fragment", "template_string"})
_UNSAID = frozenset({";", "{", "}", "(", ")"})
_DECLARES = frozenset({"let", "var", "const"})


def fragments(program: Program) -> Iterator[tuple[int, str]]:
    """Yield the fragments of a program, as often as they occur, each with its kind, below
    `KINDS`.
    """
    whole = skeleton(program)
    for kind, found in enumerate(
        (
            _within(whole),
            _beside(whole),
            _used(whole),
            _runs(program),
            signature(whole),
            words(whole),
            operations(whole),
        )
    ):
        for fragment in found:
            yield kind, fragment


def _within(whole: SkeletonNode) -> Iterator[str]:
    """Yield, of every part, its label; the label below that of what it is in, and of what this is
    in; and, where it has few parts, the label with those of its parts, and with those of their
    parts.
    """
    above: list[tuple[SkeletonNode, str, str]] = [(whole, "", "")]
    while above:
        part, parent, grandparent = above.pop()
        label = part.label
        yield label
        if parent:
            yield f"{parent}>{label}"
        if grandparent:
            yield f"{grandparent}>{parent}>{label}"
        if 0 < len(part.parts) <= _WIDE:
            yield _spelt(part, 1)
            if any(inner.parts for inner in part.parts):
                yield _spelt(part, 2)
        above += [(inner, label, parent) for inner in reversed(part.parts)]


def _spelt(part: SkeletonNode, depth: int) -> str:
    if not depth or not part.parts:
        return part.label
    return f"{part.label}({','.join([_spelt(inner, depth - 1) for inner in part.parts])})"


def _beside(whole: SkeletonNode) -> Iterator[str]:
    """Yield the labels of each two parts that follow each other."""
    above = [whole]
    while above:
        part = above.pop()
        for first, second in pairwise(part.parts):
            yield f"{first.label}~{second.label}"
        above += reversed(part.parts)


def _used(whole: SkeletonNode) -> Iterator[str]:
    """Yield, of every variable, what each use is followed by, and which uses it has together."""
    for mine in variable_uses(whole).values():
        for first, second in pairwise(mine):
            yield f"{first}->{second}"
        kinds = sorted(set(mine))[:_USES]
        for place, kind in enumerate(kinds):
            for other in kinds[place:]:
                yield f"{kind}&{other}"
        yield "|".join(kinds)


def _runs(program: Program) -> Iterator[str]:
    """Yield two and three words that follow each other, all variables one word."""
    words = list(_words(program))
    for length in range(2, _RUN + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _words(program: Program) -> Iterator[str]:
    for leaf, text in zip(program.tree.leaves, program.text_of, strict=True):
        kind = leaf.type
        if leaf.start < 0 or leaf.end > len(program.source) or text in _UNSAID:
            continue
        if kind in _NAMES:
            yield "v"
        elif kind in _PROPERTIES:
            yield f".{text}"
        elif kind in _STRINGS:
            yield "'"
        else:
            yield "let" if text in _DECLARES else text
