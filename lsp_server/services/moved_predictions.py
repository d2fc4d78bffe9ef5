"""Predictions moved through edits."""

from collections.abc import Iterable

from msgspec.structs import replace

from contracode.javascript.records import Span, TypePrediction
from lsp_server.protocol.documents import Edit


def move_all(predictions: Iterable[TypePrediction], edit: Edit) -> tuple[TypePrediction, ...]:
    """Move predictions through an edit, and drop those of names that it changed."""
    start, end = edit.start, edit.end
    shift = edit.length - (end - start)
    found: list[TypePrediction] = []
    for one in predictions:
        if last(one) < start:
            found.append(one)
        elif _first(one) > end:
            found.append(shifted(one, shift) if shift else one)
        elif (moved := move(one, edit)) is not None:
            found.append(moved)
    return tuple(found)


def move(prediction: TypePrediction, edit: Edit) -> TypePrediction | None:
    """Move a prediction through an edit; None if the edit changed its name."""
    if last(prediction) < edit.start:
        return prediction
    shift = edit.length - (edit.end - edit.start)
    start, end = prediction.span
    if edit.start <= end and edit.end >= start:
        inside = edit.start < end and edit.end > start
        before, after = (edit.before + edit.text)[-1:], (edit.text + edit.after)[:1]
        grows = (edit.end == start and _is_name_part(before)) or (
            edit.start == end and _is_name_part(after)
        )
        if inside or grows:
            return None

    def moved(offset: int, *, sticks: bool) -> int:
        """Return the new offset; text inserted there goes before it unless the offset sticks."""
        if offset < edit.start or (sticks and offset == edit.start):
            return offset
        return offset + shift if offset >= edit.end else edit.start

    def moved_span(span: Span) -> Span:
        return moved(span[0], sticks=False), moved(span[1], sticks=True)

    return replace(
        prediction,
        span=moved_span(prediction.span),
        hint_offset=moved(prediction.hint_offset, sticks=True),
        function=None if prediction.function is None else moved_span(prediction.function),
    )


def shifted(prediction: TypePrediction, by: int) -> TypePrediction:
    """Shift a prediction by some bytes."""
    start, end = prediction.span
    function = prediction.function
    return replace(
        prediction,
        span=(start + by, end + by),
        hint_offset=prediction.hint_offset + by,
        function=None if function is None else (function[0] + by, function[1] + by),
    )


def last(prediction: TypePrediction) -> int:
    """Return the last offset that a prediction depends on."""
    function = prediction.function
    return max(prediction.span[1], prediction.hint_offset, function[1] if function else 0)


def _first(prediction: TypePrediction) -> int:
    function, start = prediction.function, prediction.span[0]
    return start if function is None or start < function[0] else function[0]


def _is_name_part(char: str) -> bool:
    """Return whether a character can continue an identifier."""
    return char != "" and (char.isalnum() or f"_{char}".isidentifier() or char in "$\u200c\u200d")
