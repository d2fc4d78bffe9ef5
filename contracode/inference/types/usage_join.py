"""Joins what a model holds probable with what the code itself shows.

A type that the code contradicts is left out. A type that the code speaks for gets the probability
of a logistic regression over the precision of the rules that found it and the model's own
probability; what is left is shared by the others in the model's proportions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contracode.javascript.records import Candidate
from contracode.javascript.typing.targets import TypeTarget
from contracode.usage import CERTAIN, Usage, Verdict

CONSIDERED = 16
"""Candidates of the model that may be contradicted, for each target."""

LEAST = 0.005
"""Probability below which nobody asks whether a candidate is contradicted."""


class Weights(NamedTuple):
    """Coefficients of the regression, in log-odds.

    Attributes:
        intercept: of any type that the code speaks for.
        confidence: of the log-odds of the rules' precision.
        model: of the log-odds of the model's probability.
        vague: of a type that says little: `any[]`, `object`.
        best: of the log-odds of the model's best type, where that is another.
        unknown: of a type that the model does not know.
    """

    intercept: float
    confidence: float
    model: float
    vague: float
    best: float
    unknown: float


WEIGHTS = Weights(1.1, 0.27, 0.49, -2.8, 0.03, 1.35)
"""Fitted on annotated TypeScript read as JavaScript, of projects that no model was trained on."""

_VAGUE = frozenset(
    {"Function", "Map", "Promise<any>", "Set", "any[]", "null", "object", "object[]"}
)


class Joined(NamedTuple):
    """The candidates of a target, most probable first, and the rest of a `TypePrediction`."""

    candidates: tuple[Candidate, ...]
    evident: Candidate | None = None
    resolves: bool = True


def join(ranked: Sequence[Candidate], target: TypeTarget, usage: Usage) -> Joined:
    """Join the candidates of a target with what the code shows of it.

    Args:
        ranked: the model's candidates, most probable first.
        target: of the program that `usage` is of.
        usage: evidence of the program.
    """
    span = target.function if target.kind == "return" else target.span
    node = usage.subject_at(span, target.kind) if span is not None else None
    if node is None:
        return Joined(tuple(ranked))
    verdicts = usage.verdicts(node)[:1]
    by_type = {verdict.type: verdict for verdict in verdicts}
    likely = sum(one.probability >= LEAST for one in ranked[:CONSIDERED])
    kept = [one for one in ranked[:likely] if not usage.contradicts(node, one.type)]
    kept += ranked[likely:]
    by_model = {one.type: one.probability for one in kept}
    best = ranked[0] if ranked else None
    proven = {
        verdict.type: _probability(verdict, by_model.get(verdict.type, 0.0), best)
        for verdict in verdicts
    }
    others = [one for one in kept if one.type not in proven]
    left, held = 1 - sum(proven.values()), sum(one.probability for one in others)
    scale = min(1.0, left / held) if held else 1.0
    found = [Candidate(one.type, one.probability * scale) for one in others]
    found += [
        Candidate(type, p, by_type[type].reason, by_type[type].import_type)
        for type, p in proven.items()
    ]
    found.sort(key=lambda one: -one.probability)
    evident = usage.evident(node)
    return Joined(
        tuple(found),
        Candidate(*evident[:3], evident.import_type) if evident else None,
        not found or usage.resolves(found[0].type),
    )


def join_all(
    ranked: Iterable[Sequence[Candidate]], targets: Sequence[TypeTarget], usage: Usage
) -> list[Joined]:
    """Join the candidates of all targets of a program."""
    return [join(one, target, usage) for one, target in zip(ranked, targets, strict=True)]


def _probability(verdict: Verdict, by_model: float, best: Candidate | None) -> float:
    opposed = best is not None and best.type != verdict.type
    score = (
        WEIGHTS.intercept
        + WEIGHTS.confidence * _log_odds(verdict.confidence)
        + WEIGHTS.model * _log_odds(by_model)
        + WEIGHTS.vague * (verdict.type in _VAGUE)
        + WEIGHTS.best * (_log_odds(best.probability) if opposed and best is not None else 0)
        + WEIGHTS.unknown * (by_model == 0)
    )
    return max(1 / (1 + math.exp(-score)), CERTAIN.get(verdict.rule, 0.0))


def _log_odds(probability: float) -> float:
    clipped = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(clipped / (1 - clipped))
