"""Similar functions: the command `contracode.similarFunctions`, and a code action for it.

The command takes one argument, an object:

    uri        of an open document in a workspace folder
    position   inside a function, or before it
    count      most functions in the answer (default: 10)
    show       let the user choose one of them and open it (default: false)

The answer is a list of locations with `uri`, `range`, `name` and `likeness`, the most similar
first.
The index of the folder is updated before, with a progress that can be cancelled.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
from lsprotocol import types
from msgspec import Meta, Struct
from pygls import uris
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcRequestCancelled

from contracode.support.errors import InputError
from lsp_server.features._edits import functions_around
from lsp_server.protocol.documents import Document
from lsp_server.services.context import ActionRequest, Context
from lsp_server.services.folder_indexes import FolderIndexes, Interrupted, Similar

if TYPE_CHECKING:
    from contracode.products.search.index import Progress

COMMAND = "contracode.similarFunctions"
KIND = "contracode.similarFunctions"
TITLE = "Find similar functions"

_tokens = count(1)


class _Position(Struct):
    line: Annotated[int, Meta(ge=0)]
    character: Annotated[int, Meta(ge=0)]


class _Argument(Struct):
    uri: str
    position: _Position
    count: Annotated[int, Meta(ge=1, le=1000)] = 10
    show: bool = False


def register(context: Context) -> None:
    """Answer the command, and provide the code action."""
    feature = _SimilarFunctions(context)
    context.code_actions.add(KIND, feature.actions)

    @context.command(COMMAND)
    async def similar_functions(*arguments: Any) -> list[dict[str, Any]]:
        if len(arguments) != 1:
            raise JsonRpcInvalidParams(message=f"{COMMAND}: expected one argument")
        try:
            argument = msgspec.convert(arguments[0], _Argument, from_attributes=True)
        except msgspec.ValidationError as error:
            raise JsonRpcInvalidParams(message=f"{COMMAND}: {error}") from None
        found = [_location(context, one) for one in await feature.similar(argument)]
        if argument.show:
            # The answer does not wait for the user's choice.
            context.start(_show(context, found))
        return found


class _SimilarFunctions:
    """Searches the indexes of the workspace folders."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._indexes: FolderIndexes | None = None

    async def actions(self, request: ActionRequest) -> list[types.CodeAction]:
        """Return the action for a cursor in a function of a file of the workspace."""
        if request.automatic or _root_of(self._context, request.document.uri) is None:
            return []
        predictions = await self._context.predictions.get(
            request.document.uri, wait=self._context.predictions.decided
        )
        if not functions_around(predictions, request.start, request.end):
            return []
        start = request.params.range.start
        argument = {
            "uri": request.document.uri,
            "position": {"line": start.line, "character": start.character},
            "show": True,
        }
        command = types.Command(TITLE, COMMAND, arguments=[argument])
        return [types.CodeAction(TITLE, kind=KIND, command=command)]

    async def similar(self, argument: _Argument) -> list[Similar]:
        """Return similar functions; the user is warned if there is a reason for none."""
        context = self._context
        document, root = context.documents.get(argument.uri), _root_of(context, argument.uri)
        model = context.predictions.predictor
        if document is None:
            context.warn("no similar functions, as the document is not open")
            return []
        if root is None:
            context.warn("no similar functions, as the file is in no workspace folder")
            return []
        if model is None:
            context.warn("no similar functions, as there is no model")
            return []
        if document.language is None:
            return []
        if self._indexes is None:
            self._indexes = FolderIndexes(context.worker, context.parses)
        path = _path_of(document.uri) or Path()
        position = types.Position(argument.position.line, argument.position.character)
        source, language, offset = document.source, document.language, document.offset(position)
        try:
            async with _progress(context) as (tell, stopped):
                index = await self._indexes.update(root, model, tell, stopped)
                return await self._indexes.similar(
                    index, model, path, source, language, offset, argument.count
                )
        except Interrupted:
            raise JsonRpcRequestCancelled from None
        except InputError as error:
            context.warn(f"no similar functions: {error}")
            return []


