"""Ranked types as Markdown, and as data that travels with a hint until it is resolved."""

from collections.abc import Sequence
from typing import Any

import msgspec

from contracode.javascript.records import Candidate


def ranking(candidates: Sequence[Candidate]) -> str:
    """Return a Markdown list, most probable first: ``- `string` 81 %: compared with ""``."""
    return "\n".join(map(_line, candidates))


def to_data(candidates: Sequence[Candidate]) -> list[tuple[str, float]]:
    """Return candidates as JSON values."""
    return [(c.type, round(c.probability, 4)) for c in candidates]


def from_data(data: Any) -> list[Candidate]:
    """Return the candidates of `to_data`; none for other data."""
    try:
        pairs = msgspec.convert(data, list[tuple[str, float]])
    except msgspec.ValidationError:
        return []
    return [Candidate(type=name, probability=probability) for name, probability in pairs]


def _line(candidate: Candidate) -> str:
    reason = f": {candidate.reason}" if candidate.reason else ""
    return f"- {_code(candidate.type)} {_percent(candidate.probability)}{reason}"


def _percent(probability: float) -> str:
    return "< 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def _code(text: str) -> str:
    """Return an inline code span; template literal types contain backticks."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
