"""Search indexes of workspace folders, updated on the worker in steps.

Hints are predicted between the steps. An index is made when it is first needed and lives in the
user's cache folder; nothing of it stays in memory.
"""

import asyncio
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from lsp_server.services.parsed_documents import ParsedDocuments
from lsp_server.services.worker import Cancelled, Worker

if TYPE_CHECKING:
    from augment import Language
    from contracode.products.search.functions import IndexedFunction
    from contracode.products.search.index import Embedder, FunctionLocation, Index, Progress

TURN = 0.05
"""Seconds that an update takes at once, unless a single step takes longer."""

MIN_LIKENESS = 0.5
"""Lowest likeness of a function that is shown."""


class Interrupted(Exception):
    """The user cancelled the update."""


class Similar(NamedTuple):
    """A similar function.

    Attributes:
        path: its file.
        function: its place in the file.
        text: of the file, if it has not changed since it was indexed.
        likeness: from 0 to 1.
    """

    path: Path
    function: "IndexedFunction"
    text: str | None
    likeness: float


class FolderIndexes:
    """Updates and searches indexes.

    Args:
        worker: parses and embeds.
        parses: parsed documents, used on the worker.
    """

    def __init__(self, worker: Worker, parses: ParsedDocuments) -> None:
        self._worker = worker
        self._parses = parses
        self._alone = asyncio.Lock()

    async def update(
        self,
        root: Path,
        model: "Embedder",
        tell: Callable[["Progress"], None],
        stopped: Callable[[], bool],
    ) -> "Index":
        """Update the index of a folder and return it.

        Args:
            root: the folder.
            model: embeds.
            tell: called with the progress.
            stopped: called between the steps.

        Raises:
            Interrupted: `stopped` returned true.
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
                # On the worker, after a step that may still run.
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
        """Return functions similar to the innermost one around a byte of a source, the most
        similar first.
        """
        return await self._worker.submit(
            partial(self._similar, index, model, path, source, language, offset, count)
        )

    def _similar(
        self,
        index: "Index",
        model: "Embedder",
        path: Path,
        source: str,
        language: "Language",
        offset: int,
        count: int,
        cancelled: Cancelled,
    ) -> list[Similar]:
        from collections import Counter
        from hashlib import blake2b

        from contracode.products.search.functions import functions_of
        from contracode.products.search.ranking import nearest

        program = self._parses.try_program(source, language)
        if program is None:
            return []
        found = list(functions_of(program, language, Counter()))
        around = [one for one in found if one[0].start <= offset <= one[0].end]
        if not around or cancelled():
            return []
        function, text = min(around, key=lambda one: one[0].end - one[0].start)
        (vector_D,) = model.embed([text], language=language, use_names=False, batch_size=1)
        own = path.resolve()

        def wanted(place: "FunctionLocation") -> bool:
            """Return whether a function is another one, neither around nor inside this one."""
            other = place.function
            apart = other.end <= function.start or function.end <= other.start
            return (apart and other.text != function.text) or (
                index.root / place.path
            ).resolve() != own

        files = {file.path: file.digest for file in index.files}
        answers: list[Similar] = []
        for (below, other), score in nearest(
            index, vector_D, function.sketch, count, wanted=wanted
        ):
            if score < MIN_LIKENESS:
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


def _begin(root: Path, model: "Embedder") -> "Generator[Progress, None, Index]":
    from contracode.products.search.store import (
        refresh,  # numpy and the parser are not needed to start
    )

    return refresh(root, model)


def _turn(steps: "Generator[Progress, None, Index]") -> "tuple[Index | None, Progress | None]":
    """Take steps for a while; return the index after the last one, and the progress."""
    progress: Progress | None = None
    end = monotonic() + TURN
    try:
        while monotonic() < end:
            progress = next(steps)
    except StopIteration as done:
        return done.value, progress
    return None, progress
