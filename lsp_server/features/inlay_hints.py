"""Inlay hints: ` name: string` beside parameters, variables and parameter lists, with the alternatives in the tooltip."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcContentModified

from contracode.predictions import TypePrediction
from lsp_server.features.ranking import from_data, ranking, to_data
from lsp_server.hints import Stale

if TYPE_CHECKING:
    from lsp_server.documents import Document
    from lsp_server.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/inlayHint` and `inlayHint/resolve`."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=True))
    async def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
        uri = params.text_document.uri
        document = server.documents.get(uri)
        if document is None:
            return []
        start, end = document.offset(params.range.start), document.offset(params.range.end)
        # Until the model is there, a client that can be asked to come again gets nothing; any other has to wait for it.
        can_refresh = server.capable("workspace.inlay_hint.refresh_support")
        try:
            predictions = await server.hints.get(uri, wait=server.hints.decided or not can_refresh)
        except Stale:
            raise JsonRpcContentModified from None
        with_tooltip = not _resolves_tooltips(server)
        return [
            _hint(document, prediction, with_tooltip=with_tooltip)
            for prediction in server.hints.drawn(predictions)
            if start <= prediction.hint_offset <= end
        ]

    @server.feature(types.INLAY_HINT_RESOLVE)
    def resolve(hint: types.InlayHint) -> types.InlayHint:
        candidates = from_data(hint.data)
        if candidates:
            hint.tooltip = types.MarkupContent(types.MarkupKind.Markdown, ranking(candidates))
        return hint


def _resolves_tooltips(server: "Server") -> bool:
    support = get_capability(server.client_capabilities, "text_document.inlay_hint.resolve_support")
    return support is not None and "tooltip" in support.properties


def _hint(document: "Document", prediction: TypePrediction, *, with_tooltip: bool) -> types.InlayHint:
    hint = types.InlayHint(
        position=document.position(prediction.hint_offset),
        label=f": {prediction.candidates[0].type}",
        kind=types.InlayHintKind.Type,
    )
    if with_tooltip:
        hint.tooltip = types.MarkupContent(types.MarkupKind.Markdown, ranking(prediction.candidates))
    else:
        # All that the tooltip needs, so that a hint can be resolved however much the document has changed since.
        hint.data = to_data(prediction.candidates)
    return hint
