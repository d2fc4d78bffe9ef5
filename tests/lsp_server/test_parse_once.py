"""One version of a document is parsed once, whoever asks about it."""

from collections.abc import Callable

from lsp_client import Client, edit, span
from test_server_code_actions import connect

Start = Callable[..., Client]

SOURCE = "function area(width, height) {\n  const size = width * height;\n  return size;\n}\n"


def ask_everything(client: Client, uri: str) -> None:
    """Request hints, a hover, code actions of all kinds, and resolve every hint."""
    where = {"textDocument": {"uri": uri}}
    hints = client.hints(uri)
    assert hints
    for hint in hints:
        client.ask("inlayHint/resolve", hint)
    assert client.ask("textDocument/hover", {**where, "position": {"line": 1, "character": 10}})
    here = {**where, "range": span(1, 3, 1, 3), "context": {"diagnostics": []}}
    assert len(client.ask("textDocument/codeAction", here)) >= 2


def test_each_version_is_parsed_once(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE)
    ask_everything(client, uri)
    assert client.ask("test/calls")["parsed"] == 1
    ask_everything(client, uri)
    assert client.ask("test/calls")["parsed"] == 1
    client.change(uri, 2, edit(4, 0, 4, 0, "let more = 1;\n"))
    client.hints_when_settled(uri)
    ask_everything(client, uri)
    assert client.ask("test/calls")["parsed"] == 2
