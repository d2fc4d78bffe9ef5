"""The tasks of `contracode evaluate`: one file each. The package is walked to find them.

A task is a module with

- a docstring, whose first line is its summary,
- `EXAMPLES`, command lines for its `--help`,
- `add_arguments(parser)`, its options,
- `measure(args, progress) -> Report`.

Its name on the command line is that of the file, with hyphens; `_options.py` is not a task. Heavy
imports belong inside functions, as `contracode evaluate --help` imports all modules. A head of a
third-party package may have a task as well: `HeadSpec.evaluation` returns an object with the same
members.
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from contracode.inference.head_spec import all_heads, resolve

Task = Any
"""A module or an object with the members above."""


def task_names() -> list[str]:
    """Return the names of all tasks."""
    return [*_modules(), *_head_tasks()]


def load_task(name: str) -> Task:
    """Return the task with this name."""
    if name not in _modules():
        return _head_tasks()[name]()
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")


def _modules() -> list[str]:
    modules = [one.name for one in pkgutil.iter_modules(__path__)]
    return [name.replace("_", "-") for name in modules if not name.startswith("_")]


def _head_tasks() -> dict[str, Callable[[], Task]]:
    return {
        name: resolve(spec.evaluation)
        for name, spec in all_heads().items()
        if spec.evaluation is not None
    }
