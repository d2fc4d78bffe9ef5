"""Events that features subscribe to."""

from collections.abc import Callable, Sequence

from lsp_server.protocol.documents import Document, Edit


class ServerEvents:
    """Handlers of each event, called in the order of subscription."""

    def __init__(self) -> None:
        self._opened: list[Callable[[Document], None]] = []
        self._changed: list[Callable[[Document, Sequence[Edit]], None]] = []
        self._closed: list[Callable[[str], None]] = []
        self._settings: list[Callable[[], None]] = []
        self._ready: list[Callable[[], None]] = []

    def on_open(self, handler: Callable[[Document], None]) -> None:
        """Call a handler with each document that the client opens."""
        self._opened.append(handler)

    def on_change(self, handler: Callable[[Document, Sequence[Edit]], None]) -> None:
        """Call a handler with each changed document and its edits, applied one after the other."""
        self._changed.append(handler)

    def on_close(self, handler: Callable[[str], None]) -> None:
        """Call a handler with the URI of each document that the client closes."""
        self._closed.append(handler)

    def on_settings(self, handler: Callable[[], None]) -> None:
        """Call a handler when settings have changed."""
        self._settings.append(handler)

    def on_ready(self, handler: Callable[[], None]) -> None:
        """Call a handler when the model is loaded, or known to be missing."""
        self._ready.append(handler)

    def opened(self, document: Document) -> None:
        """Announce an opened document."""
        for handler in self._opened:
            handler(document)

    def changed(self, document: Document, edits: Sequence[Edit]) -> None:
        """Announce a changed document."""
        for handler in self._changed:
            handler(document, edits)

    def closed(self, uri: str) -> None:
        """Announce a closed document."""
        for handler in self._closed:
            handler(uri)

    def settings_changed(self) -> None:
        """Announce new settings."""
        for handler in self._settings:
            handler()

    def ready(self) -> None:
        """Announce that loading the model has ended."""
        for handler in self._ready:
            handler()
