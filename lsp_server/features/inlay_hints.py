"""Inlay hints: types beside parameters, variables and parameter lists.

The tooltip of a hint lists the alternatives, and its edit writes the type as JSDoc or as an
annotation; VS Code applies it on a double click. A client that can resolve edits receives each on
request. Other clients receive them with the hints, unless they would have to wait.
"""

from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcContentModified

from contracode.javascript.records import Kind, Span, TypePrediction
from contracode.products.annotate.draw_hints import placed
from lsp_server.features._markdown import from_data, ranking, to_data
from lsp_server.services.context import Context
from lsp_server.services.predictions import Stale
from lsp_server.services.type_edits import TypeChoice, best

if TYPE_CHECKING:
    from lsp_server.protocol.documents import Document


class _Data(msgspec.Struct):
    """Data for resolving a hint: the edit is valid for one version, the tooltip for all."""

    uri: str
    version: int
    kind: Kind
    span: Span
    name: str
    candidates: list[tuple[str, float]]


def register(context: Context) -> None:
    """Answer `textDocument/inlayHint` and `inlayHint/resolve`."""

    @context.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=True))
    async def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        document = context.documents.get(uri)
        if document is None:
            return []
        start, end = document.offset(params.range.start), document.offset(params.range.end)
        # While the model is loading, a client that can refresh gets no hints; others wait.
        can_refresh = context.capable("workspace.inlay_hint.refresh_support")
        try:
            predictions = await context.predictions.get(
                uri, wait=context.predictions.decided or not can_refresh
            )
            drawn = placed(context.predictions.drawn(predictions), predictions)
            here = [p for p in drawn if start <= p.hint_offset <= end]
            edits = None
            if (
                here
                and _writes(context)
                and not _resolves(context, "textEdits")
                and context.predictions.current(uri)
            ):
                edits = await context.type_edits.edits(document, [[best(p)] for p in here])
        except Stale:
            raise JsonRpcContentModified from None
        hints = [_hint(document, prediction) for prediction in here]
        for number, (hint, prediction) in enumerate(zip(hints, here, strict=True)):
            if not _resolves(context, "tooltip"):
                hint.tooltip = _tooltip(prediction)
            if edits is not None:
                hint.text_edits = edits[number] or None
        return hints

    @context.feature(types.INLAY_HINT_RESOLVE)
    async def resolve(hint: types.InlayHint) -> types.InlayHint:
        try:
            data = msgspec.convert(hint.data, _Data)
        except msgspec.ValidationError:  # not one of our hints
            return hint
        candidates = from_data(data.candidates)
        if not candidates:
            return hint
        hint.tooltip = types.MarkupContent(types.MarkupKind.Markdown, ranking(candidates))
        document = context.documents.get(data.uri)
        if not _writes(context) or not _resolves(context, "textEdits"):
            return hint
        if document is not None and document.version == data.version:
            choice = TypeChoice(data.kind, data.span, data.name, candidates[0].type)
            try:
                (edits,) = await context.type_edits.edits(document, [[choice]])
            except Stale:
                return hint
            hint.text_edits = edits or None
        return hint


def _writes(context: Context) -> bool:
    return context.settings.hints.edits


def _resolves(context: Context, name: str) -> bool:
    """Return whether the client can resolve a property of a hint."""
    support = get_capability(
        context.client.client_capabilities, "text_document.inlay_hint.resolve_support"
    )
    return support is not None and name in support.properties


def _tooltip(prediction: TypePrediction) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, ranking(prediction.candidates))


def _hint(document: "Document", prediction: TypePrediction) -> types.InlayHint:
    data = _Data(
        uri=document.uri,
        version=document.version,
        kind=prediction.kind,
        span=prediction.span,
        name=prediction.name,
        candidates=to_data(prediction.candidates),
    )
    return types.InlayHint(
        position=document.position(prediction.hint_offset),
        label=f": {prediction.candidates[0].type}",
        kind=types.InlayHintKind.Type,
        data=msgspec.to_builtins(data),
    )
