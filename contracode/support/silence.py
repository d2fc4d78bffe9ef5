"""Muting of libraries that print advice."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager


@contextmanager
def quiet(library: str) -> Iterator[None]:
    """Within the block, let `library` log only errors, and suppress all warnings."""
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
    """Within the block, mute Lightning."""
    return quiet("pytorch_lightning")
