"""The registry of baselines: one file of this package each, found by walking the package."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from contracode.evaluate.clones.methods.interface import Method
from contracode.inference.model import Model

Builder = Callable[[Model | None, int], Method | None]
"""Function from a model and a seed to a method; None if the baseline needs a model."""


class Baseline(NamedTuple):
    """A baseline.

    Attributes:
        name: name in tables and options.
        build: creates the method.
        fast: whether it is about as fast as a small encoder.
    """

    name: str
    build: Builder
    fast: bool


_REGISTERED: dict[str, Baseline] = {}


def baseline(name: str, *, fast: bool = False) -> Callable[[Builder], Builder]:
    """Register a function that builds a method as the baseline `name`."""

    def register(build: Builder) -> Builder:
        if name in _REGISTERED:
            raise ValueError(f"two baselines are called {name}")
        _REGISTERED[name] = Baseline(name, build, fast)
        return build

    return register


@cache
def baselines() -> dict[str, Baseline]:
    """Return all baselines by name, sorted by name."""
    package = importlib.import_module("contracode.evaluate.clones.methods")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTERED.items()))
