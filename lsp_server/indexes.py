"""Indexes of workspace folders (`contracode.products.search`), brought up to date on the worker in steps,
between which hints are predicted.

They are kept in the user's cache folder, and are made when they are first asked for. Nothing of
them stays in memory.
"""

import asyncio
from collections.abc import Callable, Generator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from lsp_server.worker import Cancelled, Worker

if TYPE_CHECKING:
    from augment import Language
    from contracode.products.search.functions import IndexedFunction
    from contracode.products.search.index import Embedder, FunctionLocation, Index, Progress

TURN = 0.05
"""Seconds of the worker's time that an update takes at once, if a single step is not longer."""

LEAST = 0.5
"""Likeness below which a function is not worth showing."""


class Interrupted(Exception):
    """Somebody asked to stop."""


class Similar(NamedTuple):
    """A function that is like another: its file, where it is, the file's text if that is as it was
    indexed, and how alike it is.
    """

    path: Path
    function: "IndexedFunction"
    text: str | None
    likeness: float


class Indexes:
    """Updates indexes and asks them.

    Args:
        worker: parses and embeds.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._alone = asyncio.Lock()

    async def update(
        self,
        root: Path,
        model: "Embedder",
        tell: Callable[["Progress"], None],
        stopped: Callable[[], bool],
    ) -> "Index":
        """Bring the index of a folder up to date and return it.

        Args:
            root: the folder.
            model: embeds.
            tell: called with how far it is.
            stopped: asked between the steps.

        Raises:
            Interrupted: `stopped` answered true.
            InputError: the index cannot be written.
        """
        async with self._alone:
            steps = await self._worker.submit(lambda _: _begin(root, model))
            try:
                while True:
                    index, progress = await self._worker.submit(lambda _: _turn(steps))
                    if stopped():
                        raise Interrupted
                    if index is not None:
                        return index
                    if progress is not None:
                        tell(progress)
            finally:
                # On the worker, behind a step that may still run.
                self._worker.submit(lambda _: steps.close())

    async def similar(
        self,
        index: "Index",
        model: "Embedder",
        path: Path,
        source: str,
        language: "Language",
        offset: int,
        count: int,
    ) -> list[Similar]:
        """Return what is like the innermost function around a byte of a source, the most alike
        first; nothing where there is none.
        """
        return await self._worker.submit(
            lambda _: _similar(index, model, path, (source, language, offset), count, _)
        )


def _begin(root: Path, model: "Embedder") -> "Generator[Progress, None, Index]":
    from contracode.products.search.store import (
        refresh,  # numpy and the parser are not needed to start
    )

    return refresh(root, model)


def _turn(steps: "Generator[Progress, None, Index]") -> "tuple[Index | None, Progress | None]":
    """Take steps for a while; return the index if that was the last, and how far it is."""
    progress: Progress | None = None
    end = monotonic() + TURN
    try:
        while monotonic() < end:
            progress = next(steps)
    except StopIteration as done:
        return done.value, progress
    return None, progress


def _similar(
    index: "Index",
    model: "Embedder",
    path: Path,
    where: "tuple[str, Language, int]",
    count: int,
    cancelled: Cancelled,
) -> list[Similar]:
    from collections import Counter
    from hashlib import blake2b

    import augment
    from contracode.products.search.functions import functions_of
    from contracode.products.search.ranking import nearest

    source, language, offset = where
    try:
        found = list(functions_of(source.encode(), language, Counter()))
    except (augment.ParseError, RecursionError):
        return []
    around = [one for one in found if one[0].start <= offset <= one[0].end]
    if not around or cancelled():
        return []
    function, text = min(around, key=lambda one: one[0].end - one[0].start)
    (vector_D,) = model.embed([text], language=language, use_names=False, batch_size=1)
    own = path.resolve()

    def wanted(place: "FunctionLocation") -> bool:
        """Not the function itself, wherever it is in the file on disk, nor what is in it or around
        it.
        """
        other = place.function
        apart = other.end <= function.start or function.end <= other.start
        return (apart and other.text != function.text) or (index.root / place.path).resolve() != own

    files = {file.path: file.digest for file in index.files}
    answers: list[Similar] = []
    for (below, other), score in nearest(index, vector_D, function.sketch, count, wanted=wanted):
        if score < LEAST:
            break
        try:
            content = (index.root / below).read_bytes()
        except OSError:
            continue
        same = blake2b(content, digest_size=16).digest() == files[below]
        answers.append(
            Similar(index.root / below, other, content.decode("utf-8") if same else None, score)
        )
    return answers
