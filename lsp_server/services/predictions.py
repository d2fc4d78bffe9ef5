"""Predicted types of the open documents: at once from what is known, then exactly.

Known predictions move with each edit. The edited function is predicted alone at once, and the first
request after an edit waits for it for a time that nobody notices. When typing pauses, the worker
predicts the whole text; a later edit cancels that. The client is asked to request hints again only
if it would draw something else. A document is predicted when a request first needs it, not when it
is opened.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING

from contracode.javascript.generated_code import generated_kind
from contracode.javascript.records import Span, TypePrediction, as_shown
from lsp_server.protocol.documents import Document, Edit
from lsp_server.protocol.logs import describe
from lsp_server.services import edited_function
from lsp_server.services.moved_predictions import last, move_all
from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.prediction_cache import Found, PredictionCache
from lsp_server.services.predictor import Predictor
from lsp_server.services.settings import ServerSettings
from lsp_server.services.worker import Cancelled, Worker

if TYPE_CHECKING:
    from augment import Language

log = logging.getLogger(__name__)

LONGEST_PAUSE = 0.3
"""Most seconds without an edit before the text is predicted again.

The pause is as long as the last prediction took, so that predicting takes at most half of a
processor however fast someone types.
"""

AT_ONCE = 0.02
"""Seconds that a request waits for the prediction of the edited function."""

TOP = 5
"""Candidates of a name, as many as a tooltip shows without scrolling."""

CACHE_SIZE = 16_000_000
"""Bytes of cached predictions: 70 versions of a file of 2,000 lines."""

SHORT = 4_096
"""Bytes below which long lines do not make a document minified."""

MANY_EDITS = 32
"""Most edits of one notification that move predictions; with more, such as a rename in 500 places,
everything behind the first edit is predicted again.
"""


class Stale(Exception):
    """The document changed while its predictions were awaited."""


@dataclass(slots=True, eq=False)
class _DocumentState:
    """The predictions of one open document.

    Attributes:
        document: the document.
        known: predictions, moved to the present text; None before the first.
        current: whether `known` was predicted for the present text, or `reason` says why not.
        provisional: whether a client received predictions that are not current.
        work: the running prediction of the file.
        touched: bytes that were edited since the last prediction.
        region_work: the running prediction of the edited function.
        seconds: duration of the last prediction.
        reason: why the present text has no predictions.
    """

    document: Document
    known: Found | None = None
    current: bool = False
    provisional: bool = False
    work: asyncio.Task[None] | None = None
    touched: Span | None = None
    region_work: asyncio.Task[None] | None = None
    seconds: float = 0.0
    reason: str | None = None


class Predictions:
    """Keeps predictions of open documents up to date.

    Args:
        worker: runs the model.
        parses: parsed documents, used on the worker.
        settings: returns the present settings.
        refresh: called when a client that received provisional predictions would now draw others.
    """

    def __init__(
        self,
        worker: Worker,
        parses: ParsedDocuments,
        settings: Callable[[], ServerSettings],
        refresh: Callable[[], None],
    ) -> None:
        self._worker = worker
        self._parses = parses
        self._settings = settings
        self._refresh = refresh
        self._states: dict[str, _DocumentState] = {}
        self._cache = PredictionCache(CACHE_SIZE)
        self._decided: asyncio.Future[Predictor | None] = asyncio.get_running_loop().create_future()

    def use(self, predictor: Predictor | None) -> None:
        """Predict with this model from now on; None if there will be no model."""
        self._decided.set_result(predictor)

    @property
    def predictor(self) -> Predictor | None:
        """The model, once it is loaded."""
        return self._decided.result() if self._decided.done() else None

    @property
    def decided(self) -> bool:
        """Whether loading the model has ended."""
        return self._decided.done()

    def open(self, document: Document) -> None:
        """Follow a document."""
        self.close(document.uri)
        self._states[document.uri] = _DocumentState(document)

    def close(self, uri: str) -> None:
        """Forget a document."""
        state = self._states.pop(uri, None)
        for work in (state.work, state.region_work) if state is not None else ():
            if work is not None:
                work.cancel()

    def edit(self, document: Document, edits: Sequence[Edit]) -> None:
        """Move known predictions through edits, and predict again after a pause."""
        state = self._states[document.uri]
        state.current = False
        if state.known is not None and len(edits) > MANY_EDITS:
            untouched = min(edit.start for edit in edits)
            state.known = tuple(p for p in state.known if last(p) < untouched)
        elif state.known is not None:
            for edit in edits:
                state.known = move_all(state.known, edit)
        for edit in edits:
            state.touched = edited_function.touch(state.touched, edit)
        if state.region_work is not None:
            state.region_work.cancel()
        if state.work is not None:
            state.work.cancel()
            state.region_work = asyncio.create_task(self._predict_function(state))
            self._begin(state, min(state.seconds, LONGEST_PAUSE))

    def reconsider(self) -> None:
        """Check every document again at its next request, as settings have changed."""
        for state in self._states.values():
            if state.work is not None:
                state.work.cancel()
                state.work, state.current = None, False

    def drawn(self, predictions: Sequence[TypePrediction]) -> list[TypePrediction]:
        """Return the predictions that are shown beside the code.

        Written and obvious types are not shown, nor those below the threshold or of a kind that
        the user has switched off.
        """
        settings = self._settings()
        threshold = settings.threshold
        if threshold is None:
            threshold = self.predictor.metadata.threshold if self.predictor is not None else 1.0
        kinds = {
            "parameter": settings.hints.parameters,
            "return": settings.hints.returns,
            "variable": settings.hints.variables,
            "field": settings.hints.fields,
        }
        asked = (p for p in predictions if kinds[p.kind] and not (p.written or p.obvious))
        return [shown for p in asked if (shown := as_shown(p, threshold)) is not None]

    async def get(self, uri: str, *, wait: bool) -> Found:
        """Return the known predictions, perhaps moved from an older text.

        Args:
            uri: of a document.
            wait: wait for the first prediction; otherwise there may be none yet.

        Raises:
            Stale: the text changed meanwhile.
        """
        state = self._wanted(uri)
        if state is None:
            return ()
        if state.known is None and wait:
            return await self.exact(uri)
        if not state.current and state.region_work is not None:
            version = state.document.version
            await asyncio.wait({state.region_work}, timeout=AT_ONCE)
            if state.document.version != version:
                raise Stale
        state.provisional |= not state.current
        return state.known or ()

    async def exact(self, uri: str) -> Found:
        """Wait for the predictions of the present text and return them.

        Raises:
            Stale: the text changed meanwhile.
        """
        state = self._wanted(uri)
        if state is None:
            return ()
        if not state.current:
            assert state.work is not None
            # `asyncio.wait` does not cancel the work when the request is cancelled.
            await asyncio.wait({state.work})
            if not state.current:
                raise Stale
        return state.known or ()

    def current(self, uri: str) -> bool:
        """Return whether the known predictions are those of the present text."""
        state = self._states.get(uri)
        return state is not None and state.current

    def reason(self, uri: str) -> str | None:
        """Return why the present text has no predictions, or None."""
        state = self._states.get(uri)
        return state.reason if state is not None else None

    def _wanted(self, uri: str) -> _DocumentState | None:
        """Return the state of an open document, its prediction begun; None if it is not read."""
        state = self._states.get(uri)
        if state is None or not self._settings().enabled:
            return None
        if state.work is None:
            self._begin(state, 0)
        return state

    def _begin(self, state: _DocumentState, delay: float) -> None:
        state.work = asyncio.create_task(self._predict_file(state, delay))

    async def _predict_file(self, state: _DocumentState, delay: float) -> None:
        """Bring a document up to date; an edit cancels this."""
        await asyncio.sleep(delay)
        predictor = await asyncio.shield(self._decided)
        state.reason = self._silence(state.document, predictor)
        found: Found | None = () if state.reason else await self._ask(state, predictor)
        before, state.current = state.known, True
        if found is not None:
            state.known, state.touched = found, None
        if state.provisional:
            state.provisional = False
            if self._look(before) != self._look(state.known):
                self._refresh()

    async def _predict_function(self, state: _DocumentState) -> None:
        """Predict the edited function alone; the next edit cancels this."""
        predictor, document = self.predictor, state.document
        if predictor is None or document.language is None:
            return
        if state.known is None or state.touched is None:
            return
        region = edited_function.around(state.known, state.touched)
        if region is None:
            return
        text = edited_function.text_of(document.source, region)
        try:
            found = await self._worker.submit(
                lambda cancelled: _predict_text(predictor, text, document.language, cancelled)
            )
        except Exception as error:  # it may not parse alone; the prediction of the file decides
            log.debug("a function was not predicted alone: %s", type(error).__name__)
            return
        if state.current:
            return
        before, state.touched = state.known, None
        state.known = tuple(edited_function.merge(before, found, region))
        if state.provisional and self._look(before) != self._look(state.known):
            self._refresh()

    async def _ask(self, state: _DocumentState, predictor: Predictor | None) -> Found | None:
        """Predict a document; None, with a reason, if that fails."""
        assert predictor is not None
        document = state.document
        assert document.language is not None
        source = document.source
        key = sha256(f"{document.language}\0{source}".encode()).digest()
        found = self._cache.get(key)
        if found is None:
            job = partial(self._predict, predictor, source, document.language)
            try:
                found, state.seconds = await self._worker.submit(job)
            except ValueError as error:  # most texts while someone types
                state.reason = f"does not parse: {error}"
                return None
            except Exception as error:
                state.reason = f"prediction failed: {type(error).__name__}"
                log.error("prediction failed: %s", describe(error))
                return None
            self._cache.put(key, found)
        return found

    def _predict(
        self, predictor: Predictor, source: str, language: "Language", cancelled: Cancelled
    ) -> tuple[Found, float]:
        """Predict on the worker; return the predictions and the seconds that they took."""
        begin = monotonic()
        program = self._parses.program(source, language)
        found = predictor.predict_types(program, top=TOP, cancelled=cancelled)
        return tuple(found), monotonic() - begin

    def _silence(self, document: Document, predictor: Predictor | None) -> str | None:
        """Return why a document is not predicted, or None."""
        if predictor is None:
            return "no model"
        if document.language is None:
            return "not JavaScript or TypeScript"
        limit = self._settings().max_file_size
        if document.size > limit:
            return f"larger than {limit} bytes (maxFileSize)"
        return generated_kind(document.source.encode(), min_bytes=SHORT)

    def _look(self, predictions: Found | None) -> list[tuple[int, str]]:
        """Return what an editor draws of predictions."""
        return [(p.hint_offset, p.candidates[0].type) for p in self.drawn(predictions or ())]


def _predict_text(
    predictor: Predictor, text: str, language: "Language | None", cancelled: Cancelled
) -> Found:
    """Predict a text that is no document: the edited function alone."""
    assert language is not None
    return tuple(predictor.predict_types(text, language=language, top=TOP, cancelled=cancelled))
