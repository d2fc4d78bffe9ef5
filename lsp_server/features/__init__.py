"""What the server offers, one file each: `register(server)` adds its handlers."""

from typing import TYPE_CHECKING

from lsp_server.features import code_actions, hover, inlay_hints, similar_functions, status

if TYPE_CHECKING:
    from lsp_server.server import Server


def register(server: "Server") -> None:
    """Add every feature to the server."""
    for feature in (inlay_hints, hover, code_actions, similar_functions, status):
        feature.register(server)
