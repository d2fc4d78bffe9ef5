"""The engine on Ray (extra `[ray]`): tasks on a cluster whose machines share the folders of the
build under the same paths.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import islice
from typing import Any

from contracode.corpus.build.engine import Engine, Item, NamedItem, Result
from contracode.support.errors import InputError

_RETRIES = 3
"""Retries of a task whose process or machine died."""


@contextmanager
def ray_engine(workers: int) -> Generator[Engine]:
    """Yield an engine on the cluster in RAY_ADDRESS, or on one started on this machine.

    Messages of Ray go to stderr, so that they do not mix with results.

    Args:
        workers: processes of a cluster that is started.

    Raises:
        InputError: Ray is not installed, or the cluster cannot be reached.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray = importlib.import_module("ray")
    except ImportError:
        raise InputError(
            "the engine ray needs the package ray: pip install 'contracode[ray]'"
        ) from None
    own: dict[str, Any] = (
        {} if "RAY_ADDRESS" in os.environ else {"address": "local", "num_cpus": workers}
    )
    with redirect_stdout(sys.stderr):
        try:
            ray.init(
                **own, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
            )
        except (ConnectionError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise InputError(f"the cluster in RAY_ADDRESS cannot be reached: {reason}") from None
        try:
            yield RayEngine(ray)
        finally:
            ray.shutdown()


class RayEngine:
    """Tasks of Ray; see `ray_engine`.

    Args:
        ray: the module, connected to a cluster.
    """

    def __init__(self, ray: Any) -> None:
        self._ray = ray

    def map_ordered(
        self, function: Callable[[Item], Result], items: Iterable[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        Raises:
            InputError: an item kills every process that works on it.
        """
        ray = self._ray
        task = ray.remote(max_retries=_RETRIES)(function)
        limit = 2 * max(int(ray.cluster_resources().get("CPU", 1)), 1)
        remaining = iter(items)
        calls: deque[tuple[Item, Any]] = deque()  # whose results have not been yielded, in order
        running: set[Any] = set()
        try:
            while True:
                for item in islice(remaining, limit - len(running)):
                    calls.append((item, task.remote(item)))
                    running.add(calls[-1][1])
                if not calls:
                    return
                if running:
                    running.difference_update(ray.wait(list(running), num_returns=1)[0])
                while calls and calls[0][1] not in running:
                    item, reference = calls.popleft()
                    yield _result(ray, reference, item)
        finally:
            for reference in running:
                ray.cancel(reference, force=True)


def _result(ray: Any, reference: Any, item: NamedItem) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"the process of this input died {_RETRIES + 1} times: {reason}", path=item.name
        ) from None
