from collections.abc import Callable
from typing import Any

import pytest
from lsp_client import EDITOR, Client, ServerError, edit

Start = Callable[..., Client]

TYPE = 1  # InlayHintKind.Type


def test_a_hint_stands_behind_its_name(client: Client) -> None:
    uri = client.open("let total\nfunction area(text, count) {}\n")
    hints = client.hints(uri)
    assert [(h["position"]["line"], h["position"]["character"], h["label"]) for h in hints] == [
        (0, 9, ": string"),
        (1, 26, ": string"),  # what it returns, behind the parenthesis
        (1, 18, ": string"),
        (1, 25, ": number"),
    ]
    for hint in hints:
        assert hint["kind"] == TYPE
        assert not hint.get("paddingLeft")
        assert not hint.get("paddingRight")
        assert "tooltip" not in hint


def test_written_obvious_and_unsure_names_have_none(client: Client) -> None:
    uri = client.open("let a: string\nlet b = 1\nlet unsure\nlet text\n", language="typescript")
    assert client.labels(uri) == [(3, 8, ": string")]


def test_only_the_range_is_answered(client: Client) -> None:
    uri = client.open("let a\nlet b\nlet c\nlet d\n")
    assert [h["position"]["line"] for h in client.hints(uri, 1, 3)] == [1, 2]


def test_resolving_gives_the_ranked_alternatives(client: Client) -> None:
    (hint,) = client.hints(client.open("let count"))
    expected = "- `number` 90 %\n- `string` 6 %\n- `` `x${string}` `` < 1 %"
    assert client.ask("inlayHint/resolve", hint)["tooltip"] == {
        "kind": "markdown",
        "value": expected,
    }
    strangers = {key: hint[key] for key in ("position", "label")} | {"data": {"somebody": "else"}}
    assert "tooltip" not in client.ask("inlayHint/resolve", strangers)


def test_a_client_that_cannot_resolve_gets_the_alternatives_at_once(start: Start) -> None:
    client = start()
    client.initialize({})
    (hint,) = client.hints(client.open("let count"))
    assert hint["tooltip"]["value"].startswith("- `number` 90 %\n")


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_characters_outside_the_basic_plane_before_the_hint(
    start: Start, encoding: str, width: int
) -> None:
    client = start()
    client.initialize(EDITOR | {"general": {"positionEncodings": [encoding]}})
    client.wait_until_ready()
    uri = client.open("'\u2028'; /* 😀𝒳 */ let text // 😀\nlet count")
    column = len("'?'; /*  */ let text") + 2 * width + (2 if encoding == "utf-8" else 0)
    assert client.labels(uri) == [(0, column, ": string"), (1, 9, ": number")]
    # An edit behind them on the same line is counted in the same unit.
    client.change(
        uri, 2, edit(0, column, 0, column, ", more"), edit(0, column - 4, 0, column, "😀name")
    )
    assert (
        client.ask("test/text", {"uri": uri})
        == "'\u2028'; /* 😀𝒳 */ let 😀name, more // 😀\nlet count"
    )


def test_an_edit_is_answered_at_once_and_made_exact_later(client: Client) -> None:
    uri = client.open("function f(text) {}\nlet count\n")
    assert client.labels(uri) == [(0, 16, ": string"), (0, 15, ": string"), (1, 9, ": number")]
    client.ask("test/hold")
    client.change(uri, 2, edit(0, 15, 0, 15, ", count"), edit(0, 0, 0, 0, "\n"))
    assert client.labels(uri) == [(1, 23, ": string"), (1, 15, ": string"), (2, 9, ": number")]
    assert client.received("workspace/inlayHint/refresh") == []
    client.ask("test/release")
    client.wait_for("workspace/inlayHint/refresh")
    assert (1, 22, ": number") in client.labels(uri)


def test_the_edited_function_is_predicted_before_the_file(start: Start) -> None:
    client = start("--targets")
    client.initialize()
    client.wait_until_ready()
    uri = client.open("let whole // 😀\nclass A {\n  f(text) { return text }\n}\n")
    assert set(client.labels(uri)) == {(0, 9, ": string"), (2, 8, ": string"), (2, 9, ": string")}
    client.ask("test/hold", {"only": "whole"})
    client.change(uri, 2, edit(2, 8, 2, 8, ", count"))
    expected = {(0, 9, ": string"), (2, 8, ": string"), (2, 15, ": number"), (2, 16, ": string")}
    found = client.labels(uri)
    if set(found) != expected:  # it was not yet there, so that it is announced
        client.wait_for("workspace/inlayHint/refresh")
        found = client.labels(uri)
    assert len(found) == len(expected)
    assert set(found) == expected
    client.ask("test/release")
    assert client.hints_when_settled(uri) == len(expected)
    assert set(client.labels(uri)) == expected


@pytest.mark.parametrize(
    ("change", "line", "columns"),
    [
        (edit(0, 14, 0, 16, ""), "function f(foobar) {}", [18]),
        (edit(0, 14, 0, 14, "\u0301"), "function f(foo\u0301, bar) {}", [20, 21]),
        ({"text": "function f(foobar) {}\nlet count\n"}, "function f(foobar) {}", [18]),
    ],
    ids=["deletion", "mark", "whole-text"],
)
def test_no_hint_in_the_middle_of_a_name(
    client: Client, change: Any, line: str, columns: list[int]
) -> None:
    uri = client.open("function f(foo, bar) {}\nlet count\n")
    assert len(client.labels(uri)) == 4
    client.ask("test/hold")
    client.change(uri, 2, change)
    assert client.ask("test/text", {"uri": uri}).splitlines()[0] == line
    assert sorted((row, column) for row, column, _ in client.labels(uri)) == [
        *((0, c) for c in columns),
        (1, 9),
    ]


