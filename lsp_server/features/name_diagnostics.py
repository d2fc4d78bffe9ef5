"""Diagnostics of severity hint where the name of a function contradicts its body; off unless
`names.diagnostics` is set.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_server.names import Contradiction

if TYPE_CHECKING:
    from lsp_server.server import Server

CODE = "name-contradicts-body"


def publish(server: "Server", uri: str, version: int, found: list[Contradiction]) -> None:
    """Send the diagnostics of a document."""
    document = server.documents.get(uri)
    diagnostics = [
        types.Diagnostic(
            types.Range(document.position(one.span[0]), document.position(one.span[1])),
            f"The body looks like `{one.better.name}` ({one.better.probability:.0%}), not `{one.name}`.",
            severity=types.DiagnosticSeverity.Hint,
            code=CODE,
            source="contracode",
        )
        for one in found
        if document is not None
    ]
    server.text_document_publish_diagnostics(
        types.PublishDiagnosticsParams(uri, diagnostics, version if document is not None else None)
    )
