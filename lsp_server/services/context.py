"""What a feature sees of the server."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Literal, NamedTuple, Protocol

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from lsp_server.protocol.documents import Document, Documents
from lsp_server.services.events import ServerEvents
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.predictions import Predictions
from lsp_server.services.settings import ServerSettings
from lsp_server.services.type_edits import TypeEdits
from lsp_server.services.worker import Worker

Handler = Callable[..., Any]

ModelState = Literal["not loaded", "loading", "ready", "failed"]


class ActionRequest(NamedTuple):
    """A request for code actions.

    Attributes:
        document: an open document.
        start: first byte of the selection.
        end: end of the selection.
        automatic: the client asks by itself, as the cursor moves; answers must be immediate.
        params: as the client sent them.
    """

    document: Document
    start: int
    end: int
    automatic: bool
    params: types.CodeActionParams


ActionProvider = Callable[[ActionRequest], "Coroutine[Any, Any, Iterable[types.CodeAction]]"]


class CodeActions:
    """Code actions of all features.

    Attributes:
        kinds: all kinds, announced to the client.
        providers: (kind, provider) in the order of registration.
    """

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.providers: list[tuple[str, ActionProvider]] = []

    def add(self, kind: str, provider: ActionProvider) -> None:
        """Offer the actions of a provider, all of one kind."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.providers.append((kind, provider))


class Context(Protocol):
    """The server as features use it.

    A feature is a module with `register(context)`. It answers requests with `context.feature` and
    `context.command`, adds code actions, and follows documents, settings and the model through
    `context.events`. Attributes may be used inside handlers only, except `events` and
    `code_actions`.
    """

    @property
    def events(self) -> ServerEvents:
        """Subscriptions."""
        ...

    @property
    def code_actions(self) -> CodeActions:
        """Code actions of all features."""
        ...

    @property
    def documents(self) -> Documents:
        """The open documents."""
        ...

    @property
    def settings(self) -> ServerSettings:
        """The user's settings."""
        ...

    @property
    def worker(self) -> Worker:
        """The thread for parsing and inference."""
        ...

    @property
    def parses(self) -> ParsedDocuments:
        """Parsed documents, for jobs of the worker."""
        ...

    @property
    def predictions(self) -> Predictions:
        """Predicted types of the open documents, and the model."""
        ...

    @property
    def type_edits(self) -> TypeEdits:
        """Edits that write types."""
        ...

    @property
    def model_state(self) -> ModelState:
        """Whether the model is loaded."""
        ...

    @property
    def model_problem(self) -> str | None:
        """Why there is no model, for a user to read."""
        ...

    @property
    def client(self) -> LanguageServer:
        """The server of pygls, for requests and notifications to the client."""
        ...

    def feature(self, feature_name: str, options: Any | None = None) -> Callable[[Handler], Any]:
        """Return a decorator that answers an LSP request or notification."""
        ...

    def command(self, command_name: str) -> Callable[[Handler], Any]:
        """Return a decorator that answers a command."""
        ...

    def capable(self, path: str) -> bool:
        """Return whether the client has the capability at a dotted path."""
        ...

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside the messages; errors in it are logged."""
        ...

    def warn(self, message: str) -> None:
        """Show the user a warning."""
        ...
