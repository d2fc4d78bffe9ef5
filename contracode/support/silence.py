"""Keeps a library's advice off the terminal."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager


@contextmanager
def quiet(library: str) -> Iterator[None]:
    """While the block runs, let `library` log errors alone, and nobody warn."""
    logger = logging.getLogger(library)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def quiet_lightning() -> AbstractContextManager[None]:
    """While the block runs, keep Lightning's advice off the terminal."""
    return quiet("pytorch_lightning")