def _root_of(context: Context, uri: str) -> Path | None:
    """Return the innermost workspace folder around a file."""
    path = _path_of(uri)
    if path is None:
        return None
    folders = [
        folder
        for one in context.client.workspace.folders.values()
        if (folder := _path_of(one.uri)) is not None
    ]
    return max(
        (one for one in folders if path.is_relative_to(one)),
        key=lambda one: len(one.parts),
        default=None,
    )


def _path_of(uri: str) -> Path | None:
    """Return the local path of a URI; None if it has none or is malformed."""
    try:
        path = uris.to_fs_path(uri)
    except ValueError:  # such as `file://[x`
        return None
    return Path(path) if path is not None else None


@asynccontextmanager
async def _progress(
    context: Context,
) -> AsyncGenerator[tuple[Callable[["Progress"], None], Callable[[], bool]]]:
    """Show a progress if the client can.

    Yields:
        A function that reports progress, and one that returns whether the user cancelled it.
    """
    token = f"contracode-index-{next(_tokens)}"
    shown = context.capable("window.work_done_progress")
    if shown:
        try:
            await context.client.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(token)
            )
        except JsonRpcException:
            shown = False
    if not shown:
        yield (lambda _: None), (lambda: False)
        return
    progress = context.client.work_done_progress
    # pygls cancels a token's future when the user cancels the progress.
    tokens = cast("dict[int | str, Future[None]]", cast("Any", progress).tokens)
    progress.begin(
        token,
        types.WorkDoneProgressBegin(
            title="ContraCode", message="indexing functions", cancellable=True
        ),
    )

    def tell(far: "Progress") -> None:
        message = (
            f"{far.files} files" if far.total is None else f"{far.done} of {far.total} functions"
        )
        percentage = None if far.total is None else 100 * far.done // max(far.total, 1)
        progress.report(token, types.WorkDoneProgressReport(message=message, percentage=percentage))

    try:
        yield tell, tokens[token].cancelled
    finally:
        progress.end(token, types.WorkDoneProgressEnd())
        tokens.pop(token, None)


def _location(context: Context, found: Similar) -> dict[str, Any]:
    """Return a location; whole lines if the file has changed since it was indexed."""
    function = found.function
    if found.text is None:
        start, end = types.Position(function.line - 1, 0), types.Position(function.end_line - 1, 0)
    else:
        document = Document(
            "", language_id="", version=0, text=found.text, encoding=context.documents.encoding
        )
        start, end = document.position(function.start), document.position(function.end)
    return {
        "uri": uris.from_fs_path(str(found.path)),
        "range": {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        },
        "name": function.name,
        "likeness": round(found.likeness, 3),
    }


async def _show(context: Context, found: list[dict[str, Any]]) -> None:
    """Let the user choose a function, and open it; every editor can do that."""
    if not found:
        context.client.window_show_message(
            types.ShowMessageParams(types.MessageType.Info, "ContraCode: no similar functions")
        )
        return
    titles = {
        f"{one['name'] or 'anonymous'} {Path(one['uri']).name}"
        f":{one['range']['start']['line'] + 1} {one['likeness']:.0%}": one
        for one in found[:5]
    }
    request = types.ShowMessageRequestParams(
        types.MessageType.Info,
        "ContraCode: similar functions",
        [types.MessageActionItem(title) for title in titles],
    )
    try:
        chosen = await context.client.window_show_message_request_async(request)
        if (
            chosen is not None
            and chosen.title in titles
            and context.capable("window.show_document.support")
        ):
            one = titles[chosen.title]
            start = one["range"]["start"]
            at = types.Position(start["line"], start["character"])
            await context.client.window_show_document_async(
                types.ShowDocumentParams(one["uri"], take_focus=True, selection=types.Range(at, at))
            )
    except (JsonRpcException, asyncio.CancelledError):
        return
