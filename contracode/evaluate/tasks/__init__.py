"""The tasks of `contracode evaluate`: one file each, found by walking this package.

A task is a module with

- a docstring, whose first line is its summary,
- `EXAMPLES`, command lines for its `--help`,
- `add_arguments(parser)`, its options,
- `measure(args, progress) -> Report`.

Its name on the command line is that of the file, with hyphens; `_options.py` is no task. Modules import what is heavy inside
functions, as `contracode evaluate --help` imports them all.
"""

import importlib
import pkgutil
from types import ModuleType


def task_names() -> list[str]:
    """Return the names of all tasks."""
    modules = [one.name for one in pkgutil.iter_modules(__path__)]
    return [name.replace("_", "-") for name in modules if not name.startswith("_")]


def load_task(name: str) -> ModuleType:
    """Return the module of a task."""
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
