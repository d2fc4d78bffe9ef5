"""Inserts predicted types into a source, where an editor would show hints."""

from collections.abc import Iterable, Sequence

from contracode.javascript.records import TypePrediction, as_shown
from contracode.support.html.blocks import CodePart


def shown(predictions: Iterable[TypePrediction], threshold: float) -> list[TypePrediction]:
    """Return the predictions to show: evident or probable, neither written nor obvious."""
    found = (as_shown(one, threshold) for one in predictions if not (one.written or one.obvious))
    return [one for one in found if one is not None]


def placed(
    predictions: Iterable[TypePrediction], every: Iterable[TypePrediction]
) -> list[TypePrediction]:
    """Return the predictions whose hints are unambiguous.

    The return of an arrow function without parentheses is left out: in `x: T => ...`, T would be
    read as the type of the parameter.

    Args:
        predictions: predictions to show.
        every: all predictions of the source.
    """
    taken = {one.hint_offset for one in every if one.kind == "parameter"}
    return [one for one in predictions if one.kind != "return" or one.hint_offset not in taken]


def draw(source: str, predictions: Sequence[TypePrediction]) -> list[CodePart]:
    """Return the source as parts, with a part `: type` for each prediction."""
    data = source.encode()
    parts: list[CodePart] = []
    at = 0
    for prediction in sorted(predictions, key=lambda found: found.hint_offset):
        best = prediction.candidates[0]
        parts.append(CodePart(data[at : prediction.hint_offset].decode(), None))
        parts.append(CodePart(f": {best.type}", best.probability))
        at = prediction.hint_offset
    return [*parts, CodePart(data[at:].decode(), None)]
