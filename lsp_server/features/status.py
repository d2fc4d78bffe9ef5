"""`contracode/status`: the state of the server, for bug reports and an editor's status bar."""

import sys
from typing import Any

from contracode.support.digests import digest
from contracode.version import __version__
from lsp_server.protocol.positions import utf8
from lsp_server.services.context import Context


def register(context: Context) -> None:
    """Answer the request `contracode/status`, which has no parameters."""

    @context.feature("contracode/status")
    def status(_: Any) -> dict[str, Any]:
        predictor = context.predictions.predictor
        return {
            "version": __version__,
            "model": {
                "state": context.model_state,
                "name": predictor.metadata.name if predictor is not None else None,
                "problem": context.model_problem,
            },
            "positionEncoding": context.documents.encoding.value,
            "documents": [
                {
                    "uri": document.uri,
                    "version": document.version,
                    "language": document.language,
                    "bytes": document.size,
                    "sha256": digest(utf8(document.text)),
                    "silentBecause": context.predictions.reason(document.uri),
                }
                for document in context.documents
            ],
            "modules": sorted({name.partition(".")[0] for name in sys.modules}),
        }
