"""Inlay hints: ` name: string` beside parameters, variables and parameter lists, with the
alternatives in the tooltip.

A hint carries the edit that writes its type, as JSDoc or as an annotation: a double click in VS
Code. A client that can resolve edits is given each when it asks for it; any other, all of them with
the hints, unless it would have to wait for them.
"""

from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcContentModified

from contracode.javascript.records import Kind, Span, TypePrediction
from contracode.products.annotate.draw_hints import placed
from lsp_server.annotations import Choice, best
from lsp_server.features.ranking import from_data, ranking, to_data
from lsp_server.hints import Stale

if TYPE_CHECKING:
    from lsp_server.documents import Document
    from lsp_server.server import Server


class _Data(msgspec.Struct):
    """All that resolving needs: the tooltip's part holds however much the document has changed
    since, the edit's for its version.
    """

    uri: str
    version: int
    kind: Kind
    span: Span
    name: str
    candidates: list[tuple[str, float]]


def register(server: "Server") -> None:
    """Answer `textDocument/inlayHint` and `inlayHint/resolve`."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=True))
    async def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        document = server.documents.get(uri)
        if document is None:
            return []
        start, end = document.offset(params.range.start), document.offset(params.range.end)
        # Until the model is there, a client that can be asked to come again gets nothing; any other
        # has to wait for it.
        can_refresh = server.capable("workspace.inlay_hint.refresh_support")
        try:
            predictions = await server.hints.get(uri, wait=server.hints.decided or not can_refresh)
            drawn = placed(server.hints.drawn(predictions), predictions)
            here = [p for p in drawn if start <= p.hint_offset <= end]
            edits = None
            if (
                here
                and _writes(server)
                and not _resolves(server, "textEdits")
                and server.hints.current(uri)
            ):
                edits = await server.annotations.edits(document, [[best(p)] for p in here])
        except Stale:
            raise JsonRpcContentModified from None
        hints = [_hint(document, prediction) for prediction in here]
        for number, (hint, prediction) in enumerate(zip(hints, here, strict=True)):
            if not _resolves(server, "tooltip"):
                hint.tooltip = _tooltip(prediction)
            if edits is not None:
                hint.text_edits = edits[number] or None
        return hints

    @server.feature(types.INLAY_HINT_RESOLVE)
    async def resolve(hint: types.InlayHint) -> types.InlayHint:
        try:
            data = msgspec.convert(hint.data, _Data)
        except msgspec.ValidationError:  # somebody else's
            return hint
        candidates = from_data(data.candidates)
        if not candidates:
            return hint
        hint.tooltip = types.MarkupContent(types.MarkupKind.Markdown, ranking(candidates))
        document = server.documents.get(data.uri)
        if not _writes(server) or not _resolves(server, "textEdits"):
            return hint
        if document is not None and document.version == data.version:
            choice = Choice(data.kind, data.span, data.name, candidates[0].type)
            try:
                (edits,) = await server.annotations.edits(document, [[choice]])
            except Stale:
                return hint
            hint.text_edits = edits or None
        return hint


def _writes(server: "Server") -> bool:
    return server.settings.hints.edits


def _resolves(server: "Server", name: str) -> bool:
    """Whether the client can ask for this property of a hint when it needs it."""
    support = get_capability(server.client_capabilities, "text_document.inlay_hint.resolve_support")
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
