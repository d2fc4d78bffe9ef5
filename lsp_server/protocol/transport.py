"""Messages of the base protocol (LSP 3.17, Base Protocol) over two pipes."""

import asyncio
import logging
import threading
from contextlib import suppress
from typing import BinaryIO

from lsp_server.protocol.logs import describe

log = logging.getLogger(__name__)

LONGEST = 2**31
"""Bytes of a message above which it is a mistake."""


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the content of the next message, or None at the end of the stream.

    Header lines that are not `Content-Length` are skipped; a part without that header is passed
    over.

    Raises:
        ValueError: a length that no message has.
        OSError: the stream cannot be read.
    """
    length: int | None = None
    while line := stream.readline():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
            if length > LONGEST:
                raise ValueError("a message is too long")
        elif not line.strip() and length is not None:
            content = stream.read(length)
            return content if len(content) == length else None
    return None


class Reader:
    """Reads messages on a thread of its own, so that neither slow work nor a full pipe delays
    them.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[bytes | None] = asyncio.Queue()
        threading.Thread(target=self._run, name="contracode-reader", daemon=True).start()

    async def next(self) -> bytes | None:
        """Return the next message, or None when the stream has ended or `stop` was called."""
        return await self._messages.get()

    def stop(self) -> None:
        """Make `next` answer None after the messages that have arrived."""
        self._messages.put_nowait(None)

    def _run(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has ended
            while (message := self._read()) is not None:
                self._loop.call_soon_threadsafe(self._messages.put_nowait, message)
            self._loop.call_soon_threadsafe(self.stop)

    def _read(self) -> bytes | None:
        try:
            return read_message(self._stream)
        except (
            Exception
        ) as error:  # of whatever kind: a server that hears nothing any more would never end
            log.error("the client cannot be read any more: %s", describe(error))
            return None


class Writer:
    """Writes to the client; once the client has gone, writing does nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._broken = False

    def write(self, data: bytes) -> None:
        """Send `data` at once."""
        if self._broken:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            self._broken = True
            log.warning("the client does not read any more: %s", error.strerror)

    def close(self) -> None:
        """Nothing to do: the stream belongs to the process."""
