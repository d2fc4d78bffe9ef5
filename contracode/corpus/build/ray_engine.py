"""The engine on Ray (extra `[ray]`): tasks on a cluster, all of whose machines see the folders of
the build under the same paths.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any

from contracode.corpus.build.engine import Engine, Item, Named, Result
from contracode.support.errors import InputError

_RETRIES = 3
"""Of a task whose process or machine died."""


@contextmanager
def ray_engine(workers: int) -> Generator[Engine]:
    """Give the engine while the block runs: on the cluster that RAY_ADDRESS names, or on one that
    this starts on this machine.

    What Ray says goes to stderr, where it is no part of a result.

    Args:
        workers: processes of the cluster that is started.

    Raises:
        InputError: Ray is not installed, or the cluster is not there.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray = importlib.import_module("ray")
    except ImportError:
        raise InputError("the engine ray takes Ray: pip install 'contracode[ray]'") from None
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
            raise InputError(
                f"the cluster that RAY_ADDRESS names cannot be reached: {reason}"
            ) from None
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
        self, function: Callable[[Item], Result], items: Sequence[Item]
    ) -> Iterator[Result]:
        """Yield `function(item)` for each item, in the order of the items.

        Raises:
            InputError: an item kills every process that works on it.
        """
        ray = self._ray
        task = ray.remote(max_retries=_RETRIES)(function)
        limit = 2 * max(int(ray.cluster_resources().get("CPU", 1)), 1)
        todo = deque(range(len(items)))
        following = 0
        references: dict[int, Any] = {}
        running: set[Any] = set()
        try:
            while following < len(items):
                while todo and len(running) < limit:
                    index = todo.popleft()
                    references[index] = task.remote(items[index])
                    running.add(references[index])
                running.difference_update(
                    ray.wait(list(running), num_returns=1)[0] if running else ()
                )
                while following in references and references[following] not in running:
                    yield _result(ray, references.pop(following), items[following])
                    following += 1
        finally:
            for reference in running:
                ray.cancel(reference, force=True)


def _result(ray: Any, reference: Any, item: Named) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"the process that worked on this died {_RETRIES + 1} times: {reason}", path=item.name
        ) from None
