"""Contrastive representations of JavaScript: embeddings, type hints and method names.

>>> import contracode
>>> model = contracode.load()                      # the model that ships with the package
>>> model.embed(["function add(a, b) { return a + b }"]).shape[0]
1
"""

from typing import TYPE_CHECKING

from contracode.version import __version__

if TYPE_CHECKING:
    from contracode.inference import load

__all__ = ["__version__", "load"]


def __getattr__(name: str) -> object:  # lazy: importing contracode must not import numpy and onnxruntime
    if name == "load":
        from contracode.inference import load

        return load
    raise AttributeError(f"module 'contracode' has no attribute {name!r}")
