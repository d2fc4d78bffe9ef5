"""What the server offers, one file each: `register(server)` adds its handlers."""

from typing import TYPE_CHECKING

from lsp_server.features import code_actions, hover, inlay_hints, status

if TYPE_CHECKING:
    from lsp_server.server import Server


def register(server: "Server") -> None:
    """Add every feature to the server."""
    for feature in (inlay_hints, hover, code_actions, status):
        feature.register(server)
