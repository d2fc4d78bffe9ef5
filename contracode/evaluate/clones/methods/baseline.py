"""The registry of baselines: one file of this package each, found by walking it."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from contracode.evaluate.clones.methods.interface import Method
from contracode.inference.model import Model

Builder = Callable[[Model | None, int], Method | None]
"""A model and a seed to a method; None where the baseline needs one of our models."""


class Baseline(NamedTuple):
    """A baseline.

    Attributes:
        name: in tables and options.
        build: makes the method.
        fast: whether it takes no longer than a small encoder.
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
    """Return all baselines by name, in the order of the names."""
    package = importlib.import_module("contracode.evaluate.clones.methods")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_REGISTERED.items()))
