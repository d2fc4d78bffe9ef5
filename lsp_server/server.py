"""The life cycle of the server, from `initialize` to `exit`."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, BinaryIO, cast

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from contracode.support.errors import InputError
from contracode.version import __version__
from lsp_server import features
from lsp_server.protocol.documents import Documents
from lsp_server.protocol.json_rpc import Protocol
from lsp_server.protocol.logs import describe
from lsp_server.protocol.positions import negotiate
from lsp_server.protocol.transport import Reader, Writer
from lsp_server.services import settings
from lsp_server.services.context import CodeActions, ModelState
from lsp_server.services.events import ServerEvents
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.predictions import Predictions
from lsp_server.services.predictor import Predictor
from lsp_server.services.settings import ServerSettings
from lsp_server.services.type_edits import TypeEdits
from lsp_server.services.worker import Worker

log = logging.getLogger(__name__)

Loader = Callable[[], Predictor]
"""Loads a model; called once, on the worker's thread."""

PARENT_INTERVAL = 1.0
"""Seconds between two checks that the editor is alive."""


class Server(LanguageServer):
    """A language server for one client; `lsp_server.services.context.Context` for its features.

    Args:
        loader: loads the model when it is first needed.
        extra: dotted names of further feature modules.

    Attributes:
        events: subscriptions of the features.
        code_actions: code actions of the features.
        documents: the open documents.
        settings: the client's settings.
        model_state: whether the model is loaded.
        model_problem: why there is no model, for a user to read.
    """

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride] as pygls' own servers narrow it

    def __init__(self, loader: Loader, *, extra: Iterable[str] = ()) -> None:
        super().__init__("contracode-lsp", __version__, protocol_cls=Protocol)  # pyright: ignore[reportUnknownMemberType]
        self._loader = loader
        self._base_settings = ServerSettings()
        self._tasks: set[asyncio.Task[None]] = set()
        self._problems: list[str] = []
        self.settings = ServerSettings()
        self.events = ServerEvents()
        self.code_actions = CodeActions()
        self.documents = Documents()
        self.model_state: ModelState = "not loaded"
        self.model_problem: str | None = None
        self._register()
        self.events.on_open(lambda document: self.predictions.open(document))
        self.events.on_change(lambda document, edits: self.predictions.edit(document, edits))
        self.events.on_close(lambda uri: self.predictions.close(uri))
        self.events.on_settings(lambda: self.predictions.reconsider())
        self.events.on_settings(self.refresh)
        features.register(self, extra)

    @property
    def client(self) -> LanguageServer:
        """The server as pygls' class, for requests and notifications to the client."""
        return self

    def serve(self, stdin: BinaryIO, stdout: BinaryIO, *, parent: int | None = None) -> int:
        """Serve the client until `exit`, the end of its pipe or the end of its process.

        Args:
            stdin: messages of the client.
            stdout: messages to the client.
            parent: process to watch from the start; otherwise the one that `initialize` names.

        Returns:
            The exit code: 0 after `shutdown`, else 1.
        """
        return asyncio.run(self._serve(stdin, stdout, parent))

    async def _serve(self, stdin: BinaryIO, stdout: BinaryIO, parent: int | None) -> int:
        self._reader = Reader(stdin)
        self.protocol.set_writer(Writer(stdout))
        self.worker = Worker()
        self.parses = ParsedDocuments()
        self.type_edits = TypeEdits(self.worker, self.parses)
        self.predictions = Predictions(
            self.worker, self.parses, lambda: self.settings, self.refresh
        )
        if parent is not None:
            self.start(self._watch(parent))
        while not self.protocol.exited and (content := await self._reader.next()) is not None:
            self._receive(content)
            # Coroutines that this message started see the documents before the next message.
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        if not self.worker.close(timeout=1.0):
            log.info("the worker did not stop in time")
        return 0 if self.protocol.shut_down else 1

    def _receive(self, content: bytes) -> None:
        """Handle a message; no message ends the server."""
        try:
            self.protocol.receive(content)
        except Exception as error:
            log.error("a message failed: %s", describe(error))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the messages; errors in it are logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed: %s", describe(error))

    def capable(self, path: str) -> bool:
        """Return whether the client has the capability at a dotted path of `ClientCapabilities`."""
        return bool(get_capability(self.client_capabilities, path, False))

    def refresh(self) -> None:
        """Ask the client to request inlay hints again, if it supports that."""
        if self.capable("workspace.inlay_hint.refresh_support"):
            self.protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)

    def warn(self, message: str) -> None:
        """Show the user a warning."""
        log.warning("%s", message)
        self.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"ContraCode: {message}")
        )

    def _register(self) -> None:
        """Register the life cycle and the synchronization of documents."""

        @self.feature(types.INITIALIZE)
        def initialize(params: types.InitializeParams) -> None:
            self.documents = Documents(
                negotiate(get_capability(params.capabilities, "general.position_encodings"))
            )
            self._base_settings, self._problems = settings.read(params.initialization_options)
            self.settings = self._base_settings
            if params.process_id is not None:
                self.start(self._watch(params.process_id))

        @self.feature(types.INITIALIZED)
        async def initialized(_: types.InitializedParams) -> None:
            for problem in self._problems:
                self.warn(problem)
            if self.settings.enabled:
                self._begin_loading()
            if self.capable("workspace.did_change_configuration.dynamic_registration"):
                self._register_for_configuration()
            if self.capable("workspace.configuration"):
                await self._pull_settings()

        @self.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
        async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
            if self.capable("workspace.configuration"):
                await self._pull_settings()
            elif isinstance(pushed := cast("Any", params.settings), dict):
                self._use_settings(cast("dict[str, Any]", pushed).get(settings.SECTION))

        @self.feature(types.TEXT_DOCUMENT_DID_OPEN)
        def did_open(params: types.DidOpenTextDocumentParams) -> None:
            self.events.opened(self.documents.open(params.text_document))

        @self.feature(types.TEXT_DOCUMENT_DID_CHANGE)
        def did_change(params: types.DidChangeTextDocumentParams) -> None:
            changed = self.documents.change(params.text_document, params.content_changes)
            if changed is not None:
                self.events.changed(*changed)

        @self.feature(types.TEXT_DOCUMENT_DID_CLOSE)
        def did_close(params: types.DidCloseTextDocumentParams) -> None:
            self.documents.close(params.text_document.uri)
            self.events.closed(params.text_document.uri)

    def _register_for_configuration(self) -> None:
        registration = types.Registration(
            id="contracode-configuration",
            method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
            register_options=types.DidChangeConfigurationRegistrationOptions(
                section=settings.SECTION
            ),
        )
        self.protocol.send_request(
            types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([registration])
        )

    async def _pull_settings(self) -> None:
        item = types.ConfigurationItem(section=settings.SECTION)
        try:
            (value,) = await self.workspace_configuration_async(types.ConfigurationParams([item]))
        except (JsonRpcException, ValueError) as error:
            log.info("the client returned no configuration: %s", type(error).__name__)
            return
        self._use_settings(value)

    def _use_settings(self, value: Any) -> None:
        before = self.settings
        self.settings, problems = settings.read(value, base=self._base_settings)
        for problem in problems:
            self.warn(problem)
        if self.settings.enabled:
            self._begin_loading()
        if self.settings != before:
            self.events.settings_changed()

    def _begin_loading(self) -> None:
        """Load the model at the first call."""
        if self.model_state == "not loaded":
            self.model_state = "loading"
            self.start(self._load_model())

    async def _load_model(self) -> None:
        loading = self.worker.submit(lambda _: self._loader())
        self.start(self._show_progress(loading))
        predictor: Predictor | None = None
        try:
            predictor = await loading
        except Exception as error:
            self.model_state = "failed"
            # An InputError is written for users; other errors are for the log.
            self.model_problem = (
                str(error) if isinstance(error, InputError) else type(error).__name__
            )
            if not isinstance(error, InputError):
                log.error("loading the model failed: %s\n%s", error, describe(error))
            self.warn(f"no type hints, as the model cannot be loaded: {self.model_problem}")
        else:
            self.model_state = "ready"
        self.predictions.use(predictor)
        self.events.ready()

    async def _show_progress(self, loading: asyncio.Future[Predictor]) -> None:
        if not self.capable("window.work_done_progress"):
            return
        token = "contracode-model"
        try:
            await self.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(token)
            )
        except JsonRpcException:
            return
        begin = types.WorkDoneProgressBegin(
            title="ContraCode", message="loading the model", cancellable=False
        )
        self.work_done_progress.begin(token, begin)
        await asyncio.wait({loading})
        self.work_done_progress.end(
            token, types.WorkDoneProgressEnd(message=f"model {self.model_state}")
        )

    async def _watch(self, parent: int) -> None:
        """End the server when the process `parent` has ended, even if others keep its pipe open.

        Windows has no harmless way to check a process; there the end of the pipe must do.
        """
        if sys.platform == "win32" or not 0 < parent < 2**31:
            return
        while _is_alive(parent):
            await asyncio.sleep(PARENT_INTERVAL)
        log.info("the editor has ended")
        self._reader.stop()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
