"""Names for the function around the cursor, predicted from its body: code actions that rename it at
all places of the file.
"""

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_server.hints import Stale
from lsp_server.names import suggest

if TYPE_CHECKING:
    from lsp_server.documents import Document
    from lsp_server.server import Server

KIND = "refactor.rename"

MOST = 3
"""Names offered."""


async def suggestions(
    server: "Server", document: "Document", offset: int
) -> list[tuple[str, list[types.TextEdit]]]:
    """Return titles, such as ``Rename to `multiply` (62 %)``, with their edits.

    Raises:
        Stale: the text changed meanwhile.
    """
    model, names = server.hints.predictor, server.settings.names
    if (
        model is None
        or document.language is None
        or not names.suggestions
        or not model.metadata.predicts_names
    ):
        return []
    if document.size > server.settings.max_file_size or not server.settings.enabled:
        return []
    source = document.source
    found = await server.worker.submit(
        partial(suggest, model, source, document.language, offset, names.threshold)
    )
    if document.source != source:
        raise Stale
    return [
        (
            f"Rename to `{one.name}` ({one.probability:.0%})",
            [
                types.TextEdit(
                    types.Range(document.position(edit.start), document.position(edit.end)),
                    edit.text,
                )
                for edit in one.edits
            ],
        )
        for one in found[:MOST]
    ]
