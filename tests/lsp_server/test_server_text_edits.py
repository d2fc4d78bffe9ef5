"""Accepting a hint: its edit, applied as an editor does, writes the type, and the hint is gone."""

from collections.abc import Callable
from typing import Any

import pytest
from lsp_client import EDITOR, Client, edit, position
from text_oracle import Oracle

Start = Callable[..., Client]


def editor(*properties: str, encoding: str = "utf-16") -> dict[str, Any]:
    """An editor that asks for these properties of a hint when it needs them."""
    return EDITOR | {
        "general": {"positionEncodings": [encoding]},
        "textDocument": {"inlayHint": {"resolveSupport": {"properties": list(properties)}}},
    }


def connect(start: Start, capabilities: Any, **options: Any) -> Client:
    client = start("--targets", **options)
    client.initialize(capabilities)
    client.wait_until_ready()
    return client


def accept_all(client: Client, text: str, *, language: str, encoding: str = "utf-16") -> str:
    """Accept one hint after the other until there is none that can be; each must be gone
    afterwards.
    """
    uri, version = client.open(text, language=language, uri=f"untitled:{language}"), 1
    while True:
        hints = client.hints(uri)
        edits = next(
            (
                found
                for hint in hints
                if (found := client.ask("inlayHint/resolve", hint).get("textEdits"))
            ),
            None,
        )
        if edits is None:
            return text
        text, version = Oracle(text, encoding).apply(edits), version + 1
        client.change(uri, version, {"text": text})
        client.hints_when_settled(uri)
        # what an arrow returns has a place of its own once its parameter is in parentheses
        more = edits[0]["newText"].startswith("(")
        assert len(client.hints(uri)) == len(hints) - 1 + more


SOURCE = (
    "'😀𝒳'; class A {\r\n\tadd(a, {count}) { /* 😀 */ let é = f(a); return é }\r\n}\r\nconst g = x "
    "=> x\r\n"
)
WRITTEN = (
    "'😀𝒳'; class A {\r\n\t/**\r\n\t * @param {string} a\r\n\t * @param {Object} param1\r\n\t * "
    "@param {number} param1.count\r\n"
    "\t * @returns {string}\r\n\t */\r\n\tadd(a, {count}) { /* 😀 */ let /** @type {string} */ é = "
    "f(a); return é }\r\n}\r\n"
    "/** @param {string} x */\r\nconst g = x => x\r\n"
)
ANNOTATED = (
    "'😀𝒳'; class A {\r\n\tadd(a: string, {count}): string { /* 😀 */ let é: string = f(a); return é "
    "}\r\n}\r\n"
    "const g = (x: string): string => x\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_accepting_every_hint(start: Start, encoding: str) -> None:
    client = connect(start, editor("tooltip", "textEdits", encoding=encoding))
    assert accept_all(client, SOURCE, language="javascript", encoding=encoding) == WRITTEN
    assert accept_all(client, SOURCE, language="typescript", encoding=encoding) == ANNOTATED


def test_an_edit_is_given_when_it_is_asked_for_or_else_at_once(start: Start) -> None:
    (hint,) = (client := connect(start, editor("textEdits"))).hints(
        client.open("let é", language="typescript")
    )
    assert "textEdits" not in hint
    assert hint["tooltip"]["value"].startswith("- `string` 90 %")
    assert client.ask("inlayHint/resolve", hint)["textEdits"][0]["newText"] == ": string"
    (hint,) = (client := connect(start, editor("tooltip"))).hints(client.open("let é"))
    expected = {
        "range": {"start": position(0, 0), "end": position(0, 0)},
        "newText": "/** @type {string} */\n",
    }
    assert hint["textEdits"] == [expected]
    assert client.ask("inlayHint/resolve", hint)["textEdits"] == [expected]


def test_hints_that_would_have_to_wait_for_their_edits_come_without(start: Start) -> None:
    client = connect(start, editor("tooltip"))
    uri = client.open("let text")
    assert len(client.hints(uri)) == 1
    client.ask("test/hold")
    client.change(uri, 2, {"text": "let text, more"})
    (hint,) = client.hints(uri)
    assert "textEdits" not in hint
    client.ask("test/release")
    client.hints_when_settled(uri)
    assert all(hint["textEdits"] for hint in client.hints(uri))


def test_no_edit_for_a_text_that_has_changed(start: Start) -> None:
    client = connect(start, editor("tooltip", "textEdits"))
    uri = client.open("let text")
    (hint,) = client.hints(uri)
    client.change(uri, 2, {"text": "\nlet text"})
    resolved = client.ask("inlayHint/resolve", hint)
    assert "textEdits" not in resolved
    assert resolved["tooltip"]
    client.change(uri, 3, edit(1, 8, 1, 8, " = ("))
    (hint,) = client.hints(uri)  # of before, as this does not parse
    assert "textEdits" not in client.ask("inlayHint/resolve", hint)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert "textEdits" not in client.ask("inlayHint/resolve", hint)


def test_what_cannot_be_written_has_a_hint_without_an_edit(start: Start) -> None:
    client = connect(start, editor("tooltip", "textEdits"))
    (hint,) = client.hints(client.open("for (const x of y()) {}"))
    assert "textEdits" not in client.ask("inlayHint/resolve", hint)


@pytest.mark.parametrize("properties", [("tooltip", "textEdits"), ("tooltip",)])
def test_a_setting_leaves_edits_out(start: Start, properties: tuple[str, ...]) -> None:
    client = start("--targets")
    client.initialize(editor(*properties), options={"hints": {"edits": False}})
    client.wait_until_ready()
    (hint,) = client.hints(client.open("let text"))
    assert "textEdits" not in hint
    assert "textEdits" not in client.ask("inlayHint/resolve", hint)
