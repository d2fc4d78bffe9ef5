"""Diagnostics of severity hint for functions whose name contradicts their body.

Off unless the setting `names.diagnostics` is on.
"""

import asyncio
import logging
from collections import OrderedDict
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from contracode.javascript.records import NamePrediction, Span
from lsp_server.protocol.logs import describe
from lsp_server.services.context import Context
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.predictions import TOP, Stale
from lsp_server.services.predictor import Predictor
from lsp_server.services.worker import Cancelled

if TYPE_CHECKING:
    from augment import Function, Language, Program

log = logging.getLogger(__name__)

CODE = "name-contradicts-body"

PAUSE = 1.0
"""Seconds after an edit before names are checked; nobody needs them at once."""

CACHED = 10_000
"""Functions whose predicted names are kept, some 5 MB."""


class Contradiction(NamedTuple):
    """A function whose name is unlike its body; `span` is that of the name."""

    span: Span
    name: str
    better: NamePrediction


def register(context: Context) -> None:
    """Check names of open documents when they, or the settings, change."""
    checker = NameChecker(context)
    context.events.on_open(lambda document: checker.check(document.uri))
    context.events.on_change(lambda document, _: checker.check(document.uri))
    context.events.on_close(checker.close)
    context.events.on_settings(checker.check_all)


class NameChecker:
    """Publishes the contradictions of each open document.

    Args:
        context: the server.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._published: set[str] = set()
        self._names: OrderedDict[bytes, list[NamePrediction]] = OrderedDict()

    def check(self, uri: str) -> None:
        """Check a document after a pause, or clear its diagnostics if they are switched off."""
        self._stop(uri)
        if self._context.settings.enabled and self._context.settings.names.diagnostics:
            self._tasks[uri] = asyncio.create_task(self._check_safely(uri))
        else:
            self._publish(uri, 0, [])

    def check_all(self) -> None:
        """Check every open document."""
        for document in self._context.documents:
            self.check(document.uri)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._stop(uri)
        self._publish(uri, 0, [])

    def _stop(self, uri: str) -> None:
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()

    def _publish(self, uri: str, version: int, found: list[Contradiction]) -> None:
        """Send the diagnostics of a document, unless there are and were none."""
        if not found and uri not in self._published:
            return
        self._published = self._published | {uri} if found else self._published - {uri}
        document = self._context.documents.get(uri)
        diagnostics = [
            types.Diagnostic(
                types.Range(document.position(one.span[0]), document.position(one.span[1])),
                f"The body looks like `{one.better.name}` ({one.better.probability:.0%}), "
                f"not `{one.name}`.",
                severity=types.DiagnosticSeverity.Hint,
                code=CODE,
                source="contracode",
            )
            for one in found
            if document is not None
        ]
        self._context.client.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri, diagnostics, version if document is not None else None
            )
        )

    async def _check_safely(self, uri: str) -> None:
        try:
            await self._check(uri)
        except Exception as error:
            log.error("checking names failed: %s", describe(error))

    async def _check(self, uri: str) -> None:
        await asyncio.sleep(PAUSE)
        context = self._context
        document = context.documents.get(uri)
        try:
            predictions = await context.predictions.exact(uri)
        except Stale:  # an edit has started another task
            return
        model = context.predictions.predictor
        if document is None or document.language is None:
            return
        if model is None or not model.metadata.predicts_names:
            return
        version = document.version
        found: list[Contradiction] = []
        if predictions:  # a document without any is not to be read
            job = partial(_functions, context.parses, document.source, document.language)
            threshold = context.settings.names.threshold
            for program, function in await context.worker.submit(job):
                # One function a job, so that hints need not wait for all of them.
                names = await context.worker.submit(
                    partial(self._predict, model, program, function)
                )
                if (one := _contradiction(function, names, threshold)) is not None:
                    found.append(one)
        if document.version == version:
            self._publish(uri, version, found)

    def _predict(
        self, model: Predictor, program: "Program", function: "Function", _: Cancelled
    ) -> list[NamePrediction]:
        text = f"{program.language}\0{function.name}\0{program.text(function.node)}"
        key = blake2b(text.encode(), digest_size=16).digest()
        if key not in self._names:
            self._names[key] = model.predict_names(program, top=TOP, function=function.node.span)
            if len(self._names) > CACHED:
                self._names.popitem(last=False)
        return self._names[key]


def _functions(
    parses: ParsedDocuments, source: str, language: "Language", _: Cancelled
) -> "list[tuple[Program, Function]]":
    """Return the functions of a source that are long enough for their names to be checked."""
    from contracode.products.search.functions import MIN_TOKENS  # needs tree-sitter

    program = parses.try_program(source, language)
    return [
        (program, function)
        for function in (program.functions if program is not None else ())
        if program is not None
        and function.name is not None
        and function.kind in ("function", "arrow", "method")
        and function.node.start >= 0
        and function.node.last - function.node.first >= MIN_TOKENS
    ]


def _contradiction(
    function: "Function", names: list[NamePrediction], threshold: float
) -> Contradiction | None:
    """Return the better name of a function.

    Returns:
        None unless the model is sure of a name and no predicted name shares a word with the
        present one.
    """
    from contracode.products.search.functions import words

    assert function.name is not None
    surest = max(names, key=lambda one: one.probability, default=None)
    if surest is None or surest.probability < threshold:
        return None
    own = set(words(function.name))
    if any(one.name == function.name or own & set(words(one.name)) for one in names):
        return None
    assert function.name_span is not None
    return Contradiction(function.name_span, function.name, surest)
