"""Engines: they call a function on many items, in processes or on a cluster, and give the results
in the order of the items.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

from contracode.support.errors import InputError


class Named(Protocol):
    """An item: it has a name that a person knows, for messages."""

    @property
    def name(self) -> str:
        """The name."""
        ...


Item = TypeVar("Item", bound=Named)
Result = TypeVar("Result")


class Engine(Protocol):
    """What a stage runs on."""

    def map_ordered(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        `function` is pure but for files that it puts in place whole, so that calling it again does
        no harm; function, items and results can be pickled. When an item's turn comes and its call
        has raised, that is raised.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Processes of this machine.

    Attributes:
        workers: how many; with 1 all is done in the calling process.
    """

    workers: int = 1

    def map_ordered(
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        Which item killed a worker process is not known when one dies. So all that were handed out
        then are done again one by one, each in a process of its own.

        Raises:
            InputError: an item killed a process that had nothing else to do.
        """
        if self.workers <= 1 or len(items) <= 1:
            yield from map(function, items)
            return
        futures: dict[int, Future[Result]] = {}
        todo = deque(range(len(items)))
        following = 0
        while following < len(items):
            running: set[Future[Result]] = set()
            try:
                with _pool(min(self.workers, len(items))) as pool:
                    while following < len(items):
                        while todo and len(running) < 2 * self.workers:
                            futures[todo[0]] = pool.submit(function, items[todo[0]])
                            running.add(futures[todo.popleft()])
                        while following in futures and futures[following].done():
                            # Asked before it is taken out: the pool can break at any moment, and
                            # what is lost then is done again.
                            result = futures[following].result()
                            del futures[following]
                            following += 1
                            yield result
                        if running:
                            done, running = wait(running, return_when=FIRST_COMPLETED)
                            if any(_is_lost(future) for future in done):
                                raise BrokenProcessPool
            except BrokenProcessPool:
                for index, future in sorted(futures.items()):
                    if _is_lost(future):
                        futures[index] = _alone(function, items[index])


def _is_lost(future: Future[Result]) -> bool:
    return future.cancelled() or (
        future.done() and isinstance(future.exception(), BrokenProcessPool)
    )


def _alone(function: Callable[[Item], Result], item: Item) -> Future[Result]:
    with _pool(1) as pool:
        future = pool.submit(function, item)
        wait([future])
        if _is_lost(future):
            raise InputError(
                "the process that worked on this died (out of memory?)", path=item.name
            )
        return future


@contextmanager
def _pool(workers: int) -> Generator[ProcessPoolExecutor]:
    """Give a pool of processes that end with the block, at once, and with this process, however it
    ends.
    """
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
    """Make this worker process end when `alive` is closed at the other end, and without a trace
    when the user interrupts.
    """

    def watch() -> None:
        try:
            alive.poll(None)
        finally:
            os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=watch, daemon=True).start()
