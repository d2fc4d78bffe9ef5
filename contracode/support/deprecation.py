"""Former names of public functions and arguments, which keep working for one release."""

import functools
import warnings
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def renamed_arguments(**names: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Accept former names of keyword arguments as well, with a `DeprecationWarning`.

    Args:
        names: former name -> name.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @functools.wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            for former in names.keys() & kwargs.keys():
                warn_renamed(f"{former}=", f"{names[former]}=")
                kwargs[names[former]] = kwargs.pop(former)
            return function(*args, **kwargs)

        return call

    return decorate


def warn_renamed(former: str, name: str) -> None:
    """Warn the caller's caller that something has another name now."""
    warnings.warn(f"{former} is now {name}", DeprecationWarning, stacklevel=3)
