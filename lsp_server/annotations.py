"""Edits that write predicted types into an open document, made on the worker; the last text that
was parsed is kept.
"""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from contracode.javascript.records import Kind, Span, TypePrediction
from lsp_server.hints import Stale
from lsp_server.worker import Cancelled, Worker

if TYPE_CHECKING:
    from augment import Language
    from contracode.products.annotate.annotating import Annotator, TextEdit
    from lsp_server.documents import Document


class Choice(NamedTuple):
    """A type for one name of a document; spans are of its present text."""

    kind: Kind
    span: Span
    name: str
    type: str


def best(prediction: TypePrediction) -> Choice:
    """Return the choice that a hint shows."""
    return Choice(prediction.kind, prediction.span, prediction.name, prediction.candidates[0].type)


class Annotations:
    """Makes edits.

    Args:
        worker: parses.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._last: tuple[Language, str, Annotator | None] | None = (
            None  # touched by the worker's thread alone
        )

    async def edits(
        self, document: "Document", groups: Sequence[Sequence[Choice]]
    ) -> list[list[types.TextEdit]]:
        """Return for each group of choices the edits that write them, made for each other; none for
        what cannot be written.

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
        groups: Sequence[Sequence[Choice]],
        cancelled: Cancelled,
    ) -> list[list["TextEdit"]]:
        if self._last is None or self._last[:2] != (language, source):
            self._last = (language, source, _annotator(source, language))
        annotator = self._last[2]
        found: list[list[TextEdit]] = []
        for group in groups:
            if annotator is None or cancelled():
                found.append([])
                continue
            known = (
                (annotator.targets.get((choice.kind, choice.span)), choice) for choice in group
            )
            # predictions that were moved through edits may speak of what is something else by now
            found.append(
                annotator.edits((t, c.type) for t, c in known if t is not None and t.name == c.name)
            )
        return found


def _annotator(source: str, language: "Language") -> "Annotator | None":
    """Return what makes edits for a source; None for one that does not parse."""
    import augment  # tree-sitter is not needed to start
    from contracode.products.annotate.annotating import Annotator

    try:
        return Annotator(augment.parse(source, language=language))
    except (augment.ParseError, RecursionError):
        return None
