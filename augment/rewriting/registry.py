"""The table of transforms and the decorator that enters them.

A transform is a generator over a program that yields its sites, each with the rewrite that may be
made there:

    @transform("swap-branches", phase="structure", level=Semantics.PRESERVED, probability=0.3,
    strength=0.5) def swap_branches(program: Program) -> Iterator[Site]:
        for node in program.nodes("if_statement"):
            yield Rewrite((replace(node, ...),))

Sites are found once a program, and each view draws among them. A transform whose sites hang
together takes a `Draw` too, is run for every view, and draws for itself:

    def rename_all(program: Program, draw: Draw) -> Iterator[Rewrite]:

`probability` is how often a view uses the transform at all, `strength` the share of its sites that
it then rewrites. Both are defaults that a pipeline may override.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import signature
from typing import Final, Literal, cast

from augment.program.program import Program
from augment.rewriting.edits import Rewrite, Semantics
from augment.rewriting.name_supply import NameSupply
from augment.rewriting.random_stream import Chance

Phase = Literal["structure", "names", "layout"]

PHASES: Final[tuple[Phase, ...]] = ("structure", "names", "layout")


class Draw(Chance):
    """All the randomness that a transform may use, for one view.

    Attributes:
        strength: share of sites to rewrite, 0 to 1.
        supply: new names.
    """

    def __init__(self, seed: str, supply: NameSupply, strength: float = 1.0) -> None:
        super().__init__(seed)
        self.supply = supply
        self.strength = strength

    def site(self) -> bool:
        """Whether to rewrite at the site at hand."""
        return self.strength >= 1 or self.random() < self.strength


Site = Rewrite | tuple[Rewrite, ...] | Callable[[Draw], Rewrite | None]
"""A rewrite, several of which one is drawn (none: no site after all), or what makes one by chance,
with new names for example.
"""


def sometimes(share: float, rewrite: Rewrite) -> Site:
    """Return a site that is rewritten in a share of the views that choose it."""
    return lambda draw: rewrite if draw.random() < share else None


@dataclass(frozen=True, slots=True)
class Transform:
    """An entry of the registry.

    Attributes:
        name: kebab-case, verb first, same as its file.
        phase: structure, names, layout: the order in which phases run.
        level: the most that any of its rewrites changes.
        probability: how often a view uses it.
        strength: share of its sites that it rewrites when used.
        summary: first paragraph of its docstring, on one line.
        sites: finds the sites of a program; None for a transform that draws for itself.
        draws: yields the rewrites of one view; None for a transform that has sites.
    """

    name: str
    phase: Phase
    level: Semantics
    probability: float
    strength: float
    summary: str
    sites: Callable[[Program], list[Site]] | None
    draws: Callable[[Program, Draw], Iterator[Rewrite]] | None

    def rewrites(self, program: Program, draw: Draw) -> Iterable[Rewrite]:
        """Return what this view tries, in order."""
        if self.draws is not None:
            return self.draws(program, draw)
        assert self.sites is not None
        sites = program.analysis(self.sites)
        return _drawn(sites, draw) if sites else ()


def _drawn(sites: list[Site], draw: Draw) -> list[Rewrite]:
    drawn: list[Rewrite] = []
    for site in sites:
        if draw.site():
            if isinstance(site, Rewrite):
                drawn.append(site)
            elif not callable(site):
                if site:
                    drawn.append(draw.choice(site))
            else:
                rewrite = site(draw)
                if rewrite is not None:
                    drawn.append(rewrite)
    return drawn


Sites = Callable[[Program], Iterator[Site]]
Draws = Callable[[Program, Draw], Iterator[Rewrite]]


def transform(
    name: str, *, phase: Phase, level: Semantics, probability: float, strength: float = 1.0
) -> Callable[[Sites | Draws], Transform]:
    """Return a decorator that makes a `Transform` of a generator function."""

    def enter(function: Sites | Draws) -> Transform:
        summary = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        if len(signature(function).parameters) == 2:
            draws = cast(Draws, function)
            return Transform(name, phase, level, probability, strength, summary, None, draws)
        find = cast(Sites, function)

        def sites(program: Program) -> list[Site]:
            return list(find(program))

        return Transform(name, phase, level, probability, strength, summary, sites, None)

    return enter


# Sorted; a test holds it equal to the folder. Within a phase transforms run in this order.
TRANSFORMS: Final = (
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
        found = getattr(
            import_module(f"augment.transforms.{name.replace('-', '_')}"), name.replace("-", "_")
        )
        assert isinstance(found, Transform)
        assert found.name == name
        table[name] = found
    return table
