"""Functions of the workspace that are like the one at the cursor: the command, and the code action
that offers it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsp_client import EDITOR, REAL_SERVER, Client, ServerError, position, span

Start = Callable[..., Client]

COMMAND = "contracode.similarFunctions"
CAPABILITIES: dict[str, Any] = {
    **EDITOR,
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}
SUM = "function sum(list) { let total = 0; for (const one of list) total += one; return total }"
JOIN = (
    "const join = (parts, by) => { let text = ''; parts.forEach(p => { text = text + p + by }); "
    "return text }"
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "wörk space"
    (root / "src").mkdir(parents=True)
    (root / "src" / "one.js").write_text(f"{SUM}\n{JOIN}\n")
    (root / "src" / "two.js").write_text(f"/* 😀 */ {SUM.replace('total', 'all')}\n")
    return root


def connect(start: Start, root: Path, *arguments: str, capabilities: Any = CAPABILITIES) -> Client:
    client = start("--targets", *arguments)
    client.initialize(capabilities, folders=[root.as_uri()])
    client.wait_until_ready()
    return client


def open_file(client: Client, path: Path, text: str | None = None) -> str:
    return client.open(path.read_text() if text is None else text, uri=path.as_uri())


def similar(uri: str, line: int, character: int, **more: Any) -> dict[str, Any]:
    return {
        "command": COMMAND,
        "arguments": [{"uri": uri, "position": position(line, character), **more}],
    }


def files(root: Path) -> list[Path]:
    return sorted(root.rglob("*"))


def test_locations_of_similar_functions(start: Start, root: Path) -> None:
    before = files(root)
    client = connect(start, root)
    uri = open_file(client, root / "src" / "one.js")
    (found,) = client.ask("workspace/executeCommand", similar(uri, 0, 30))
    assert found["uri"].endswith("/w%C3%B6rk%20space/src/two.js")
    assert found["range"] == span(0, 9, 0, 9 + len(SUM.replace("total", "all")))
    assert found["name"] == "sum"
    assert 0.6 < found["likeness"] < 1
    assert client.ask("test/calls")["embedded"] == 5  # four of the files, one of the document
    assert files(root) == before
    assert len(list((root.parent / "cache").rglob("*.safetensors"))) == 1

    # an unsaved text, of a function that is nowhere yet; the index does not change
    text = "// moved\n" + SUM.replace("sum", "plus")
    client.change(uri, 2, {"text": text})
    found = client.ask("workspace/executeCommand", similar(uri, 1, 3))
    assert [one["uri"].rpartition("/")[2] for one in found] == ["two.js"]
    assert client.ask("test/calls")["embedded"] == 6
    assert client.ask("workspace/executeCommand", similar(uri, 0, 3)) == []
    assert client.stop() == 0


def test_a_file_that_has_changed_since_is_answered_by_lines(start: Start, root: Path) -> None:
    client = connect(start, root)
    uri = open_file(client, root / "src" / "one.js")
    (root / "src" / "two.js").write_text(f"\n\n{SUM}\n")
    (found,) = client.ask("workspace/executeCommand", similar(uri, 0, 30))
    assert found["range"]["start"] == position(2, 0)


def test_the_code_action_lets_the_user_choose_and_opens_the_choice(
    start: Start, root: Path
) -> None:
    client = connect(start, root)
    uri = open_file(client, root / "src" / "one.js")
    params = {
        "textDocument": {"uri": uri},
        "range": span(0, 30, 0, 30),
        "context": {"diagnostics": []},
    }
    (action,) = [a for a in client.ask("textDocument/codeAction", params) if a["kind"] == COMMAND]
    assert action["title"] == "Find similar functions"
    client.results["window/showMessageRequest"] = {"title": "sum two.js:1 82%"}
    client.results["window/showDocument"] = {"success": True}
    found = client.ask(
        "workspace/executeCommand", {k: action["command"][k] for k in ("command", "arguments")}
    )
    (item,) = client.wait_for("window/showMessageRequest")["actions"]
    assert item["title"].startswith("sum two.js:1 ")
    assert len(found) == 1
    client.results["window/showMessageRequest"] = item
    client.ask(
        "workspace/executeCommand", {k: action["command"][k] for k in ("command", "arguments")}
    )
    shown = client.wait_for("window/showDocument")
    assert shown["uri"] == found[0]["uri"]
    assert shown["selection"] == span(0, 9, 0, 9)


def test_the_code_action_is_offered_in_functions_of_the_workspace_alone(
    start: Start, root: Path
) -> None:
    client = connect(start, root)
    inside, outside = (
        open_file(client, root / "src" / "one.js"),
        client.open(SUM, uri="untitled:Untitled-1"),
    )

    def kinds(uri: str, line: int, character: int, **context: Any) -> list[str]:
        where = span(line, character, line, character)
        params = {
            "textDocument": {"uri": uri},
            "range": where,
            "context": {"diagnostics": [], **context},
        }
        return [action["kind"] for action in client.ask("textDocument/codeAction", params)]

    assert COMMAND in kinds(inside, 0, 30)
    assert COMMAND not in kinds(inside, 2, 0)
    assert COMMAND not in kinds(outside, 0, 30)
    assert COMMAND not in kinds(inside, 0, 30, triggerKind=2)
    assert COMMAND not in kinds(inside, 0, 30, only=["refactor"])


def test_uris_that_cannot_be_read_are_in_no_folder(start: Start, root: Path) -> None:
    client = start("--targets")
    client.initialize(CAPABILITIES, folders=["file://[x", root.as_uri()])
    client.wait_until_ready()
    params = {"range": span(0, 30, 0, 30), "context": {"diagnostics": []}}
    inside, nowhere = (
        open_file(client, root / "src" / "one.js"),
        client.open(SUM, uri="file://[y/one.js"),
    )
    for uri, offered in ((inside, True), (nowhere, False)):
        found = client.ask("textDocument/codeAction", {"textDocument": {"uri": uri}, **params})
        assert (COMMAND in [action["kind"] for action in found]) == offered
    assert client.ask("workspace/executeCommand", similar(nowhere, 0, 30)) == []
    assert "in no workspace folder" in client.wait_for("window/showMessage")["message"]


def test_indexing_is_shown_and_can_be_cancelled_by_the_user(start: Start, root: Path) -> None:
    client = connect(start, root, "--hold-embedding")
    client.ask("test/hold")
    uri = open_file(client, root / "src" / "one.js")
    asked = client.request("workspace/executeCommand", similar(uri, 0, 30))
    while (
        token := client.wait_for("window/workDoneProgress/create")["token"]
    ) == "contracode-model":
        pass
    begin = client.wait_for("$/progress")
    assert (begin["token"], begin["value"]["kind"], begin["value"]["cancellable"]) == (
        token,
        "begin",
        True,
    )
    client.notify("window/workDoneProgress/cancel", {"token": token})
    client.ask("test/release")
    with pytest.raises(ServerError) as caught:
        client.answer(asked)
    assert caught.value.code == -32800
    (found,) = client.ask(
        "workspace/executeCommand", similar(uri, 0, 30)
    )  # the next time it is made
    assert found["name"] == "sum"


def test_a_request_is_cancelled_and_hints_go_on(start: Start, root: Path) -> None:
    client = connect(start, root, "--hold-embedding")
    client.ask("test/hold")
    uri = open_file(client, root / "src" / "one.js")
    asked = client.request("workspace/executeCommand", similar(uri, 0, 30))
    client.wait_for("$/progress")
    client.notify("$/cancelRequest", {"id": asked})
    with pytest.raises(ServerError) as caught:
        client.answer(asked)
    assert caught.value.code == -32800
    client.ask("test/release")
    assert len(client.hints(uri)) > 3
    assert client.stop() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        None,
        [],
        [{}],
        [{"uri": "file:///a.js"}],
        [{"uri": "", "position": {"line": -1, "character": 0}}],
        ["a", "b"],
        [7],
    ],
)
def test_wrong_arguments(client: Client, arguments: Any) -> None:
    with pytest.raises(ServerError) as caught:
        client.ask("workspace/executeCommand", {"command": COMMAND, "arguments": arguments})
    assert caught.value.code == -32602


def test_what_cannot_be_answered_is_said(start: Start, root: Path) -> None:
    client = connect(start, root)
    for uri, reason in (
        ((root / "src" / "none.js").as_uri(), "the document is not open"),
        (client.open(SUM, uri="untitled:1"), "the file is in no workspace folder"),
    ):
        assert client.ask("workspace/executeCommand", similar(uri, 0, 30)) == []
        assert (
            client.wait_for("window/showMessage")["message"]
            == f"ContraCode: no similar functions, as {reason}"
        )
    uri = open_file(client, root / "src" / "broken.js", "function (")
    assert client.ask("workspace/executeCommand", similar(uri, 0, 3)) == []


def test_with_the_shipped_model(root: Path) -> None:
    with Client(REAL_SERVER) as client:
        client.initialize(CAPABILITIES, folders=[root.as_uri()])
        client.wait_until_ready()
        uri = open_file(client, root / "src" / "one.js")
        (found,) = client.ask("workspace/executeCommand", similar(uri, 0, 30))
        assert found["name"] == "sum"
        assert found["likeness"] > 0.9
        modules = set(client.ask("contracode/status")["modules"])
        assert client.stop() == 0
    assert not modules & {"torch", "pytorch_lightning", "rich"}
