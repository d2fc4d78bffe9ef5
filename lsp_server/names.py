"""Predicted names of functions: of one, to be offered; of all of a document, to find names that
contradict their bodies.
"""

import asyncio
import logging
from collections import OrderedDict
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from contracode.javascript.records import NamePrediction, Span
from lsp_server.hints import Predictor, Stale
from lsp_server.logs import describe
from lsp_server.worker import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from augment import Function, Language, Program
    from contracode.products.annotate.annotating import TextEdit
    from lsp_server.server import Server

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds after an edit before names are looked at: nobody has to see them at once."""

TOP = 5
"""Names predicted for a function."""

CACHED = 10_000
"""Functions whose names are kept, some 5 MB."""


class Suggestion(NamedTuple):
    """Another name for a function, with the edits that give it."""

    name: str
    probability: float
    edits: "list[TextEdit]"


class Contradiction(NamedTuple):
    """A function whose name is unlike what its body looks like; `span` is of the name."""

    span: Span
    name: str
    better: NamePrediction


def suggest(
    model: Predictor,
    source: str,
    language: "Language",
    offset: int,
    threshold: float,
    cancelled: Cancelled,
) -> list[Suggestion]:
    """Return other names for the innermost named function around an offset, the best first; runs on
    the worker.
    """
    import augment  # tree-sitter is not needed to start
    from contracode.products.rename_edits import Refusal, Renamer

    try:
        program = augment.parse(source, language=language)
    except (augment.ParseError, RecursionError):
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


class Names:
    """Publishes, for each open document, the names that contradict their bodies, where the settings
    ask for that.

    Args:
        server: of the documents.
        publish: called with URI, version and what is found.
    """

    def __init__(
        self, server: "Server", publish: "Callable[[str, int, list[Contradiction]], None]"
    ) -> None:
        self._server = server
        self._publish = publish
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._published: set[str] = set()
        self._known: OrderedDict[bytes, list[NamePrediction]] = OrderedDict()

    def look(self, uri: str) -> None:
        """Look at a document again after a pause, or forget what was said of it where the settings
        do not ask for that.
        """
        self._stop(uri)
        if self._server.settings.enabled and self._server.settings.names.diagnostics:
            self._tasks[uri] = asyncio.create_task(self._look_safely(uri))
        else:
            self._tell(uri, 0, [])

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._stop(uri)
        self._tell(uri, 0, [])

    def _stop(self, uri: str) -> None:
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()

    def _tell(self, uri: str, version: int, found: list[Contradiction]) -> None:
        if found or uri in self._published:
            self._publish(uri, version, found)
            self._published = self._published | {uri} if found else self._published - {uri}

    async def _look_safely(self, uri: str) -> None:
        try:
            await self._look(uri)
        except Exception as error:
            log.error("looking at names failed: %s", describe(error))

    async def _look(self, uri: str) -> None:
        await asyncio.sleep(PAUSE)
        document = self._server.documents.get(uri)
        try:
            predictions = await self._server.hints.exact(uri)
        except Stale:  # there was an edit, and with it another task
            return
        model = self._server.hints.predictor
        if (
            document is None
            or document.language is None
            or model is None
            or not model.metadata.predicts_names
        ):
            return
        version, source = document.version, document.source
        found: list[Contradiction] = []
        if predictions:  # of what there are none, there is a reason to be silent
            worker = self._server.worker
            program, functions = await worker.submit(partial(_functions, source, document.language))
            threshold = self._server.settings.names.threshold
            for function in functions:  # one after the other, so that hints need not wait for all
                assert program is not None
                names = await worker.submit(partial(self._names, model, program, function))
                if (one := _contradiction(function, names, threshold)) is not None:
                    found.append(one)
        if document.version == version:
            self._tell(uri, version, found)

    def _names(
        self, model: Predictor, program: "Program", function: "Function", _: Cancelled
    ) -> list[NamePrediction]:
        text = f"{program.language}\0{function.name}\0{program.text(function.node)}"
        key = blake2b(text.encode(), digest_size=16).digest()
        if key not in self._known:
            self._known[key] = model.predict_names(program, top=TOP, function=function.node.span)
            if len(self._known) > CACHED:
                self._known.popitem(last=False)
        return self._known[key]


def _functions(
    source: str, language: "Language", _: Cancelled
) -> "tuple[Program | None, list[Function]]":
    """Return a source parsed, and its functions whose names say something."""
    import augment
    from contracode.products.search.functions import MIN_TOKENS

    try:
        program = augment.parse(source, language=language)
    except (augment.ParseError, RecursionError):
        return None, []
    return program, [
        function
        for function in program.functions
        if function.name is not None
        and function.kind in ("function", "arrow", "method")
        and function.node.start >= 0
        and function.node.last - function.node.first >= MIN_TOKENS
    ]


def _contradiction(
    function: "Function", names: list[NamePrediction], threshold: float
) -> Contradiction | None:
    """Return the better name of a function, if the model is sure of it and none of its names has a
    word of the present one.
    """
    from contracode.products.search.functions import words

    assert function.name is not None
    surest = max(names, key=lambda one: one.probability, default=None)
    if surest is None or surest.probability < threshold:
        return None
    own = set(words(function.name))
    if any(own & set(words(one.name)) for one in names) or function.name in (
        one.name for one in names
    ):
        return None
    assert function.name_span is not None
    return Contradiction(function.name_span, function.name, surest)


def _extent(function: "Function") -> Span:
    """Return the bytes of a function and its name."""
    start, end = function.node.span
    return (min(start, function.name_span[0]) if function.name_span else start), end
