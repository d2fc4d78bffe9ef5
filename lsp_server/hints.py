"""Predictions for the open documents: at once from what is known, then exactly.

What is known of a document moves with each edit, and the edited function is predicted by itself at
once, for which the first request after the edit waits no longer than nobody notices. When typing
pauses, the worker predicts the text as it is then; a later edit cancels that. The client is asked
to come again only when what it would draw differs from what it was given. A document is predicted
when it is first asked about, not when it is opened.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import msgspec

from contracode.javascript.generated_code import generated_kind
from contracode.javascript.records import Metadata, NamePrediction, Span, TypePrediction
from lsp_server import regions
from lsp_server.documents import Document, Edit
from lsp_server.logs import describe
from lsp_server.moving import last, move_all
from lsp_server.settings import Settings
from lsp_server.worker import Cancelled, Worker

if TYPE_CHECKING:
    import numpy as np

    from augment import Language, Program

log = logging.getLogger(__name__)

LONGEST_PAUSE = 0.3
"""Seconds without an edit that are waited for at most before the text is predicted again; otherwise
as long as that took the last time, so that predicting takes at most half of a processor however
fast someone types.
"""

AT_ONCE = 0.02
"""Seconds that a request waits for the prediction of the edited function alone, before it is
answered with what was known.
"""

TOP = 5
"""Alternatives asked for, as many as a tooltip shows without scrolling."""

CACHE_SIZE = 16_000_000
"""Bytes of predictions of texts seen lately: 70 states of a file of 2 000 lines, or what a day's
undo and redo goes back to.
"""

SHORT = 4_096
"""Bytes below which a document is read however long its lines are: somebody tries something."""

MANY_EDITS = 32
"""Edits in one notification that each move what is known; of more (a rename in 500 places), all
that follows the first is forgotten.
"""

Predictions = tuple[TypePrediction, ...]


class Predictor(Protocol):
    """What the server asks of a model; `contracode.inference.model.Model` is one."""

    @property
    def metadata(self) -> Metadata:
        """The facts of the model."""
        ...

    def predict_types(
        self, source: str, *, language: "Language", top: int, cancelled: Cancelled | None = None
    ) -> list[TypePrediction]:
        """Predict, or raise ValueError for a source that does not parse, or `Cancelled`."""
        ...

    def predict_names(
        self,
        source: "str | Program",
        *,
        language: "Language" = "javascript",
        top: int = 5,
        function: Span | None = None,
    ) -> list[NamePrediction]:
        """Predict names for the function at a span from its body."""
        ...

    @property
    def fingerprint(self) -> str:
        """What is another for a model whose vectors are others."""
        ...

    def embed(
        self, sources: Sequence[str], *, language: "Language", use_names: bool, batch_size: int
    ) -> "np.ndarray":
        """Return the vectors of sources."""
        ...


class Stale(Exception):
    """The document changed while its predictions were awaited."""


@dataclass(slots=True, eq=False)
class _Entry:
    """What is known of one open document.

    Attributes:
        known: predictions, moved to the document's present text; None before the first.
        current: `known` was predicted for the present text, or the reason says why it cannot be.
        provisional: a client was answered with less than that.
        work: the prediction under way.
        touched: bytes that were edited since something was predicted of them.
        region_work: the prediction under way of the function around them.
        seconds: that the last prediction took.
        reason: why there is nothing new for the present text.
    """

    document: Document
    known: Predictions | None = None
    current: bool = False
    provisional: bool = False
    work: asyncio.Task[None] | None = None
    touched: Span | None = None
    region_work: asyncio.Task[None] | None = None
    seconds: float = 0.0
    reason: str | None = None


class Hints:
    """Keeps predictions of open documents up to date.

    Args:
        worker: does the predicting.
        settings: answers the present settings.
        refresh: called when a client that was given something provisional would now draw something
            else.
    """

    def __init__(
        self, worker: Worker, settings: Callable[[], Settings], refresh: Callable[[], None]
    ) -> None:
        self._worker = worker
        self._settings = settings
        self._refresh = refresh
        self._entries: dict[str, _Entry] = {}
        self._cache = _Cache(CACHE_SIZE)
        self._decided: asyncio.Future[Predictor | None] = asyncio.get_running_loop().create_future()

    def use(self, predictor: Predictor | None) -> None:
        """Predict with this model from now on; None when there is none to be had."""
        self._decided.set_result(predictor)

    @property
    def predictor(self) -> Predictor | None:
        """The model, when it is there."""
        return self._decided.result() if self._decided.done() else None

    @property
    def decided(self) -> bool:
        """Whether it is known if there is a model."""
        return self._decided.done()

    def open(self, document: Document) -> None:
        """Begin to follow a document."""
        self.close(document.uri)
        self._entries[document.uri] = _Entry(document)

    def close(self, uri: str) -> None:
        """Forget a document."""
        entry = self._entries.pop(uri, None)
        for work in (entry.work, entry.region_work) if entry is not None else ():
            if work is not None:
                work.cancel()

    def edit(self, document: Document, edits: Sequence[Edit]) -> None:
        """Move what is known through edits, applied one after the other, and predict again after a
        pause.
        """
        entry = self._entries[document.uri]
        entry.current = False
        if entry.known is not None and len(edits) > MANY_EDITS:
            untouched = min(edit.start for edit in edits)
            entry.known = tuple(p for p in entry.known if last(p) < untouched)
        elif entry.known is not None:
            for edit in edits:
                entry.known = move_all(entry.known, edit)
        for edit in edits:
            entry.touched = regions.touch(entry.touched, edit)
        if entry.region_work is not None:
            entry.region_work.cancel()
        if entry.work is not None:
            entry.work.cancel()
            entry.region_work = asyncio.create_task(self._predict_region(entry))
            self._begin(entry, min(entry.seconds, LONGEST_PAUSE))

    def reconsider(self) -> None:
        """Look at every document again when it is next asked about, as the settings have
        changed.
        """
        for entry in self._entries.values():
            if entry.work is not None:
                entry.work.cancel()
                entry.work, entry.current = None, False

    def drawn(self, predictions: Sequence[TypePrediction]) -> list[TypePrediction]:
        """Return those that are shown beside the code: nothing where a type is written, obvious, or
        not sure enough.
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
        return [
            p
            for p in predictions
            if kinds[p.kind]
            and not (p.written or p.obvious)
            and p.candidates
            and p.candidates[0].probability >= threshold
        ]

    async def get(self, uri: str, *, wait: bool) -> Predictions:
        """Return what is known at once, perhaps moved from an older text; where nothing is, wait
        for it or return nothing.

        Raises:
            Stale: the text changed while it was waited for.
        """
        entry = self._wanted(uri)
        if entry is None:
            return ()
        if entry.known is None and wait:
            return await self.exact(uri)
        if not entry.current and entry.region_work is not None:
            version = entry.document.version
            await asyncio.wait({entry.region_work}, timeout=AT_ONCE)
            if entry.document.version != version:
                raise Stale
        entry.provisional |= not entry.current
        return entry.known or ()

    async def exact(self, uri: str) -> Predictions:
        """Return the predictions of the present text, when they are there.

        Raises:
            Stale: the text changed meanwhile.
        """
        entry = self._wanted(uri)
        if entry is None:
            return ()
        if not entry.current:
            assert entry.work is not None
            # Other than awaiting it, this neither cancels the work with the request nor mistakes
            # the one for the other.
            await asyncio.wait({entry.work})
            if not entry.current:
                raise Stale
        return entry.known or ()

    def current(self, uri: str) -> bool:
        """Whether what is known of a document was predicted for its present text."""
        entry = self._entries.get(uri)
        return entry is not None and entry.current

    def reason(self, uri: str) -> str | None:
        """Return why the present text has no predictions of its own, if that is so."""
        entry = self._entries.get(uri)
        return entry.reason if entry is not None else None

    def _wanted(self, uri: str) -> _Entry | None:
        """Return the document's entry, its prediction begun; None for one that is not open or that
        we do not look at.
        """
        entry = self._entries.get(uri)
        if entry is None or not self._settings().enabled:
            return None
        if entry.work is None:
            self._begin(entry, 0)
        return entry

    def _begin(self, entry: _Entry, delay: float) -> None:
        entry.work = asyncio.create_task(self._predict(entry, delay))

    async def _predict(self, entry: _Entry, delay: float) -> None:
        """Bring an entry up to date; being cancelled means that its document changed."""
        await asyncio.sleep(delay)
        predictor = await asyncio.shield(self._decided)
        entry.reason = self._silence(entry.document, predictor)
        found: Predictions | None = () if entry.reason else await self._ask(entry, predictor)
        before, entry.current = entry.known, True
        if found is not None:
            entry.known, entry.touched = found, None
        if entry.provisional:
            entry.provisional = False
            if self._look(before) != self._look(entry.known):
                self._refresh()

    async def _predict_region(self, entry: _Entry) -> None:
        """Bring the edited function up to date, where that is possible; being cancelled means that
        the document changed again.
        """
        predictor, document = self.predictor, entry.document
        if (
            predictor is None
            or document.language is None
            or entry.known is None
            or entry.touched is None
        ):
            return
        region = regions.around(entry.known, entry.touched)
        if region is None:
            return
        text = regions.text_of(document.source, region)
        try:
            found, _ = await self._worker.submit(
                partial(_predict, predictor, text, document.language)
            )
        except Exception as error:  # perhaps it does not parse by itself; the prediction of the file says if that matters
            log.debug("a function was not predicted by itself: %s", type(error).__name__)
            return
        if entry.current:
            return
        before, entry.touched = entry.known, None
        entry.known = tuple(regions.merge(before, found, region))
        if entry.provisional and self._look(before) != self._look(entry.known):
            self._refresh()

    async def _ask(self, entry: _Entry, predictor: Predictor | None) -> Predictions | None:
        """Predict the entry's text; None, with a reason, where that fails."""
        assert predictor is not None
        document = entry.document
        assert document.language is not None
        source = document.source
        key = sha256(f"{document.language}\0{source}".encode()).digest()
        found = self._cache.get(key)
        if found is None:
            job = partial(_predict, predictor, source, document.language)
            try:
                found, entry.seconds = await self._worker.submit(job)
            except ValueError as error:  # while someone types, this is how most texts are
                entry.reason = f"does not parse: {error}"
                return None
            except Exception as error:
                entry.reason = f"prediction failed: {type(error).__name__}"
                log.error("prediction failed: %s", describe(error))
                return None
            self._cache.put(key, found)
        return found

    def _silence(self, document: Document, predictor: Predictor | None) -> str | None:
        if predictor is None:
            return "no model"
        if document.language is None:
            return "not a language that we read"
        limit = self._settings().max_file_size
        if document.size > limit:
            return f"larger than {limit} bytes (maxFileSize)"
        return generated_kind(document.source.encode(), min_bytes=SHORT)

    def _look(self, predictions: Predictions | None) -> list[tuple[int, str]]:
        """Return what an editor draws of them."""
        return [(p.hint_offset, p.candidates[0].type) for p in self.drawn(predictions or ())]


def _predict(
    predictor: Predictor, source: str, language: "Language", cancelled: Cancelled
) -> tuple[Predictions, float]:
    """Return the predictions and the seconds that they took."""
    begin = monotonic()
    found = predictor.predict_types(source, language=language, top=TOP, cancelled=cancelled)
    return tuple(found), monotonic() - begin


class _Cache:
    """Predictions of texts seen lately, bounded by their size in all.

    They are kept as bytes: as objects they would be a hundred thousands that Python's collector
        looks at again and again, for
    a quarter of a second each time.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._items: OrderedDict[bytes, bytes] = OrderedDict()
        self._decoder = msgspec.msgpack.Decoder(Predictions)

    def get(self, key: bytes) -> Predictions | None:
        found = self._items.get(key)
        if found is None:
            return None
        self._items.move_to_end(key)
        return self._decoder.decode(found)

    def put(self, key: bytes, predictions: Predictions) -> None:
        if key in self._items:  # two documents with one text
            return
        self._items[key] = msgspec.msgpack.encode(predictions)
        self._size += len(self._items[key])
        while self._size > self._limit and len(self._items) > 1:
            _, dropped = self._items.popitem(last=False)
            self._size -= len(dropped)
