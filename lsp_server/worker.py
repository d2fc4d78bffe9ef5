"""One thread of our own for whatever is slow: loading the model, parsing, inference.

pygls reads stdin through the pool that its own threads use, so that queued work delays every
message; and cancelling a request there does not stop its thread. Here the event loop never waits,
and cancelling a future is seen by the job itself.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

Cancelled = Callable[[], bool]
"""Asked by a job between its steps: true when nobody waits for the result any more."""

_Item = tuple["asyncio.Future[Any]", Callable[[Cancelled], Any]]


class Worker:
    """Runs jobs one after the other, in the order of their submission; must be made inside the
    running loop.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._current: asyncio.Future[Any] | None = None
        # A daemon, so that a model that is still loading cannot keep a server alive whose editor
        # has gone.
        self._thread = threading.Thread(target=self._run, name="contracode-worker", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Cancelled], T]) -> asyncio.Future[T]:
        """Queue `job`; cancelling the future drops it, or makes the `cancelled` that it was given
        answer true.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put((future, job))
        return future

    def close(self, timeout: float) -> bool:
        """Stop after the job in hand, dropping the others; returns whether the thread ended within
        `timeout` seconds.
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
            except RuntimeError:  # the loop is closed: nobody waits
                return


def _settle(future: "asyncio.Future[Any]", result: Any, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
