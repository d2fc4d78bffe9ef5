"""The server: its life from `initialize` to `exit`, and what its features share."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, BinaryIO, Literal, cast

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from contracode.support.errors import InputError
from contracode.version import __version__
from lsp_server import features, settings
from lsp_server.annotations import Annotations
from lsp_server.documents import Documents
from lsp_server.features import name_diagnostics
from lsp_server.hints import Hints, Predictor
from lsp_server.indexes import Indexes
from lsp_server.logs import describe
from lsp_server.names import Names
from lsp_server.positions import negotiate
from lsp_server.protocol import Protocol
from lsp_server.settings import Settings
from lsp_server.transport import Reader, Writer
from lsp_server.worker import Worker

log = logging.getLogger(__name__)

Loader = Callable[[], Predictor]
"""Loads a model; called once, on the worker's thread."""

ModelState = Literal["not loaded", "loading", "ready", "failed"]

PARENT_INTERVAL = 1.0
"""Seconds between two looks whether the editor still lives."""


class Server(LanguageServer):
    """One client's language server.

    Args:
        loader: gives the model, when it is needed.

    Attributes:
        documents: what the client has open.
        settings: as the client set them.
        hints: predictions for the documents.
        model_state: how far the model is.
        model_problem: why there is none, for a user to read.
    """

    protocol: Protocol  # pyright: ignore[reportIncompatibleVariableOverride] as pygls' own servers narrow it

    def __init__(self, loader: Loader) -> None:
        super().__init__("contracode-lsp", __version__, protocol_cls=Protocol)  # pyright: ignore[reportUnknownMemberType]
        self._loader = loader
        self._base_settings = Settings()
        self._tasks: set[asyncio.Task[None]] = set()
        self._problems: list[str] = []
        self.settings = Settings()
        self.documents = Documents()
        self.model_state: ModelState = "not loaded"
        self.model_problem: str | None = None
        self._register()
        features.register(self)

    def serve(self, stdin: BinaryIO, stdout: BinaryIO, *, parent: int | None = None) -> int:
        """Answer the client until it says `exit`, its pipe ends, or its process does.

        Args:
            stdin: messages of the client.
            stdout: ours.
            parent: process to watch from the start; else the one that `initialize` names.

        Returns:
            The exit code: 0 when the client had asked for `shutdown`, else 1.
        """
        return asyncio.run(self._serve(stdin, stdout, parent))

    async def _serve(self, stdin: BinaryIO, stdout: BinaryIO, parent: int | None) -> int:
        self._reader = Reader(stdin)
        self.protocol.set_writer(Writer(stdout))
        self.worker = Worker()
        self.annotations = Annotations(self.worker)
        self.indexes = Indexes(self.worker)
        self.names = Names(self, partial(name_diagnostics.publish, self))
        self.hints = Hints(self.worker, lambda: self.settings, self.refresh)
        if parent is not None:
            self.start(self._watch(parent))
        while not self.protocol.exited and (content := await self._reader.next()) is not None:
            self._receive(content)
            # A coroutine that was started by this message sees the documents as they are now,
            # before the next message.
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        if not self.worker.close(timeout=1.0):
            log.info("the worker did not stop in time")
        return 0 if self.protocol.shut_down else 1

    def _receive(self, content: bytes) -> None:
        """Handle a message; whatever is wrong with it, it does not end the server."""
        try:
            self.protocol.receive(content)
        except Exception as error:
            log.error("a message failed: %s", describe(error))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the messages; an error in it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed: %s", describe(error))

    def capable(self, path: str) -> bool:
        """Whether the client has the capability at this dotted path of `ClientCapabilities`."""
        return bool(get_capability(self.client_capabilities, path, False))

    def refresh(self) -> None:
        """Ask the client to ask for inlay hints again, if it can."""
        if self.capable("workspace.inlay_hint.refresh_support"):
            self.protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)

    def warn(self, message: str) -> None:
        """Show the user a message."""
        log.warning("%s", message)
        self.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"ContraCode: {message}")
        )

    def _register(self) -> None:
        """Register the life cycle and the documents' synchronization."""

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
            self.hints.open(self.documents.open(params.text_document))
            self.names.look(params.text_document.uri)

        @self.feature(types.TEXT_DOCUMENT_DID_CHANGE)
        def did_change(params: types.DidChangeTextDocumentParams) -> None:
            changed = self.documents.change(params.text_document, params.content_changes)
            if changed is not None:
                self.hints.edit(*changed)
                self.names.look(params.text_document.uri)

        @self.feature(types.TEXT_DOCUMENT_DID_CLOSE)
        def did_close(params: types.DidCloseTextDocumentParams) -> None:
            self.documents.close(params.text_document.uri)
            self.hints.close(params.text_document.uri)
            self.names.close(params.text_document.uri)

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
            log.info("the client gives no configuration: %s", type(error).__name__)
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
            self.hints.reconsider()
            self.refresh()
            for document in self.documents:
                self.names.look(document.uri)

    def _begin_loading(self) -> None:
        """Load the model, the first time that this is called."""
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
            # An InputError says what is wrong in one line; anything else is for the log.
            self.model_problem = (
                str(error) if isinstance(error, InputError) else type(error).__name__
            )
            if not isinstance(error, InputError):
                log.error("loading the model failed: %s\n%s", error, describe(error))
            self.warn(f"no type hints, as the model cannot be loaded: {self.model_problem}")
        else:
            self.model_state = "ready"
        self.hints.use(predictor)

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
        """End the server when the process `parent` has ended, even where others keep its pipe open.

        On Windows there is no harmless way to ask, and nobody has a number that no process can
        have; the end of the pipe has to do.
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
