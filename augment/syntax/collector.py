"""Pausing the garbage collector while a tree is built."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Generator[None, None, None]:
    """Pause Python's cyclic garbage collector.

    A tree is hundreds of thousands of objects that stay, and each collection while it grows would
    visit them all again: without the pause, time grows faster than the source.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
