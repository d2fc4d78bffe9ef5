"""Similar functions: the command `contracode.similarFunctions`, and a code action that offers it
for the function around the cursor.

The command has one argument, an object:

    uri        of an open document below a workspace folder
    position   in or before a function of it
    count      most functions in the answer (default: 10)
    show       let the user choose among them and open one (default: false)

The answer is a list of locations, each with `name` and `likeness` beside `uri` and `range`, the
most alike first. The index of the folder is brought up to date before that, with a progress that
can be cancelled.
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
from lsp_server.documents import Document
from lsp_server.indexes import Interrupted, Similar

if TYPE_CHECKING:
    from contracode.products.search.index import Progress
    from lsp_server.server import Server

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


def register(server: "Server") -> None:
    """Answer the command."""

    @server.command(COMMAND)
    async def similar_functions(*arguments: Any) -> list[dict[str, Any]]:
        if len(arguments) != 1:
            raise JsonRpcInvalidParams(message=f"{COMMAND}: expected one argument")
        try:
            argument = msgspec.convert(arguments[0], _Argument, from_attributes=True)
        except msgspec.ValidationError as error:
            raise JsonRpcInvalidParams(message=f"{COMMAND}: {error}") from None
        found = [_location(server, one) for one in await _similar(server, argument)]
        if argument.show:
            # The choice is the user's, who may take any time: the answer does not wait.
            server.start(_show(server, found))
        return found


def actions(
    server: "Server", document: Document, params: types.CodeActionParams, inside: bool
) -> list[types.CodeAction]:
    """Return the action that asks for the command, where the cursor is in a function of a file of
    the workspace.
    """
    if not inside or _root_of(server, document.uri) is None:
        return []
    start = params.range.start
    argument = {
        "uri": document.uri,
        "position": {"line": start.line, "character": start.character},
        "show": True,
    }
    return [
        types.CodeAction(
            TITLE, kind=KIND, command=types.Command(TITLE, COMMAND, arguments=[argument])
        )
    ]


async def _similar(server: "Server", argument: _Argument) -> list[Similar]:
    document, root = server.documents.get(argument.uri), _root_of(server, argument.uri)
    model = server.hints.predictor
    problem = (
        "the document is not open"
        if document is None
        else "the file is in no workspace folder"
        if root is None
        else "there is no model"
        if model is None
        else None
    )
    if (
        problem is not None
        or document is None
        or root is None
        or model is None
        or document.language is None
    ):
        if problem is not None:
            server.warn(f"no similar functions, as {problem}")
        return []
    path = _path_of(document.uri) or Path()
    position = types.Position(argument.position.line, argument.position.character)
    source, language, offset = document.source, document.language, document.offset(position)
    try:
        async with _progress(server) as (tell, stopped):
            index = await server.indexes.update(root, model, tell, stopped)
            return await server.indexes.similar(
                index, model, path, source, language, offset, argument.count
            )
    except Interrupted:
        raise JsonRpcRequestCancelled from None
    except InputError as error:
        server.warn(f"no similar functions: {error}")
        return []


def _root_of(server: "Server", uri: str) -> Path | None:
    """Return the innermost workspace folder around a file."""
    path = _path_of(uri)
    if path is None:
        return None
    folders = [
        folder
        for one in server.workspace.folders.values()
        if (folder := _path_of(one.uri)) is not None
    ]
    return max(
        (one for one in folders if path.is_relative_to(one)),
        key=lambda one: len(one.parts),
        default=None,
    )


def _path_of(uri: str) -> Path | None:
    """Return where a file or folder is; None for what is not on this machine, or a URI that cannot
    be read.
    """
    try:
        path = uris.to_fs_path(uri)
    except ValueError:  # such as `file://[x`
        return None
    return Path(path) if path is not None else None


@asynccontextmanager
async def _progress(
    server: "Server",
) -> AsyncGenerator[tuple[Callable[["Progress"], None], Callable[[], bool]]]:
    """Show a progress that can be cancelled, where the client can; give what tells how far it is,
    and what asks if it was cancelled.
    """
    token = f"contracode-index-{next(_tokens)}"
    shown = server.capable("window.work_done_progress")
    if shown:
        try:
            await server.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(token)
            )
        except JsonRpcException:
            shown = False
    if not shown:
        yield (lambda _: None), (lambda: False)
        return
    progress = server.work_done_progress
    tokens = cast(
        "dict[int | str, Future[None]]", cast("Any", progress).tokens
    )  # pygls cancels one when the user does
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


def _location(server: "Server", found: Similar) -> dict[str, Any]:
    """Return an LSP location with what was found; whole lines where the file has changed since it
    was indexed.
    """
    function = found.function
    if found.text is None:
        start, end = types.Position(function.line - 1, 0), types.Position(function.end_line - 1, 0)
    else:
        document = Document(
            "", language_id="", version=0, text=found.text, encoding=server.documents.encoding
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


async def _show(server: "Server", found: list[dict[str, Any]]) -> None:
    """Let the user choose one of the functions, and open it: what every editor can do, with or
    without a list of references.
    """
    if not found:
        server.window_show_message(
            types.ShowMessageParams(types.MessageType.Info, "ContraCode: no similar functions")
        )
        return
    titles = {
        f"{one['name'] or 'anonymous'} {Path(one['uri']).name}:{one['range']['start']['line'] + 1} {one['likeness']:.0%}": one
        for one in found[:5]
    }
    request = types.ShowMessageRequestParams(
        types.MessageType.Info,
        "ContraCode: similar functions",
        [types.MessageActionItem(title) for title in titles],
    )
    try:
        chosen = await server.window_show_message_request_async(request)
        if (
            chosen is not None
            and chosen.title in titles
            and server.capable("window.show_document.support")
        ):
            one = titles[chosen.title]
            start = one["range"]["start"]
            at = types.Position(start["line"], start["character"])
            await server.window_show_document_async(
                types.ShowDocumentParams(one["uri"], take_focus=True, selection=types.Range(at, at))
            )
    except (JsonRpcException, asyncio.CancelledError):
        return
