"""Writing the types of a function or a file at once."""

from collections.abc import Callable
from typing import Any

import pytest
from lsp_client import EDITOR, Client, span
from text_oracle import Oracle

Start = Callable[..., Client]

AUTOMATIC = 2

CAPABILITIES: dict[str, Any] = {
    **EDITOR,
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor", "source"]}}
        }
    },
    "workspace": {
        "workspaceEdit": {"documentChanges": True},
        "inlayHint": {"refreshSupport": True},
    },
}

SOURCE = (
    "/* 😀 */ function outer(a, unsure) {\r\n  return b.map(c => c)\r\n}\r\n"
    "/** Kept.\r\n * @param count how many\r\n */\r\nexport const f = (count) => g(count)\r\nlet "
    "text = f()\r\n"
)


def connect(start: Start, capabilities: Any = CAPABILITIES) -> Client:
    client = start("--targets")
    client.initialize(capabilities)
    client.wait_until_ready()
    return client


def actions(
    client: Client, uri: str, line: int, character: int, **context: Any
) -> list[dict[str, Any]]:
    params = {
        "textDocument": {"uri": uri},
        "range": span(line, character, line, character),
        "context": {"diagnostics": [], **context},
    }
    return client.ask("textDocument/codeAction", params)


def edited(action: dict[str, Any], text: str, *, version: int, uri: str = "file:///a.js") -> str:
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": version}
    return Oracle(text, "utf-16").apply(change["edits"])


def test_both_actions_are_announced(start: Start) -> None:
    provider = start().initialize(CAPABILITIES)["capabilities"]["codeActionProvider"]
    assert provider["codeActionKinds"][:2] == ["refactor.rewrite.addTypes", "source.addTypes"]


def test_types_of_the_function_around_the_cursor(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE, version=7)
    (inner, _) = actions(client, uri, 1, 17)
    assert (inner["title"], inner["kind"]) == (
        "Add JSDoc types to this function",
        "refactor.rewrite.addTypes",
    )
    assert edited(inner, SOURCE, version=7) == SOURCE.replace(
        "c =>", "/** @param {string} c @returns {string} */ c =>"
    )
    (outer, _) = actions(client, uri, 0, 12)  # `unsure` is below the threshold
    assert edited(outer, SOURCE, version=7) == SOURCE.replace(
        "function outer", "/** @param {string} a @returns {string} */ function outer"
    )
    merged, _ = actions(client, uri, 6, 14)  # over the name, outside the arrow
    assert edited(merged, SOURCE, version=7) == SOURCE.replace(
        "@param count how many\r\n", "@param {number} count how many\r\n * @returns {string}\r\n"
    )


def test_types_of_the_file_once_and_then_nothing(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE)
    (action,) = actions(client, uri, 7, 0, only=["source"])
    assert (action["title"], action["kind"]) == ("Add JSDoc types to this file", "source.addTypes")
    text = edited(action, SOURCE, version=1)
    assert "/** @type {string} */\r\nlet text" in text
    client.change(uri, 2, {"text": text})
    assert client.hints_when_settled(uri) == 0
    assert actions(client, uri, 1, 17) == []


def test_annotations_in_typescript(start: Start) -> None:
    client = connect(start)
    source = "const f = x => { let count = x; return x }"
    uri = client.open(source, uri="file:///a.ts", language="typescript")
    function, file = actions(client, uri, 0, 10)
    assert function["title"] == "Add type annotations to this function"
    expected = "const f = (x: string): string => { let count = x; return x }"
    assert edited(function, source, version=1, uri=uri) == expected
    assert edited(file, source, version=1, uri=uri) == expected.replace(
        "let count", "let count: number"
    )


def test_only_what_is_asked_for(start: Start) -> None:
    client = connect(start)
    uri = client.open(SOURCE)
    kinds = [
        [action["kind"] for action in actions(client, uri, 1, 17, **context)]
        for context in (
            {"only": ["refactor.rewrite"]},
            {"only": ["source.addTypes"]},
            {"only": ["quickfix"]},
            {"only": [""]},
        )
    ]
    function, file = "refactor.rewrite.addTypes", "source.addTypes"
    assert kinds == [[function], [file], [], [function, file]]
    assert [action["kind"] for action in actions(client, uri, 1, 17, triggerKind=AUTOMATIC)] == [
        function
    ]
    assert [
        action["kind"] for action in actions(client, uri, 1, 17, only=["source.addTypesToo"])
    ] == []


def test_a_light_bulb_does_not_wait(start: Start) -> None:
    client = connect(start)
    client.ask("test/hold")
    uri = client.open(SOURCE)
    assert actions(client, uri, 1, 17, triggerKind=AUTOMATIC) == []
    client.ask("test/release")
    assert len(actions(client, uri, 1, 17)) == 2


def test_an_edit_without_versions_for_a_client_that_knows_none(start: Start) -> None:
    client = connect(start, {**CAPABILITIES, "workspace": {}})
    uri = client.open("let text")
    (action,) = actions(client, uri, 0, 0)
    assert list(action["edit"]["changes"]) == [uri]


@pytest.mark.parametrize(
    "text", ["", "let text = (", "\0\ufffd", "function f(unsure) { this.", "let x: = 1"]
)
@pytest.mark.parametrize("language", ["javascript", "typescript", "python"])
def test_silence_where_nothing_can_be_written(start: Start, text: str, language: str) -> None:
    client = connect(start)
    assert actions(client, client.open(text, language=language), 0, 0) == []
    assert actions(client, "file:///never.js", 0, 0) == []


def test_silence_for_a_client_without_code_action_literals(start: Start) -> None:
    client = connect(start, EDITOR)
    assert actions(client, client.open(SOURCE), 1, 17) == []
