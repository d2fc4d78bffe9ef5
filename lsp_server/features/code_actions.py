"""Code actions: collects those that other features provide."""

from lsprotocol import types

from lsp_server.services.context import ActionRequest, Context
from lsp_server.services.predictions import Stale


def register(context: Context) -> None:
    """Answer `textDocument/codeAction`."""
    # The list is shared: features that register later extend it before it is announced.
    options = types.CodeActionOptions(
        code_action_kinds=context.code_actions.kinds, resolve_provider=False
    )

    @context.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = context.documents.get(params.text_document.uri)
        literals = context.capable("text_document.code_action.code_action_literal_support")
        if document is None or not literals:
            return []
        start, end = sorted(
            (document.offset(params.range.start), document.offset(params.range.end))
        )
        automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
        request = ActionRequest(document, start, end, automatic, params)
        found: list[types.CodeAction] = []
        try:
            for kind, provider in context.code_actions.providers:
                if _is_wanted(kind, params.context):
                    found += await provider(request)
        except Stale:  # the client asks again, as the text has changed
            return []
        return found


def _is_wanted(kind: str, context: types.CodeActionContext) -> bool:
    """Return whether a client wants actions of this kind: it names none, or a parent of it."""
    return context.only is None or any(
        f"{kind}.".startswith(f"{only}.") or only == "" for only in context.only
    )
