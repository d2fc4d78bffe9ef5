"""Code actions: write the types that the hints show, of one function or of the whole file; and
those of other features.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from contracode.javascript.records import Span, TypePrediction
from lsp_server.annotations import best
from lsp_server.features import rename_suggestions, similar_functions
from lsp_server.hints import Stale

if TYPE_CHECKING:
    from lsp_server.documents import Document
    from lsp_server.server import Server

FUNCTION = "refactor.rewrite.addTypes"
FILE = "source.addTypes"
KINDS = [FUNCTION, FILE, rename_suggestions.KIND, similar_functions.KIND]


def register(server: "Server") -> None:
    """Answer `textDocument/codeAction`."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[FUNCTION, FILE, rename_suggestions.KIND, similar_functions.KIND],
            resolve_provider=False,
        ),
    )
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.documents.get(params.text_document.uri)
        if document is None or not server.capable(
            "text_document.code_action.code_action_literal_support"
        ):
            return []
        try:
            return await _actions(server, document, params)
        except Stale:  # the client asks again, as the text has changed
            return []


async def _actions(
    server: "Server", document: "Document", params: types.CodeActionParams
) -> list[types.CodeAction]:
    start, end = sorted((document.offset(params.range.start), document.offset(params.range.end)))
    # A light bulb that follows the cursor must not wait, nor look at the whole file.
    automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    predictions = await server.hints.get(document.uri, wait=server.hints.decided and not automatic)
    shown = server.hints.drawn(predictions)
    around = _functions_around(predictions, (start, end))
    what = "JSDoc types" if document.language == "javascript" else "type annotations"
    offered: list[tuple[str, str, list[TypePrediction]]] = []
    if _is_asked_for(FUNCTION, params.context):
        for function in around:
            of_function = [
                p for p in shown if p.function == function and p.kind in ("parameter", "return")
            ]
            offered.append((FUNCTION, f"Add {what} to this function", of_function))
    if _is_asked_for(FILE, params.context) and (params.context.only or not automatic):
        offered.append((FILE, f"Add {what} to this file", shown))
    offered = [action for action in offered if action[2]]
    found: dict[str, types.CodeAction] = {}
    if offered:
        edits = await server.annotations.edits(
            document, [[best(p) for p in some] for _, _, some in offered]
        )
        for (kind, title, _), some in zip(offered, edits, strict=True):
            if some:  # of the functions around, the innermost that there is something to write for
                found.setdefault(
                    kind,
                    types.CodeAction(title, kind=kind, edit=workspace_edit(server, document, some)),
                )
    others: list[types.CodeAction] = []
    if not automatic and _is_asked_for(rename_suggestions.KIND, params.context):
        renamed = await rename_suggestions.suggestions(server, document, start)
        others += [
            types.CodeAction(
                title, kind=rename_suggestions.KIND, edit=workspace_edit(server, document, some)
            )
            for title, some in renamed
        ]
    if not automatic and _is_asked_for(similar_functions.KIND, params.context):
        others += similar_functions.actions(server, document, params, bool(around))
    return [*found.values(), *others]


def _is_asked_for(kind: str, context: types.CodeActionContext) -> bool:
    """Whether a client wants actions of this kind: all, unless it names kinds or what is above
    them.
    """
    return context.only is None or any(
        f"{kind}.".startswith(f"{only}.") or only == "" for only in context.only
    )


def _functions_around(predictions: "tuple[TypePrediction, ...]", span: Span) -> list[Span]:
    """Return the functions, or those whose name is, around a span of the document; the innermost
    first.
    """
    extents: dict[Span, Span] = {}
    for p in predictions:
        if p.function is not None and p.kind in ("parameter", "return"):
            start, end = extents.get(p.function, p.function)
            extents[p.function] = (min(start, p.span[0]), end)
    around = [
        function
        for function, (start, end) in extents.items()
        if start <= span[0] and span[1] <= end
    ]
    return sorted(around, key=lambda function: function[1] - function[0])


def workspace_edit(
    server: "Server", document: "Document", edits: list[types.TextEdit]
) -> types.WorkspaceEdit:
    """Return the edits for this version of the document, where the client can say which it is."""
    if not server.capable("workspace.workspace_edit.document_changes"):
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(
        uri=document.uri, version=document.version
    )
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
