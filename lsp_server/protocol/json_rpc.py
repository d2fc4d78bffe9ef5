"""JSON-RPC as the Language Server Protocol asks for it, where pygls 2.1 does otherwise.

Every request is answered once, with the code that is due (LSP 3.17, Base Protocol and Server
Lifecycle): -32700 for what is no JSON, -32602 for wrong parameters, -32002 before `initialize`,
-32600 after `shutdown`. `exit` gives 0 only after `shutdown`. Documents are kept by
`lsp_server.protocol.documents`, and nothing that a client sent is logged.
"""

import json
import logging
from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import cattrs
from lsprotocol import types
from lsprotocol.validators import UINTEGER_MAX_VALUE
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, LanguageServerProtocol
from pygls.uris import to_fs_path

from lsp_server.protocol.logs import describe

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

_REPLACED = (
    # These keep pygls' own copy of each document, split into lines by `str.splitlines`.
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)

Message = dict[str, Any]


class Protocol(LanguageServerProtocol):
    """The server's side of the conversation; `receive` takes each message as it came.

    Attributes:
        exited: the client said `exit`.
    """

    def __init__(self, server: "LanguageServer", converter: cattrs.Converter) -> None:
        super().__init__(server, converter)
        _clamp_positions(converter)
        self.exited = False
        self._asked: dict[int | str, Future[Any]] = {}
        self._initialize_seen = False
        builtin = cast("dict[str, Any]", cast("Any", self.fm).builtin_features)
        for method in _REPLACED:
            del builtin[method]
        builtin |= {
            types.INITIALIZE: self._on_initialize,
            types.SHUTDOWN: self._on_shutdown,
            types.EXIT: self._on_exit,
        }

    @property
    def shut_down(self) -> bool:
        """Whether the client asked for `shutdown`."""
        return self._shutdown

    def receive(self, content: bytes) -> None:
        """Handle one message.

        Handlers that are coroutines have not begun when this returns; they take their first step
        when the event loop is next given the turn, before a message that is received after that.
        """
        try:
            message = cast("Message", json.loads(content))
        except (ValueError, RecursionError) as error:
            log.warning("a message is not JSON (%s)", type(error).__name__)
            self._fail(None, JsonRpcParseError())
            return
        if not isinstance(cast("Any", message), dict) or message.get("jsonrpc") != self.VERSION:
            self._fail(None, JsonRpcInvalidRequest())
            return
        identifier, method = message.get("id"), message.get("method")
        if not isinstance(method, str):
            self._receive_response(message)
        elif identifier is None:
            self._receive_notification(method, message)
        elif isinstance(identifier, int | str):
            self._receive_request(identifier, method, message)
        else:
            self._fail(None, JsonRpcInvalidRequest(message="an id must be an integer or a string"))

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: int | str | None = None,
    ) -> "Future[Any]":
        """Ask the client; questions of ours are kept apart from the client's, whose ids are its
        own.
        """
        identifier = str(uuid4()) if msg_id is None else msg_id
        future = super().send_request(method, params, callback, identifier)
        self._asked[identifier] = self._request_futures.pop(identifier)
        return future

    def _receive_request(self, identifier: int | str, method: str, message: Message) -> None:
        if self._shutdown:
            self._fail(identifier, JsonRpcInvalidRequest(message="the server is shut down"))
        elif (method == types.INITIALIZE) == self._initialize_seen:
            if self._initialize_seen:
                self._fail(
                    identifier, JsonRpcInvalidRequest(message="initialize was already asked for")
                )
            else:
                self._fail(
                    identifier, JsonRpcServerNotInitialized(message="initialize must come first")
                )
        else:
            try:
                self._get_handler(method)
                request = self._structure(method, message, JsonRPCRequestMessage)
            except JsonRpcException as error:
                log.info("request %s refused: %s", method, error.code)
                self._fail(identifier, error)
                return
            self._handle_request(identifier, method, request.params)

    def _receive_notification(self, method: str, message: Message) -> None:
        if method != types.EXIT and (self._shutdown or not self._initialize_seen):
            return
        try:
            if method != types.CANCEL_REQUEST:
                self._get_handler(method)
            notification = self._structure(method, message, JsonRPCNotification)
        except JsonRpcMethodNotFound:
            log.debug("notification %s is not for us", method)
        except JsonRpcException:
            log.warning("notification %s has wrong parameters, ignored", method)
        else:
            self._handle_notification(method, notification.params)

    def _receive_response(self, message: Message) -> None:
        identifier = message.get("id")
        if not isinstance(identifier, int | str) or identifier not in self._asked:
            log.debug("answer to a question that nobody asked")
            return
        future, result_type = self._asked.pop(identifier), self._result_types.pop(identifier)
        if future.done():
            log.debug("answer to a question that nobody asked any more")
            return
        if (error := message.get("error")) is not None:
            future.set_exception(JsonRpcException(message=f"the client failed: {error}"))
            return
        try:
            answer = (
                self._converter.structure({"result": None, **message}, result_type)
                if result_type
                else None
            )
        except Exception as wrong:
            future.set_exception(
                JsonRpcInvalidParams(message=f"unexpected result ({type(wrong).__name__})")
            )
        else:
            future.set_result(answer.result if answer is not None else message.get("result"))

    def _structure(self, method: str, message: Message, fallback: type[Any]) -> Any:
        """Give a message the type of its method.

        Raises:
            JsonRpcInvalidParams: it has not the form that the method asks for.
        """
        wanted = self.get_message_type(method)
        if wanted is None:
            message = {
                key: message.get(key)
                for key in ("id", "jsonrpc", "method", "params")
                if key != "id" or key in message
            }
        try:
            return self._converter.structure(message, wanted or fallback)
        except cattrs.BaseValidationError as error:
            raise JsonRpcInvalidParams(message="; ".join(cattrs.transform_error(error))) from None
        except Exception as error:
            raise JsonRpcInvalidParams(
                message=f"wrong parameters ({type(error).__name__})"
            ) from None

    def _fail(self, identifier: int | str | None, error: JsonRpcException) -> None:
        # Not lsprotocol's class: its converter leaves out an id of null, which is due where the
        # request's is not known.
        body = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": identifier, "error": body})

    def _send_handler_result(self, future: "Future[Any]", *, msg_id: int | str) -> None:
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._fail(msg_id, JsonRpcRequestCancelled())
        elif (error := future.exception()) is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._fail(msg_id, error)
        else:
            log.error("a request failed: %s", describe(error))
            self._fail(msg_id, JsonRpcInternalError(message=type(error).__name__))

    def _check_handler_result(self, future: "Future[Any]") -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            log.error("a notification failed: %s", describe(error))

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        if isinstance(msg_id, int | str):
            super()._handle_cancel_notification(msg_id)

    def _on_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Let pygls do it, and ask for it again where that fails; a root that cannot be read is
        none.
        """
        try:
            to_fs_path(params.root_uri or "")
        except ValueError:
            params.root_uri = None
        result = yield from self.lsp_initialize(params)
        self._initialize_seen = True
        return result

    def _on_shutdown(self, _: Any) -> None:
        for future in [*self._request_futures.values(), *self._asked.values()]:
            future.cancel()
        self._shutdown = True

    def _on_exit(self, _: Any) -> None:
        self.exited = True


def _clamp_positions(converter: cattrs.Converter) -> None:
    """Let numbers in positions be too large for the protocol, by which editors mean the end of a
    line or the text.

    Refused, they would make a change go unseen, and the text be another than the client's from then
    on.
    """
    strict = converter.get_structure_hook(types.Position)

    def structure(value: Any, kind: type[types.Position]) -> types.Position:
        if isinstance(value, dict):
            numbers = cast("dict[str, Any]", value).items()
            value = {
                key: min(n, UINTEGER_MAX_VALUE) if isinstance(n, int) else n for key, n in numbers
            }
        return strict(value, kind)

    converter.register_structure_hook(types.Position, structure)
