"""The decorator that makes transforms, and the registry that finds them.

A transform is a generator that yields the sites of a program, each with its rewrite:

    @transform(
        "swap-branches",
        family="branches",
        phase="structure",
        level=Semantics.PRESERVED,
        probability=0.3,
        strength=0.5,
    )
    def swap_branches(program: Program) -> Iterator[Site]:
        for node in program.nodes("if_statement"):
            yield Rewrite((replace(node, ...),))

Sites are found once per program, and each view draws some of them. A transform whose sites depend
on each other also takes a `Draw`. It runs for every view and makes its own random choices:

    def rename_all(program: Program, draw: Draw) -> Iterator[Rewrite]:

`probability` is the share of views that use the transform, and `strength` is the share of sites
that such a view rewrites. A pipeline may override both.

A two-way transform registers its canonical direction, which the normal form applies:

    @swap_branches.canonical
    def canonical(program: Program) -> Iterator[Rewrite]:
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from inspect import signature
from pkgutil import iter_modules
from typing import Final, Literal, cast
from zlib import crc32

from augment.program.program import Program
from augment.rewriting.edits import Rewrite
from augment.rewriting.name_supply import NameSupply
from augment.rewriting.random_stream import RandomStream
from augment.rewriting.semantics import Semantics

Phase = Literal["structure", "names", "layout"]

PHASES: Final[tuple[Phase, ...]] = ("structure", "names", "layout")


class Draw(RandomStream):
    """The random choices of one transform in one view.

    Attributes:
        strength: share of sites to rewrite, 0 to 1.
        supply: new names.
    """

    def __init__(self, seed: str, supply: NameSupply, strength: float = 1.0) -> None:
        super().__init__(seed)
        self.supply = supply
        self.strength = strength

    def site(self) -> bool:
        """Draw whether to rewrite the next site."""
        return self.strength >= 1 or self.random() < self.strength


Site = Rewrite | tuple[Rewrite, ...] | Callable[[Draw], Rewrite | None]
"""A rewrite, alternatives to draw one from, or a function that draws a rewrite."""


def sometimes(share: float, rewrite: Rewrite) -> Site:
    """Return a site that is rewritten in only a share of the views that choose it."""
    return lambda draw: rewrite if draw.random() < share else None


Rule = Callable[[Program], Iterable[Rewrite]]
"""Yields the rewrites of a program towards its normal form."""


class Transform:
    """A transform.

    Attributes:
        name: kebab-case, starting with a verb, same as its file.
        family: its topic, such as "loops"; robustness is measured by family.
        phase: "structure", "names" or "layout"; phases run in this order.
        level: what all of its rewrites preserve.
        probability: share of views that use it.
        strength: share of sites that such a view rewrites.
        summary: first paragraph of its docstring, on one line.
        sites: finds the sites of a program; None if `draws` is set.
        draws: draws the rewrites of one view; None if `sites` is set.
        salt: 32 bits that identify its random stream.
        simplifies: every site is a step towards the normal form.
        rule: its canonical direction, if it is two-way.
    """

    def __init__(
        self,
        name: str,
        *,
        family: str,
        phase: Phase,
        level: Semantics,
        probability: float,
        strength: float = 1.0,
        summary: str = "",
        sites: Callable[[Program], list[Site]] | None = None,
        draws: Callable[[Program, Draw], Iterator[Rewrite]] | None = None,
        simplifies: bool = False,
    ) -> None:
        self.name = name
        self.family = family
        self.phase: Phase = phase
        self.level = level
        self.probability = probability
        self.strength = strength
        self.summary = summary
        self.sites = sites
        self.draws = draws
        self.salt = crc32(name.encode())
        self.simplifies = simplifies
        self.rule: Rule | None = None

    def canonical(self, rule: Rule) -> Rule:
        """Register the canonical direction; a decorator."""
        self.rule = rule
        return rule

    def rewrites(self, program: Program, draw: Draw) -> Iterable[Rewrite]:
        """Return the rewrites for a view to try, in order."""
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
    name: str,
    *,
    family: str,
    phase: Phase,
    level: Semantics,
    probability: float,
    strength: float = 1.0,
    simplifies: bool = False,
) -> Callable[[Sites | Draws], Transform]:
    """Return a decorator that turns a generator function into a `Transform`; see there."""

    def enter(function: Sites | Draws) -> Transform:
        found = Transform(
            name,
            family=family,
            phase=phase,
            level=level,
            probability=probability,
            strength=strength,
            summary=" ".join((function.__doc__ or "").partition("\n\n")[0].split()),
            simplifies=simplifies,
        )
        if len(signature(function).parameters) == 2:
            found.draws = cast(Draws, function)
            return found
        find = cast(Sites, function)

        def sites(program: Program) -> list[Site]:
            return list(find(program))

        found.sites = sites
        return found

    return enter


BUILT_IN: Final = "augment.transforms"
"""Package of the built-in transforms, one module each."""

ENTRY_POINTS: Final = "augment.transforms"
"""Group of entry points by which installed packages add transforms."""


@cache
def built_in() -> dict[str, Transform]:
    """Return the built-in transforms, sorted by name."""
    package = import_module(BUILT_IN)
    table: dict[str, Transform] = {}
    for module in sorted(one.name for one in iter_modules(package.__path__)):
        found = load_transform(f"{BUILT_IN}.{module}:{module}")
        assert found.name == module.replace("_", "-"), f"{found.name} is not named like its file"
        table[found.name] = found
    return table


@cache
def registry() -> dict[str, Transform]:
    """Return all transforms by name: the built-in ones, then those of installed packages.

    Transforms of one phase run in this order.

    Raises:
        ValueError: two transforms have one name, or an entry point names no transform.
    """
    # Imported here: it takes 20 ms, which whoever only parses need not wait for.
    from importlib.metadata import entry_points

    table = dict(built_in())
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
        found = load_transform(entry.value)
        if found.name in table:
            raise ValueError(f"two transforms are called {found.name}")
        table[found.name] = found
    return table


def load_transform(path: str) -> Transform:
    """Return the transform at `module:name`.

    Raises:
        ValueError: there is no such module or transform.
    """
    module, _, name = path.partition(":")
    try:
        found = getattr(import_module(module), name, None)
    except ImportError as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(found, Transform):
        raise ValueError(f"{path}: no transform of that name")
    return found


def families() -> dict[str, tuple[str, ...]]:
    """Return the names of the exact transforms of each family, families in order of name."""
    table: dict[str, list[str]] = {}
    for item in registry().values():
        if item.level <= Semantics.OBSERVABLE:
            table.setdefault(item.family, []).append(item.name)
    return {family: tuple(table[family]) for family in sorted(table)}
