"""The function that was edited, predicted by itself: what is new in it has a hint long before the
whole file is predicted again.

A function declares its parameters and local variables, and all their occurrences lie in it, so that
little is missed: what else the file calls by the name of a type, and JSDoc before the function. The
whole file is predicted when typing pauses, as ever.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from contracode.javascript.records import Kind, Span, TypePrediction
from lsp_server.documents import Edit
from lsp_server.moving import shifted

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
    """Return the smallest function that a change lies in, by what was known of its names; None for
    none, or a long one.
    """
    functions = {p.function for p in known if p.function is not None}
    found = min(
        (span for span in functions if span[0] < touched[0] and touched[1] < span[1]),
        key=lambda span: span[1] - span[0],
        default=None,
    )
    return found if found is not None and found[1] - found[0] <= LONGEST else None


def merge(
    known: Iterable[TypePrediction], found: Iterable[TypePrediction], region: Span
) -> list[TypePrediction]:
    """Put predictions of a function's text in the place of what was known of it.

    Names that are new get what was found. Names that were there keep their types, as more was seen
    then, until the file is predicted again. What the function returns, and fields, stay as they
    were: the rest of the file tells of these.

    Args:
        known: predictions of the file, moved to its present text.
        found: predictions of the function's text alone.
        region: the function's bytes.

    Returns:
        Predictions in the order of their spans.
    """

    def others_tell(prediction: TypePrediction) -> bool:
        return prediction.kind == "field" or (
            prediction.kind == "return" and prediction.function == region
        )

    start, end = region
    before: dict[tuple[Kind, Span, str], TypePrediction] = {}
    merged: list[TypePrediction] = []
    for one in known:
        if one.span[0] < start or one.span[1] > end or others_tell(one):
            merged.append(one)
        else:
            before[one.kind, one.span, one.name] = one
    for one in found:
        new = shifted(one, start)
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
