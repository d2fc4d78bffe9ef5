"""What the server offers: one file each, found by walking this package.

A feature is a module with `register(context)`; see `lsp_server.services.context.Context`. Modules
whose names begin with an underscore are helpers.
"""

import importlib
import pkgutil
from collections.abc import Iterable

from lsp_server.services.context import Context


def register(context: Context, extra: Iterable[str] = ()) -> None:
    """Register every feature.

    Args:
        context: the server.
        extra: dotted names of further modules with `register(context)`.
    """
    names = [one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_")]
    for module in (*(f"{__name__}.{name}" for name in names), *extra):
        importlib.import_module(module).register(context)
