"""`Pipeline`: draws transforms, composes their rewrites and renders views.

Phases run structure, names, layout. Each transform draws from a stream of its own, seeded by (seed,
program, copy, transform). So every process makes the same bytes, and a transform that rewrites
nothing changes no view.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from augment.printing.positions import PositionMap
from augment.printing.render import render
from augment.program.program import Program
from augment.rewriting.edits import Rewrite
from augment.rewriting.name_supply import NameSupply
from augment.rewriting.plan import Plan
from augment.rewriting.random_stream import mixed, stream_key
from augment.rewriting.registry import PHASES, Draw, Transform, load_transform, registry
from augment.rewriting.semantics import Semantics


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


class View:
    """An equivalent variant of a program.

    Attributes:
        text: the new source.
        positions: where the spans of the source went.
    """

    __slots__ = ("_applied", "_refused", "positions", "text")

    def __init__(
        self,
        text: str,
        positions: PositionMap,
        applied: list[tuple[Transform, Rewrite]],
        refused: list[tuple[Transform, Rewrite, str]],
    ) -> None:
        self.text = text
        self.positions = positions
        self._applied = applied
        self._refused = refused

    @property
    def applied(self) -> list[Applied]:
        """Rewrites taken, in order."""
        return [Applied(item.name, rewrite.level, rewrite.span) for item, rewrite in self._applied]

    @property
    def refused(self) -> list[Refused]:
        """Rewrites that clashed with an earlier one or went beyond the level asked for."""
        return [Refused(item.name, reason, rewrite.span) for item, rewrite, reason in self._refused]

    @property
    def level(self) -> Semantics:
        """The most that any applied rewrite changes."""
        return max((rewrite.level for _, rewrite in self._applied), default=Semantics.PRESERVED)


class Pipeline:
    """A set of transforms with the probability and strength of each.

    Args:
        transforms: names of registered transforms, `module:name` of others, or `Transform`s; None
            for all registered ones whose level `level` allows.
        probability: overrides every transform's own probability.
        strength: overrides every transform's own strength.
        level: rewrites beyond this level are not taken. PRESERVED keeps the names of functions and
            classes.
        overrides: transform name to (probability, strength).

    Raises:
        ValueError: there is no such transform.
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
                item = known[item] if item in known else _loaded(item, known)
            # The level limits each rewrite; here it only leaves out whole transforms.
            if transforms is not None or item.level <= max(level, Semantics.OBSERVABLE):
                chosen.append(item)
        chosen.sort(key=lambda item: PHASES.index(item.phase))
        table = dict(overrides or {})
        self.level = level
        self.steps: list[tuple[Transform, float, float]] = []
        for item in chosen:
            own = table.get(item.name, (item.probability, item.strength))
            self.steps.append(
                (
                    item,
                    own[0] if probability is None else probability,
                    own[1] if strength is None else strength,
                )
            )

    @classmethod
    def default(cls) -> Pipeline:
        """Return the pipeline of all exact transforms, each at its own probability."""
        return cls()

    @classmethod
    def everything(cls, level: Semantics = Semantics.OBSERVABLE) -> Pipeline:
        """Return the pipeline that rewrites at as many sites as it can: for tests of robustness and
        of this engine.
        """
        return cls(probability=1.0, strength=1.0, level=level)

    def view(self, program: Program, seed: int = 0, copy: int = 0) -> View:
        """Return one variant of `program`.

        Args:
            program: what `parse` returned.
            seed: the same seed gives the same view, in any process.
            copy: number of the variant.
        """
        plan = Plan(program)
        applied: list[tuple[Transform, Rewrite]] = []
        refused: list[tuple[Transform, Rewrite, str]] = []
        key, supply = stream_key(seed, program.key, copy), NameSupply(program)
        for item, probability, strength in self.steps:
            if probability < 1 and mixed(key ^ item.salt) >= probability:
                continue
            draw = Draw(f"{seed}/{program.key}/{copy}/{item.name}", supply, strength)
            for rewrite in item.rewrites(program, draw):
                assert rewrite.level <= item.level, (
                    f"{item.name} yields a rewrite beyond its declared level"
                )
                if rewrite.level > self.level:
                    reason = f"not within {self.level.name}"
                else:
                    reason = plan.accept(rewrite)
                if reason:
                    refused.append((item, rewrite, reason))
                else:
                    applied.append((item, rewrite))
        text, positions = render(program, plan)
        return View(text, positions, applied, refused)

    def views(self, program: Program, count: int, seed: int = 0) -> Iterator[View]:
        """Yield `count` variants of `program`; some may be equal."""
        for copy in range(count):
            yield self.view(program, seed, copy)


def _loaded(name: str, known: Iterable[str]) -> Transform:
    if ":" not in name:
        raise ValueError(f"unknown transform {name!r}; known are {', '.join(known)}")
    return load_transform(name)
