"""The table of transforms and the decorator that enters them.

A transform is a generator over a program that yields `Rewrite`s at the sites it picks:

    @transform("swap-branches", phase="structure", level=Semantics.PRESERVED, probability=0.3, strength=0.5)
    def swap_branches(program: Program, draw: Draw) -> Iterator[Rewrite]:
        for node in program.nodes("if_statement"):
            if draw.site():
                yield Rewrite((replace(node, ...),))

`probability` is how often a view uses the transform at all, `strength` the share of its sites that it then rewrites. Both are defaults
that a pipeline may override.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Literal

from augment.edits import Rewrite, Semantics
from augment.names import NameSupply
from augment.program import Program

Phase = Literal["structure", "names", "layout"]

PHASES: tuple[Phase, ...] = ("structure", "names", "layout")


class Draw(random.Random):
    """All the randomness that a transform may use, for one view.

    Attributes:
        strength: share of sites to rewrite, 0 to 1.
        supply: new names.
    """

    strength: float
    supply: NameSupply

    def site(self) -> bool:
        """Whether to rewrite at the site at hand."""
        return self.strength >= 1 or self.random() < self.strength


@dataclass(frozen=True, slots=True)
class Transform:
    """An entry of the registry.

    Attributes:
        name: kebab-case, verb first, same as its file.
        phase: structure, names, layout: the order in which phases run.
        level: the most that any of its rewrites changes.
        probability: how often a view uses it.
        strength: share of its sites that it rewrites when used.
        apply: yields rewrites.
        summary: first line of its docstring.
    """

    name: str
    phase: Phase
    level: Semantics
    probability: float
    strength: float
    apply: Callable[[Program, Draw], Iterator[Rewrite]]

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (self.apply.__doc__ or "").strip().splitlines()[0]


def transform(
    name: str, *, phase: Phase, level: Semantics, probability: float, strength: float = 1.0
) -> Callable[[Callable[[Program, Draw], Iterator[Rewrite]]], Transform]:
    """Return a decorator that makes a `Transform` of a generator function."""

    def enter(apply: Callable[[Program, Draw], Iterator[Rewrite]]) -> Transform:
        return Transform(name, phase, level, probability, strength, apply)

    return enter


# Sorted; a test holds it equal to the folder. Within a phase transforms run in this order.
TRANSFORMS = (
    "apply-de-morgan",
    "convert-arrow-bodies",
    "convert-early-returns",
    "convert-functions",
    "convert-if-to-ternary",
    "convert-loops",
    "convert-sequences",
    "convert-short-circuits",
    "convert-switch",
    "convert-template-literals",
    "convert-variable-kinds",
    "drop-comments",
    "eliminate-dead-code",
    "expand-compound-assignments",
    "expand-shorthand",
    "flip-comparisons",
    "fold-constants",
    "hoist-declarations",
    "inline-temporaries",
    "insert-dead-code",
    "introduce-temporaries",
    "invert-branches",
    "invert-ternaries",
    "outline-functions",
    "reformat",
    "rename-variables",
    "reorder-statements",
    "rewrite-numbers",
    "rewrite-property-access",
    "rewrite-property-keys",
    "rewrite-strings",
    "rewrite-undefined",
    "split-declarations",
    "subsample-lines",
    "toggle-braces",
    "unfold-constants",
    "up-convert-types",
    "wrap-blocks",
)


@cache
def registry() -> dict[str, Transform]:
    """Return all built-in transforms by name."""
    table: dict[str, Transform] = {}
    for name in TRANSFORMS:
        found = getattr(import_module(f"augment.transforms.{name.replace('-', '_')}"), name.replace("-", "_"))
        assert isinstance(found, Transform)
        assert found.name == name
        table[name] = found
    return table
