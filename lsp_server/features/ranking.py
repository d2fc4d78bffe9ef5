"""Ranked types as Markdown, and as the data that travels with a hint until it is resolved."""

from collections.abc import Sequence
from typing import Any

import msgspec

from contracode.javascript.records import Candidate


def ranking(candidates: Sequence[Candidate]) -> str:
    """Return a Markdown list, most probable first, such as ``- `string` 81 %``."""
    told = [f": {c.reason}" if c.reason else "" for c in candidates]
    return "\n".join(
        f"- {_code(c.type)} {_percent(c.probability)}{why}"
        for c, why in zip(candidates, told, strict=True)
    )


def to_data(candidates: Sequence[Candidate]) -> list[tuple[str, float]]:
    """Return what JSON can carry of candidates."""
    return [(c.type, round(c.probability, 4)) for c in candidates]


def from_data(data: Any) -> list[Candidate]:
    """Return the candidates that `to_data` gave; none for what anybody else put there."""
    try:
        pairs = msgspec.convert(data, list[tuple[str, float]])
    except msgspec.ValidationError:
        return []
    return [Candidate(type=name, probability=probability) for name, probability in pairs]


def _percent(probability: float) -> str:
    return "< 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def _code(text: str) -> str:
    """Return an inline code span; a type from a stranger's code may hold backticks (template
    literal types).
    """
    return f"`` {text} ``" if "`" in text else f"`{text}`"
