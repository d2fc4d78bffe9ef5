"""Hover: the ranked types of a name, over its declaration and wherever it is used."""

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from contracode.javascript.records import Span, TypePrediction
from lsp_server.features.ranking import ranking
from lsp_server.hints import Stale

if TYPE_CHECKING:
    from augment import Language
    from lsp_server.documents import Document
    from lsp_server.server import Server
    from lsp_server.worker import Cancelled


def register(server: "Server") -> None:
    """Answer `textDocument/hover`."""
    last: tuple[Document, int, list[list[Span]]] | None = (
        None  # of one version of one document, as people hover about
    )

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        nonlocal last
        document = server.documents.get(params.text_document.uri)
        if document is None or document.language is None or not server.hints.decided:
            return None
        offset, version = document.offset(params.position), document.version
        try:
            predictions = await server.hints.exact(document.uri)
        except Stale:
            raise JsonRpcContentModified from None
        if not predictions:
            return None
        if last is None or last[:2] != (document, version):
            found = await server.worker.submit(
                partial(_bindings, document.source, document.language)
            )
            if document.version != version:
                raise JsonRpcContentModified
            last = (document, version, found)
        occurrences = next(
            (spans for spans in last[2] if any(_is_in(offset, span) for span in spans)),
            list[Span](),
        )
        here = [
            p
            for p in predictions
            if p.name and not p.written and (p.span in occurrences or _is_in(offset, p.span))
        ]
        if not here:
            return None
        start, end = next(
            span for span in (*occurrences, *(p.span for p in here)) if _is_in(offset, span)
        )
        return types.Hover(
            types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(map(_section, here))),
            types.Range(document.position(start), document.position(end)),
        )


def _section(prediction: TypePrediction) -> str:
    return f"({prediction.kind}) **{prediction.name}**\n\n{ranking(prediction.candidates)}"


def _is_in(offset: int, span: Span) -> bool:
    return span[0] <= offset <= span[1]


def _bindings(source: str, language: "Language", _: "Cancelled") -> list[list[Span]]:
    """Return for each binding everywhere that it stands; nothing for a source that does not
    parse.
    """
    import augment  # tree-sitter is not needed to start

    try:
        bindings = augment.parse(source, language=language).scopes.bindings
    except augment.ParseError:
        return []
    return [[node.span for node in binding.occurrences] for binding in bindings]
