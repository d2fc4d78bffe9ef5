"""Workspace edits, and the functions around a selection."""

from lsprotocol import types

from contracode.javascript.records import Span, TypePrediction
from lsp_server.protocol.documents import Document
from lsp_server.services.context import Context


def workspace_edit(
    context: Context, document: Document, edits: list[types.TextEdit]
) -> types.WorkspaceEdit:
    """Return edits of a document, tied to its version if the client supports that."""
    if not context.capable("workspace.workspace_edit.document_changes"):
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=document.uri, version=document.version
    )
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])


def functions_around(predictions: tuple[TypePrediction, ...], start: int, end: int) -> list[Span]:
    """Return the functions around a range of bytes, the innermost first.

    The name of a function counts as part of it.
    """
    extents: dict[Span, Span] = {}
    for p in predictions:
        if p.function is not None and p.kind in ("parameter", "return"):
            first, last = extents.get(p.function, p.function)
            extents[p.function] = (min(first, p.span[0]), last)
    around = [f for f, (first, last) in extents.items() if first <= start and end <= last]
    return sorted(around, key=lambda function: function[1] - function[0])
