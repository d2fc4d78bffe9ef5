from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from lsp_client import FAKE_SERVER, Client


@pytest.fixture
def start() -> Iterator[Callable[..., Client]]:
    """Start servers with the fake model; they are killed at the end of the test if need be."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(
            Client([*FAKE_SERVER, *arguments], **options)
        )


@pytest.fixture
def client(start: Callable[..., Client]) -> Client:
    """A client that an initialized server with the fake model answers, the model loaded."""
    client = start()
    client.initialize()
    client.wait_until_ready()
    return client
