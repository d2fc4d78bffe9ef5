"""Edits that write predicted types into an open document, made on the worker."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from contracode.javascript.records import Kind, Span, TypePrediction
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.predictions import Stale
from lsp_server.services.worker import Cancelled, Worker

if TYPE_CHECKING:
    from augment import Language, Program
    from contracode.products.annotate.annotating import Annotator
    from contracode.products.annotate.text_edits import TextEdit
    from lsp_server.protocol.documents import Document


class TypeChoice(NamedTuple):
    """A type for one name of a document; the span is that of the present text."""

    kind: Kind
    span: Span
    name: str
    type: str


def best(prediction: TypePrediction) -> TypeChoice:
    """Return the type that a hint shows."""
    return TypeChoice(
        prediction.kind, prediction.span, prediction.name, prediction.candidates[0].type
    )


class TypeEdits:
    """Makes edits.

    Args:
        worker: runs the jobs.
        parses: parsed documents, used on the worker.
    """

    def __init__(self, worker: Worker, parses: ParsedDocuments) -> None:
        self._worker = worker
        self._parses = parses
        self._last: tuple[Program, Annotator] | None = None  # used by the worker's thread alone

    async def edits(
        self, document: "Document", groups: Sequence[Sequence[TypeChoice]]
    ) -> list[list[types.TextEdit]]:
        """Return the edits that write each group of types.

        The edits of a group fit each other. A type that cannot be written has none.

        Raises:
            Stale: the text changed meanwhile.
        """
        source, language = document.source, document.language
        if language is None:
            return [[] for _ in groups]
        found = await self._worker.submit(partial(self._make, source, language, groups))
        if document.source != source:
            raise Stale
        return [
            [
                types.TextEdit(
                    types.Range(document.position(edit.start), document.position(edit.end)),
                    edit.text,
                )
                for edit in edits
            ]
            for edits in found
        ]

    def _make(
        self,
        source: str,
        language: "Language",
        groups: Sequence[Sequence[TypeChoice]],
        cancelled: Cancelled,
    ) -> list[list["TextEdit"]]:
        annotator = self._annotator(source, language)
        found: list[list[TextEdit]] = []
        for group in groups:
            if annotator is None or cancelled():
                found.append([])
                continue
            known = (
                (annotator.targets.get((choice.kind, choice.span)), choice) for choice in group
            )
            # A moved prediction may stand at a name that is another by now.
            found.append(
                annotator.edits((t, c.type) for t, c in known if t is not None and t.name == c.name)
            )
        return found

    def _annotator(self, source: str, language: "Language") -> "Annotator | None":
        """Return the annotator of a source, or None if the source does not parse."""
        from contracode.products.annotate.annotating import Annotator  # needs tree-sitter

        program = self._parses.try_program(source, language)
        if program is None:
            return None
        if self._last is None or self._last[0] is not program:
            self._last = (program, Annotator(program))
        return self._last[1]
