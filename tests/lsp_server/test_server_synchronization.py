"""A storm of edits, requests and cancellations against the real process: its text stays the
client's, every request is answered once.
"""

import random
from collections.abc import Callable

import pytest
from lsp_client import Client, ServerError, edit, position, span
from text_oracle import Oracle, random_text

FINE = {-32800, -32801}  # cancelled, content modified


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_storm(start: Callable[..., Client], encoding: str) -> None:
    chance = random.Random(encoding)
    client = start()
    client.initialize({"general": {"positionEncodings": [encoding]}})
    oracle = Oracle(random_text(chance, 100), encoding)
    uri = client.open(oracle.text)
    asked: list[int] = []
    for version in range(2, 400):
        client.change(
            uri, version, *(oracle.random_edit(chance) for _ in range(chance.randrange(4)))
        )
        if chance.random() < 0.02:
            oracle = Oracle(random_text(chance, 100), encoding)
            client.change(uri, version, {"text": oracle.text})
        if chance.random() < 0.3:
            asked.append(client.request_hints(uri, 0, chance.randrange(5)))
        if chance.random() < 0.1 and asked:
            client.notify("$/cancelRequest", {"id": chance.choice(asked)})
        if version % 40 == 0:
            assert client.ask("test/text", {"uri": uri}) == oracle.text
    for identifier in asked:
        try:
            assert isinstance(client.answer(identifier), list)
        except ServerError as error:
            assert error.code in FINE  # noqa: PT017
    assert client.ask("test/text", {"uri": uri}) == oracle.text
    assert client.stop() == 0
    assert "WARNING" not in client.log
    assert "ERROR" not in client.log


def test_old_versions_do_not_change_the_text(client: Client) -> None:
    uri = client.open("let a", version=5)
    client.change(uri, 4, {"text": "let b"})
    assert client.ask("test/text", {"uri": uri}) == "let a"
    client.change("file:///unknown.js", 1, {"text": ""})
    assert client.ask("contracode/status")["documents"][0]["version"] == 5


@pytest.mark.parametrize("most", [2**31 - 1, 2**31, 2**32 - 1, 2**64])
def test_positions_too_large_for_the_protocol_are_the_end(client: Client, most: int) -> None:
    uri = client.open("let a = b\nlet c\n")
    client.change(uri, 2, edit(0, 3, 0, most, " d"), edit(1, 0, most, most, "e"))
    assert client.ask("test/text", {"uri": uri}) == "let d\ne"
    where = {"textDocument": {"uri": uri}, "range": span(0, 0, most, most)}
    assert [hint["position"] for hint in client.ask("textDocument/inlayHint", where)] == [
        position(0, 5)
    ]


def test_lone_surrogates_are_survived(client: Client) -> None:
    uri = client.open("let \ud83d\nlet text")
    assert [hint["position"]["line"] for hint in client.hints(uri)] == [1]
    assert client.ask("test/text", {"uri": uri}) == "let \ud83d\nlet text"


def test_binary_content_and_deep_nesting_are_survived(client: Client) -> None:
    assert client.hints(client.open("\0\x01\x7f" * 1000, uri="file:///binary.js")) == []
    uri = client.open("(" * 100_000, uri="file:///deep.js")
    assert client.hints(uri) == []
    assert (
        client.ask(
            "textDocument/hover",
            {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}},
        )
        is None
    )
