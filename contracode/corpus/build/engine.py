"""Engines call a function on many items, in processes or on a cluster, and yield the results in
the order of the items.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, Protocol, TypeVar

from contracode.support.errors import InputError


class NamedItem(Protocol):
    """An item with a name for messages."""

    @property
    def name(self) -> str:
        """The name."""
        ...


Item = TypeVar("Item", bound=NamedItem)
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs the tasks of a stage."""

    def map_ordered(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        Function, items and results must be picklable. The function may be called again for an item
        whose process has died, so its only side effect may be a file that appears at once. An
        exception of the function is raised when the turn of its item comes.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Processes of this machine.

    Attributes:
        workers: number of processes; 1 runs everything in the calling process.
    """

    workers: int = 1

    def map_ordered(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        When a worker process dies, it is unknown which item killed it. Every item that was lost is
        then run again in a process of its own.

        Raises:
            InputError: an item kills even its own process.
        """
        if self.workers <= 1:
            yield from map(function, items)
            return
        remaining = iter(items)
        calls: deque[_Call[Item, Result]] = deque()
        while True:
            with _pool(self.workers) as pool:
                lost = yield from self._run(pool, function, remaining, calls)
            if not lost:
                return
            for call in calls:
                if _is_lost(call.future):
                    call.future = _alone(function, call.item)

    def _run(
        self,
        pool: ProcessPoolExecutor,
        function: Callable[[Item], Result],
        remaining: Iterator[Item],
        calls: deque[_Call[Item, Result]],
    ) -> Generator[Result, None, bool]:
        """Yield results until all items are done, or until a process dies.

        Args:
            pool: the processes.
            function: the function to call.
            remaining: items to hand out.
            calls: calls whose results have not been yielded, in order; updated in place.

        Returns:
            Whether a process has died and calls were lost.
        """
        while True:
            running = {call.future for call in calls if not call.future.done()}
            for item in islice(remaining, 2 * self.workers - len(running)):
                calls.append(_Call(item, _submit(pool, function, item)))
                running.add(calls[-1].future)
            if any(_is_lost(call.future) for call in calls):
                return True
            if not calls:
                return False
            if calls[0].future.done():
                yield calls.popleft().future.result()
            else:
                wait(running, return_when=FIRST_COMPLETED)


@dataclass(slots=True)
class _Call(Generic[Item, Result]):
    item: Item
    future: Future[Result]


def _submit(
    pool: ProcessPoolExecutor, function: Callable[[Item], Result], item: Item
) -> Future[Result]:
    try:
        return pool.submit(function, item)
    except BrokenProcessPool as error:
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _is_lost(future: Future[Result]) -> bool:
    return future.cancelled() or (
        future.done() and isinstance(future.exception(), BrokenProcessPool)
    )


def _alone(function: Callable[[Item], Result], item: Item) -> Future[Result]:
    with _pool(1) as pool:
        future = pool.submit(function, item)
        wait([future])
    if _is_lost(future):
        raise InputError("the process of this input died (out of memory?)", path=item.name)
    return future


@contextmanager
def _pool(workers: int) -> Generator[ProcessPoolExecutor]:
    """Yield a pool whose processes end with the block, and with this process, however it ends."""
    context = get_context("spawn")
    alive, end = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, context, _start, (alive,))
    try:
        yield pool
    finally:
        end.close()
        pool.shutdown(cancel_futures=True)
        alive.close()


def _start(alive: Connection) -> None:
    """End this worker process when the other end of `alive` is closed; ignore Ctrl-C."""

    def watch() -> None:
        try:
            alive.poll(None)
        finally:
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=watch, daemon=True).start()
