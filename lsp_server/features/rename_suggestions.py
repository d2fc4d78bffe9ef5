"""Code actions that rename the function around the cursor to a name predicted from its body."""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from contracode.javascript.records import Span
from lsp_server.features._edits import workspace_edit
from lsp_server.services.context import ActionRequest, Context
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.predictions import TOP, Stale
from lsp_server.services.predictor import Predictor
from lsp_server.services.worker import Cancelled

if TYPE_CHECKING:
    from augment import Function, Language
    from contracode.products.annotate.text_edits import TextEdit

KIND = "refactor.rename"

MOST = 3
"""Offered names."""


class Suggestion(NamedTuple):
    """Another name for a function, with the edits that rename it."""

    name: str
    probability: float
    edits: "list[TextEdit]"


def register(context: Context) -> None:
    """Provide the actions."""
    context.code_actions.add(KIND, partial(_actions, context))


async def _actions(context: Context, request: ActionRequest) -> list[types.CodeAction]:
    document, settings = request.document, context.settings
    model = context.predictions.predictor
    if request.automatic or not settings.enabled or not settings.names.suggestions:
        return []
    if model is None or not model.metadata.predicts_names:
        return []
    if document.language is None or document.size > settings.max_file_size:
        return []
    source = document.source
    found = await context.worker.submit(
        partial(
            suggest,
            context.parses,
            model,
            source,
            document.language,
            request.start,
            settings.names.threshold,
        )
    )
    if document.source != source:
        raise Stale
    return [
        types.CodeAction(
            f"Rename to `{one.name}` ({one.probability:.0%})",
            kind=KIND,
            edit=workspace_edit(
                context,
                document,
                [
                    types.TextEdit(
                        types.Range(document.position(edit.start), document.position(edit.end)),
                        edit.text,
                    )
                    for edit in one.edits
                ],
            ),
        )
        for one in found[:MOST]
    ]


def suggest(
    parses: ParsedDocuments,
    model: Predictor,
    source: str,
    language: "Language",
    offset: int,
    threshold: float,
    cancelled: Cancelled,
) -> list[Suggestion]:
    """Return other names for the innermost named function around an offset, the best first."""
    from contracode.products.rename_edits import Refusal, Renamer  # needs tree-sitter

    program = parses.try_program(source, language)
    if program is None:
        return []
    around = [
        f
        for f in program.functions
        if f.name_span is not None and _extent(f)[0] <= offset <= _extent(f)[1]
    ]
    if not around or cancelled():
        return []
    function = min(around, key=lambda one: one.node.end - one.node.start)
    renamer = Renamer(program)
    if isinstance(renamer.binding(function), Refusal):
        return []
    found: list[Suggestion] = []
    for one in model.predict_names(program, top=TOP, function=function.node.span):
        if one.probability >= threshold and one.name != function.name:
            edits = renamer.edits(function, one.name)
            if not isinstance(edits, Refusal):
                found.append(Suggestion(one.name, one.probability, edits))
    return found


def _extent(function: "Function") -> Span:
    """Return the bytes of a function and its name."""
    start, end = function.node.span
    return (min(start, function.name_span[0]) if function.name_span else start), end
