"""The edited function, predicted alone so that new names have hints at once.

A function declares its parameters and local variables, and all their occurrences lie inside it.
Only types that the rest of the file declares, and JSDoc before the function, are missing until the
whole file is predicted in the next pause.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from contracode.javascript.records import Kind, Span, TypePrediction
from lsp_server.protocol.documents import Edit
from lsp_server.services.moved_predictions import shifted

LONGEST = 16_384
"""Most bytes of a function that is predicted alone."""


def touch(touched: Span | None, edit: Edit) -> Span:
    """Return the bytes that an edit and those before it changed, as offsets after the edit."""
    start, end = edit.start, edit.start + edit.length
    if touched is None:
        return start, end
    shift = edit.length - (edit.end - edit.start)
    return min(touched[0], start), max(end, touched[1] + shift)


def around(known: Iterable[TypePrediction], touched: Span) -> Span | None:
    """Return the smallest known function around a change, or None if it is too long."""
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
    """Replace the known predictions inside a function by those of its text alone.

    New names get the new predictions. Known names keep their types, which were predicted from the
    whole file. Fields and the return of the function stay unchanged, as they depend on the rest of
    the file.

    Args:
        known: predictions of the file, moved to its present text.
        found: predictions of the text of the function alone.
        region: bytes of the function.

    Returns:
        Predictions in the order of their spans.
    """

    def depends_on_file(prediction: TypePrediction) -> bool:
        return prediction.kind == "field" or (
            prediction.kind == "return" and prediction.function == region
        )

    start, end = region
    before: dict[tuple[Kind, Span, str], TypePrediction] = {}
    merged: list[TypePrediction] = []
    for one in known:
        if one.span[0] < start or one.span[1] > end or depends_on_file(one):
            merged.append(one)
        else:
            before[one.kind, one.span, one.name] = one
    for one in found:
        new = shifted(one, start)
        if depends_on_file(new):
            continue
        old = before.get((new.kind, new.span, new.name))
        if old is not None:
            new = replace(new, candidates=old.candidates, written=old.written or new.written)
        merged.append(new)
    return sorted(merged, key=lambda prediction: prediction.span)


def text_of(source: str, region: Span) -> str:
    """Return the text of a region."""
    return source.encode()[slice(*region)].decode(errors="replace")
