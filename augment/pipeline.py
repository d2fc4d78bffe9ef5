"""`Pipeline`: draws transforms, composes their rewrites and renders views.

Phases run structure, names, layout. Each transform draws from its own stream, seeded by (seed, program, copy, transform), so that adding
one does not change what the others do, and any process gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from random import Random

from augment.edits import Plan, Rewrite, Semantics
from augment.names import NameSupply
from augment.positions import PositionMap
from augment.program import Program
from augment.registry import PHASES, Draw, Transform, registry
from augment.render import render


@dataclass(frozen=True, slots=True)
class Applied:
    """A rewrite that a view took.

    Attributes:
        transform: name of the transform.
        level: what this rewrite leaves as it was.
        span: bytes of the source it is about, None for the whole.
    """

    transform: str
    level: Semantics
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A rewrite that a view did not take, and why."""

    transform: str
    reason: str
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class View:
    """An equivalent variant of a program.

    Attributes:
        text: the new source.
        applied: rewrites taken, in order.
        refused: rewrites that clashed with an earlier one or went beyond the level asked for.
        positions: where the spans of the source went.
    """

    text: str
    applied: list[Applied]
    refused: list[Refused]
    positions: PositionMap

    @property
    def level(self) -> Semantics:
        """The most that any applied rewrite changes."""
        return max((step.level for step in self.applied), default=Semantics.PRESERVED)


class Pipeline:
    """A set of transforms with the probability and strength of each.

    Args:
        transforms: names of built-in transforms or `Transform`s of your own; None for all built-in ones.
        probability: overrides every transform's own probability.
        strength: overrides every transform's own strength.
        level: rewrites beyond this level are not taken. PRESERVED keeps the names of functions and classes.
        overrides: transform name to (probability, strength).

    Raises:
        ValueError: an unknown transform name.
    """

    def __init__(
        self,
        transforms: Iterable[str | Transform] | None = None,
        *,
        probability: float | None = None,
        strength: float | None = None,
        level: Semantics = Semantics.OBSERVABLE,
        overrides: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        known = registry()
        chosen: list[Transform] = []
        for item in known if transforms is None else transforms:
            if isinstance(item, str):
                if item not in known:
                    raise ValueError(f"unknown transform {item!r}; known are {', '.join(known)}")
                item = known[item]
            if transforms is not None or item.level <= level:
                chosen.append(item)
        chosen.sort(key=lambda item: PHASES.index(item.phase))
        table = dict(overrides or {})
        self.level = level
        self.steps: list[tuple[Transform, float, float]] = []
        for item in chosen:
            own = table.get(item.name, (item.probability, item.strength))
            self.steps.append(
                (item, own[0] if probability is None else probability, own[1] if strength is None else strength)
            )

    @classmethod
    def default(cls) -> Pipeline:
        """Return the pipeline that training uses: every equivalent transform at its own probability."""
        return cls()

    @classmethod
    def everything(cls, level: Semantics = Semantics.OBSERVABLE) -> Pipeline:
        """Return the pipeline that rewrites at as many sites as it can: for tests of robustness and of this engine."""
        return cls(probability=1.0, strength=1.0, level=level)

    def view(self, program: Program, seed: int = 0, copy: int = 0) -> View:
        """Return one variant of `program`.

        Args:
            program: what `parse` returned.
            seed: the same seed gives the same view, in any process.
            copy: number of the variant.
        """
        plan = Plan(program)
        supply = NameSupply(program)
        applied: list[Applied] = []
        refused: list[Refused] = []
        draw = Draw()
        draw.supply = supply
        stream = f"{seed}/{program.key}/{copy}/"
        for item, probability, strength in self.steps:
            # Whether a transform is used at all is read off the hash: seeding takes five times as long, and most are not used.
            number = int.from_bytes(blake2b((stream + item.name).encode(), digest_size=8).digest(), "little")
            if number >= probability * 2**64:
                continue
            super(Random, draw).seed(number)  # that of Random itself also takes strings, and takes half as long again
            draw.random()  # every stream starts with its second number
            draw.strength = strength
            for rewrite in item.apply(program, draw):
                reason = self._refuse(item, rewrite) or plan.accept(rewrite)
                if reason:
                    refused.append(Refused(item.name, reason, rewrite.span))
                else:
                    applied.append(Applied(item.name, rewrite.level, rewrite.span))
        text, positions = render(program, plan)
        return View(text, applied, refused, positions)

    def views(self, program: Program, count: int, seed: int = 0) -> Iterator[View]:
        """Yield `count` variants of `program`; some may be equal."""
        for copy in range(count):
            yield self.view(program, seed, copy)

    def _refuse(self, item: Transform, rewrite: Rewrite) -> str:
        assert rewrite.level <= item.level, f"{item.name} yields a rewrite beyond its declared level"
        return "" if rewrite.level <= self.level else f"not within {self.level.name}"
