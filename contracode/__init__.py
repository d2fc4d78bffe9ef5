"""Contrastive representations of JavaScript: embeddings, type hints and function names.

>>> import contracode
>>> model = contracode.load()  # the model that ships with the package
>>> model.encode("function add(a, b) { return a + b }").shape == (model.dimension,)
True

`load` and `Model` embed and predict; `index_folder` and `find_clones` work on whole folders.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from contracode.version import __version__

if TYPE_CHECKING:
    from contracode.inference.model import Model, load
    from contracode.products.search.tables import find_clones, index_folder

__all__ = ["Model", "__version__", "find_clones", "index_folder", "load"]

_MODULES = {
    "Model": "contracode.inference.model",
    "load": "contracode.inference.model",
    "find_clones": "contracode.products.search.tables",
    "index_folder": "contracode.products.search.tables",
}
"""Imported when first used: `import contracode` must import neither numpy nor onnxruntime."""


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'contracode' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
