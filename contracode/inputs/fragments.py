"""The fragments of a program: small pieces of its skeleton, shared by programs that do the same.

There are seven kinds, none of which depends on the names of variables: nested nodes, adjacent
nodes, uses of each variable, runs of tokens, the signature of the first function, external words,
and operations. Most rewrites do not change the fragments of a normal form.
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
"""Number of kinds of fragments."""

SHAPE, SIGNATURE, WORDS, OPERATIONS = (0, 1, 2, 3), (4,), (5,), (6,)
"""Kinds that are counted in one table."""

_WIDE = 4
"""Most children of a node that is spelled out with all of them."""

_USES = 16
"""Most different uses of a variable that are paired."""

_RUN = 3
"""Tokens of the longest run."""

_NAMES = frozenset(
    {"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
)
_PROPERTIES = frozenset({"property_identifier", "private_property_identifier"})
_STRINGS = frozenset({"string", "string_fragment", "template_string"})
_UNSAID = frozenset({";", "{", "}", "(", ")"})
_DECLARES = frozenset({"let", "var", "const"})


def fragments(program: Program) -> Iterator[tuple[int, str]]:
    """Yield the fragments of a program, with repetitions, each with its kind (0 to `KINDS` - 1)."""
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
    """Yield the label of each node; with its parent, and grandparent; and with its children, and
    grandchildren, if there are few children.
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
    """Yield the labels of each two adjacent siblings."""
    above = [whole]
    while above:
        part = above.pop()
        for first, second in pairwise(part.parts):
            yield f"{first.label}~{second.label}"
        above += reversed(part.parts)


def _used(whole: SkeletonNode) -> Iterator[str]:
    """Yield, for each variable, its consecutive uses, its pairs of uses, and all of its uses."""
    for mine in variable_uses(whole).values():
        for first, second in pairwise(mine):
            yield f"{first}->{second}"
        kinds = sorted(set(mine))[:_USES]
        for place, kind in enumerate(kinds):
            for other in kinds[place:]:
                yield f"{kind}&{other}"
        yield "|".join(kinds)


def _runs(program: Program) -> Iterator[str]:
    """Yield runs of two and three tokens, in which all variables are alike."""
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
