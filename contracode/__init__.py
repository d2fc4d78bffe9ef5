"""Contrastive representations of JavaScript: embeddings, type hints and method names.

>>> import contracode
>>> model = contracode.load()                      # the model that ships with the package
>>> model.embed(["function add(a, b) { return a + b }"]).shape[0]
1
"""

from typing import TYPE_CHECKING

from contracode.version import __version__

if TYPE_CHECKING:
    from contracode.inference.model import Model, load

__all__ = ["Model", "__version__", "load"]


def __getattr__(
    name: str,
) -> object:  # lazy: importing contracode must not import numpy and onnxruntime
    if name in ("Model", "load"):
        from contracode.inference import model

        return getattr(model, name)
    raise AttributeError(f"module 'contracode' has no attribute {name!r}")
