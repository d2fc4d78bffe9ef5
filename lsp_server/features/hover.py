"""Hover: the ranked types of a name, over its declaration and wherever it is used."""

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from contracode.javascript.records import Span, TypePrediction
from lsp_server.features._markdown import ranking
from lsp_server.services.context import Context
from lsp_server.services.predictions import Stale

if TYPE_CHECKING:
    from augment import Language
    from lsp_server.protocol.documents import Document
    from lsp_server.services.parsed_documents import ParsedDocuments
    from lsp_server.services.worker import Cancelled


def register(context: Context) -> None:
    """Answer `textDocument/hover`."""
    last: tuple[Document, int, list[list[Span]]] | None = None  # bindings of one version

    @context.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        nonlocal last
        document = context.documents.get(params.text_document.uri)
        if document is None or document.language is None or not context.predictions.decided:
            return None
        offset, version = document.offset(params.position), document.version
        try:
            predictions = await context.predictions.exact(document.uri)
        except Stale:
            raise JsonRpcContentModified from None
        if not predictions:
            return None
        if last is None or last[:2] != (document, version):
            job = partial(_bindings, context.parses, document.source, document.language)
            found = await context.worker.submit(job)
            if document.version != version:
                raise JsonRpcContentModified
            last = (document, version, found)
        return _hover(document, offset, predictions, last[2])


def _hover(
    document: "Document",
    offset: int,
    predictions: tuple[TypePrediction, ...],
    bindings: list[list[Span]],
) -> types.Hover | None:
    """Return the hover of the name at an offset, or None."""
    occurrences = next(
        (spans for spans in bindings if any(_contains(span, offset) for span in spans)),
        list[Span](),
    )
    here = [
        p
        for p in predictions
        if p.name and not p.written and (p.span in occurrences or _contains(p.span, offset))
    ]
    if not here:
        return None
    spans = (*occurrences, *(p.span for p in here))
    start, end = next(span for span in spans if _contains(span, offset))
    return types.Hover(
        types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(map(_section, here))),
        types.Range(document.position(start), document.position(end)),
    )


def _section(prediction: TypePrediction) -> str:
    return f"({prediction.kind}) **{prediction.name}**\n\n{ranking(prediction.candidates)}"


def _contains(span: Span, offset: int) -> bool:
    return span[0] <= offset <= span[1]


def _bindings(
    parses: "ParsedDocuments", source: str, language: "Language", _: "Cancelled"
) -> list[list[Span]]:
    """Return all occurrences of each binding; none for a source that does not parse."""
    program = parses.try_program(source, language)
    if program is None:
        return []
    return [[node.span for node in binding.occurrences] for binding in program.scopes.bindings]
