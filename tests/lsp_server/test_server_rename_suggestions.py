"""Better names for the function at the cursor, as edits of the whole file."""

from collections.abc import Callable
from typing import Any

import pytest
from lsp_client import EDITOR, Client, span
from text_oracle import Oracle

Start = Callable[..., Client]

CAPABILITIES: dict[str, Any] = {
    **EDITOR,
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}}}
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}, "configuration": True},
}
SOURCE = (
    "export {}; /* 😀 */ function area(a, b) {\r\n  return a * b\r\n}\r\nf({area}, area(1, 2))\r\n"
)


def connect(start: Start, **options: Any) -> Client:
    client = start("--targets")
    client.initialize(CAPABILITIES, **options)
    client.wait_until_ready()
    return client


def offered(
    client: Client, uri: str, line: int, character: int, **context: Any
) -> list[dict[str, Any]]:
    params = {
        "textDocument": {"uri": uri},
        "range": span(line, character, line, character),
        "context": {"diagnostics": [], **context},
    }
    return [
        a for a in client.ask("textDocument/codeAction", params) if a["kind"] == "refactor.rename"
    ]


def test_names_above_the_threshold_most_probable_first(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE, version=3)
    first, second = offered(client, uri, 1, 4)
    assert (first["title"], second["title"]) == (
        "Rename to `multiply` (80%)",
        "Rename to `times` (50%)",
    )
    (change,) = first["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 3}
    expected = SOURCE.replace("{area}", "{area: multiply}").replace("area(", "multiply(")
    assert Oracle(SOURCE, "utf-16").apply(change["edits"]) == expected
    assert len(offered(client, uri, 0, 32)) == 2  # over its name
    assert client.stop() == 0


def test_only_when_asked_for_and_where_it_can_be_done(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE)
    assert offered(client, uri, 1, 4, triggerKind=2) == []
    assert offered(client, uri, 1, 4, only=["source"]) == []
    assert len(offered(client, uri, 1, 4, only=["refactor"])) == 2
    assert offered(client, uri, 3, 0) == []
    before = client.ask("test/calls")["named"]
    for number, text in enumerate(
        (
            "export function area(a) { return a * a }",
            "function area(a) { return a * a }",
            "class A { area(a) { return a * a } }",
        )
    ):
        assert offered(client, client.open(text, uri=f"file:///{number}.js"), 0, 20) == []
    assert (
        client.ask("test/calls")["named"] == before
    )  # nothing is predicted for what cannot be renamed
    taken = client.open(SOURCE + "let multiply", uri="file:///taken.js")
    assert [action["title"] for action in offered(client, taken, 1, 4)] == [
        "Rename to `times` (50%)"
    ]


@pytest.mark.parametrize(
    ("names", "count"),
    [({"suggestions": False}, 0), ({"threshold": 0.6}, 1), ({"threshold": 0}, 3)],
)
def test_settings(start: Start, names: dict[str, Any], count: int) -> None:
    client = connect(start, options={"names": names})
    assert len(offered(client, client.open(SOURCE), 1, 4)) == count
