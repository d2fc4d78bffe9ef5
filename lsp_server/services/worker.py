"""One thread for slow work: loading the model, parsing, inference.

pygls reads stdin through the pool of its own threads, so queued work would delay every message, and
cancelling a request would not stop its thread. Here the event loop never waits, and a job sees that
its future was cancelled.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from lsp_server.services.predictor import Cancelled

__all__ = ["Cancelled", "Worker"]

T = TypeVar("T")

_Item = tuple["asyncio.Future[Any]", Callable[[Cancelled], Any]]


class Worker:
    """Runs jobs one after the other, in the order of submission.

    It must be created inside the running event loop.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._current: asyncio.Future[Any] | None = None
        # A daemon: a model that is still loading must not keep the server alive.
        self._thread = threading.Thread(target=self._run, name="contracode-worker", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Cancelled], T]) -> asyncio.Future[T]:
        """Queue a job.

        Cancelling the future drops the job, or makes the function that it was given return true.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((future, job))
        return future

    def close(self, timeout: float) -> bool:
        """Stop after the running job, and drop the others.

        Returns:
            Whether the thread ended within `timeout` seconds.
        """
        while not self._jobs.empty():
            self._jobs.get()
        if self._current is not None:
            self._current.cancel()
        self._jobs.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (item := self._jobs.get()) is not None:
            future, job = item
            if future.cancelled():
                continue
            self._current = future
            try:
                result, error = job(future.cancelled), None
            except Exception as exception:
                result, error = None, exception
            self._current = None
            try:
                self._loop.call_soon_threadsafe(_settle, future, result, error)
            except RuntimeError:  # the loop is closed
                return


def _settle(future: "asyncio.Future[Any]", result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