def test_no_refresh_is_asked_for_when_nothing_would_be_drawn_otherwise(client: Client) -> None:
    uri = client.open("let text\n")
    assert client.labels(uri) == [(0, 8, ": string")]
    client.change(uri, 2, edit(1, 0, 1, 0, "// a comment\n"))
    assert client.labels(uri) == [(0, 8, ": string")]
    hover = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
    assert (
        client.ask("textDocument/hover", hover) is not None
    )  # which waits for the exact prediction
    assert client.ask("test/count")["begun"] == 2
    assert client.received("workspace/inlayHint/refresh") == []


def test_work_for_a_text_that_has_changed_is_cancelled(client: Client) -> None:
    client.ask("test/hold")
    uri = client.open("let text")
    first = client.request_hints(uri)
    while client.ask("test/count")["begun"] == 0:
        pass
    client.change(uri, 2, {"text": "let count"})
    with pytest.raises(ServerError) as caught:
        client.answer(first)
    assert caught.value.code == -32801
    client.change(uri, 3, {"text": "let more"})
    second = client.request_hints(uri)
    client.ask("test/release")
    assert [hint["label"] for hint in client.answer(second)] == [": string"]
    count = client.ask("test/count")
    assert count["cancelled"] >= 1
    assert count["begun"] - count["cancelled"] == 1  # of version 3, whether or not 2 was begun


def test_a_cancelled_request_is_answered_and_the_next_one_served(client: Client) -> None:
    client.ask("test/hold")
    uri = client.open("let text")
    first, second = client.request_hints(uri), client.request_hints(uri)
    client.notify("$/cancelRequest", {"id": first})
    with pytest.raises(ServerError) as caught:
        client.answer(first)
    assert caught.value.code == -32800
    client.ask("test/release")
    assert len(client.answer(second)) == 1
    assert client.ask("test/count") == {"begun": 1, "cancelled": 0}


def test_a_text_seen_before_is_not_predicted_again(client: Client) -> None:
    uri = client.open("let text")
    before = client.labels(uri)
    client.change(uri, 2, {"text": "let count"}, {"text": "let text"})
    hover = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
    assert client.ask("textDocument/hover", hover) is not None
    assert client.labels(uri) == before
    assert client.ask("test/count")["begun"] == 1


def test_a_document_that_nobody_asks_about_is_not_predicted(client: Client) -> None:
    for number in range(20):
        client.open("let text", uri=f"file:///{number}.js")
    assert client.ask("test/count")["begun"] == 0


def test_hints_stay_while_the_text_does_not_parse(client: Client) -> None:
    uri = client.open("let text\nlet count\n")
    assert len(client.labels(uri)) == 2
    client.change(uri, 2, edit(1, 0, 1, 0, "broken("))
    hover = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
    assert client.ask("textDocument/hover", hover) is not None
    assert client.labels(uri) == [(0, 8, ": string"), (1, 16, ": number")]
    assert (
        client.ask("contracode/status")["documents"][0]["silentBecause"]
        == "does not parse: 2:1: this does not parse"
    )


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("let text", "python", "not JavaScript or TypeScript"),
        ("let text // too long", "javascript", "larger than 10 bytes (maxFileSize)"),
        ("broken", "javascript", "does not parse: 1:1: broken"),
        ("crash", "javascript", "prediction failed: RuntimeError"),
    ],
)
def test_silence_has_a_reason(start: Start, text: str, language: str, reason: str) -> None:
    client = start()
    client.initialize({}, options={"maxFileSize": 10})
    assert client.hints(client.open(text, uri="untitled:1", language=language)) == []
    assert client.ask("contracode/status")["documents"][0]["silentBecause"] == reason
    assert client.received("window/showMessage") == []


def test_closed_and_never_opened_documents_have_none(client: Client) -> None:
    uri = client.open("let text")
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.hints(uri) == []
    assert client.hints("file:///never.js") == []
    assert len(client.hints(client.open("let text\nlet again"))) == 2


def test_initialization_options_are_validated(start: Start) -> None:
    client = start()
    client.initialize(options={"threshold": 7, "hints": {"returns": False}})
    assert "contracode.threshold" in client.wait_for("window/showMessage")["message"]
    uri = client.open("function f(text) {}")
    client.wait_until_ready()
    assert client.labels(uri) == [(0, 15, ": string")]


def test_settings_are_pulled_and_take_effect_when_they_change(start: Start) -> None:
    client = start(configuration={"hints": {"parameters": False}})
    workspace = EDITOR["workspace"] | {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
    }
    client.initialize(EDITOR | {"workspace": workspace})
    assert (
        client.wait_for("client/registerCapability")["registrations"][0]["method"]
        == "workspace/didChangeConfiguration"
    )
    assert client.wait_for("workspace/configuration")["items"] == [{"section": "contracode"}]
    client.wait_for("workspace/inlayHint/refresh")
    client.wait_until_ready()
    uri = client.open("function f(text) {}")
    assert client.labels(uri) == [(0, 16, ": string")]
    for configuration, hints in (
        ({"threshold": 0.95}, 0),
        ({"enabled": False}, 0),
        (None, 2),
        ({"maxFileSize": 3}, 0),
        ({}, 2),
    ):
        client.configuration = configuration
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.wait_for("workspace/inlayHint/refresh")
        assert client.hints_when_settled(uri) == hints


def test_settings_are_pushed_to_a_server_whose_client_cannot_be_asked(start: Start) -> None:
    client = start()
    client.initialize({})
    uri = client.open("function f(text) {}")
    assert len(client.hints(uri)) == 2
    settings: Any = {"contracode": {"hints": {"returns": False}}, "else": 1}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert client.labels(uri) == [(0, 15, ": string")]
