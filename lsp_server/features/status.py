"""`contracode/status`: what the server knows and why it is silent, for a user's bug report and an
editor's status bar.
"""

import sys
from typing import TYPE_CHECKING, Any

from contracode.support.digests import digest
from contracode.version import __version__
from lsp_server.positions import utf8

if TYPE_CHECKING:
    from lsp_server.server import Server


def register(server: "Server") -> None:
    """Answer the request `contracode/status`, which has no parameters."""

    @server.feature("contracode/status")
    def status(_: Any) -> dict[str, Any]:
        predictor = server.hints.predictor
        return {
            "version": __version__,
            "model": {
                "state": server.model_state,
                "name": predictor.metadata.name if predictor is not None else None,
                "problem": server.model_problem,
            },
            "positionEncoding": server.documents.encoding.value,
            "documents": [
                {
                    "uri": document.uri,
                    "version": document.version,
                    "language": document.language,
                    "bytes": document.size,
                    "sha256": digest(utf8(document.text)),
                    "silentBecause": server.hints.reason(document.uri),
                }
                for document in server.documents
            ],
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
        }
