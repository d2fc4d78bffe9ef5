"""Logging to stderr or a file, without a word of the documents."""

import logging
import traceback

LEVELS = ("debug", "info", "warning", "error")


def configure(level: str, path: str | None = None) -> None:
    """Log `lsp_server` at `level` to the file `path`, or to stderr.

    Raises:
        OSError: the file cannot be written.
    """
    handler = (
        logging.StreamHandler() if path is None else logging.FileHandler(path, encoding="utf-8")
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # pygls logs message bodies, that is documents, at INFO, and parameters with every error; we
    # report failures ourselves.
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)


def describe(error: BaseException) -> str:
    """Return the type of an error and where it arose; its message is left out, which may quote a
    document.
    """
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
