"""The function that was edited, predicted by itself: what is new in it has a hint long before the whole file is predicted again.

A function declares its parameters and local variables, and all their occurrences lie in it, so that little is missed: what else the file
calls by the name of a type, and JSDoc before the function. The whole file is predicted when typing pauses, as ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from contracode.predictions import Span, TypePrediction
from lsp_server.documents import Edit

LONGEST = 16_384
"""Bytes of a function above which the whole file is not much more."""


def touch(touched: Span | None, edit: Edit) -> Span:
    """Return the bytes, after an edit, that it and those before it changed."""
    start, end = edit.start, edit.start + edit.length
    if touched is None:
        return start, end
    shift = edit.length - (edit.end - edit.start)
    return min(touched[0], start), max(end, touched[1] + shift)


def around(known: Iterable[TypePrediction], touched: Span) -> Span | None:
    """Return the smallest function that a change lies in, by what was known of its names; None for none, or a long one."""
    functions = {p.function for p in known if p.function is not None}
    found = min(
        (span for span in functions if span[0] < touched[0] and touched[1] < span[1]),
        key=lambda span: span[1] - span[0],
        default=None,
    )
    return found if found is not None and found[1] - found[0] <= LONGEST else None


def merge(known: Iterable[TypePrediction], found: Iterable[TypePrediction], region: Span) -> list[TypePrediction]:
    """Put predictions of a function's text in the place of what was known of it.

    Names that are new get what was found. Names that were there keep their types, as more was seen then, until the file is predicted again.
    What the function returns, and fields, stay as they were: the rest of the file tells of these.

    Args:
        known: predictions of the file, moved to its present text.
        found: predictions of the function's text alone.
        region: the function's bytes.

    Returns:
        Predictions in the order of their spans.
    """

    def others_tell(prediction: TypePrediction) -> bool:
        return prediction.kind == "field" or (prediction.kind == "return" and prediction.function == region)

    before = {(p.kind, p.span, p.name): p for p in known}
    merged = [p for p in before.values() if others_tell(p) or p.span[0] < region[0] or p.span[1] > region[1]]
    for one in found:
        new = _shifted(one, region[0])
        if others_tell(new):
            continue
        old = before.get((new.kind, new.span, new.name))
        if old is not None:
            new = replace(new, candidates=old.candidates, written=old.written or new.written)
        merged.append(new)
    return sorted(merged, key=lambda prediction: prediction.span)


def text_of(source: str, region: Span) -> str:
    """Return the text of some bytes."""
    return source.encode()[slice(*region)].decode(errors="replace")


def _shifted(prediction: TypePrediction, by: int) -> TypePrediction:
    def shifted(span: Sequence[int]) -> Span:
        return span[0] + by, span[1] + by

    return replace(
        prediction,
        span=shifted(prediction.span),
        hint_offset=prediction.hint_offset + by,
        function=None if prediction.function is None else shifted(prediction.function),
    )
