"""Code actions that write the types of the hints, for a function or the whole file."""

from collections.abc import Sequence
from functools import partial

from lsprotocol import types

from contracode.javascript.records import TypePrediction
from lsp_server.features._edits import functions_around, workspace_edit
from lsp_server.services.context import ActionRequest, Context
from lsp_server.services.type_edits import best

FUNCTION = "refactor.rewrite.addTypes"
FILE = "source.addTypes"


def register(context: Context) -> None:
    """Provide both actions."""
    context.code_actions.add(FUNCTION, partial(_function_actions, context))
    context.code_actions.add(FILE, partial(_file_actions, context))


async def _function_actions(context: Context, request: ActionRequest) -> list[types.CodeAction]:
    predictions = await _predictions(context, request)
    shown = context.predictions.drawn(predictions)
    groups = [
        [p for p in shown if p.function == function and p.kind in ("parameter", "return")]
        for function in functions_around(predictions, request.start, request.end)
    ]
    return await _first_action(context, request, FUNCTION, groups)


async def _file_actions(context: Context, request: ActionRequest) -> list[types.CodeAction]:
    # A light bulb that follows the cursor must not look at the whole file.
    if request.automatic and not request.params.context.only:
        return []
    shown = context.predictions.drawn(await _predictions(context, request))
    return await _first_action(context, request, FILE, [shown])


async def _predictions(context: Context, request: ActionRequest) -> tuple[TypePrediction, ...]:
    wait = context.predictions.decided and not request.automatic
    return await context.predictions.get(request.document.uri, wait=wait)


async def _first_action(
    context: Context, request: ActionRequest, kind: str, groups: Sequence[list[TypePrediction]]
) -> list[types.CodeAction]:
    """Return the action of the first group with something to write."""
    groups = [group for group in groups if group]
    if not groups:
        return []
    document = request.document
    found = await context.type_edits.edits(document, [[best(p) for p in one] for one in groups])
    edits = next((some for some in found if some), None)
    if edits is None:
        return []
    written = "JSDoc types" if document.language == "javascript" else "type annotations"
    place = "function" if kind == FUNCTION else "file"
    return [
        types.CodeAction(
            f"Add {written} to this {place}",
            kind=kind,
            edit=workspace_edit(context, document, edits),
        )
    ]
