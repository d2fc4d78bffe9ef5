"""The protocol's truths, each against a real process."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from lsp_client import EDITOR, REAL_SERVER, Client, ServerError

Start = Callable[..., Client]


def error_of(client: Client, method: str, params: Any = None) -> int:
    with pytest.raises(ServerError) as caught:
        client.ask(method, params)
    return caught.value.code


def test_requests_before_initialize_are_refused(start: Start) -> None:
    client = start()
    client.notify("textDocument/didOpen", {"wrong": "but dropped"})
    assert error_of(client, "textDocument/hover", {}) == -32002
    assert error_of(client, "shutdown") == -32002
    client.initialize()
    assert (
        error_of(client, "initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        == -32600
    )


def test_failed_initialize_can_be_repeated(start: Start) -> None:
    client = start()
    assert error_of(client, "initialize", {"capabilities": 5}) == -32602
    assert client.initialize()["serverInfo"]["name"] == "contracode-lsp"


def test_a_root_that_cannot_be_read_is_none(start: Start) -> None:
    client = start()
    params = {"processId": None, "rootUri": "file://[x", "capabilities": {}}
    assert client.ask("initialize", params)["serverInfo"]["name"] == "contracode-lsp"
    assert client.stop() == 0


def test_requests_after_shutdown_are_refused_and_exit_gives_0(client: Client) -> None:
    assert client.ask("shutdown") is None
    assert error_of(client, "textDocument/hover", {}) == -32600
    assert error_of(client, "shutdown") == -32600
    client.notify("exit")
    assert client.wait_for_end() == 0


def test_exit_without_shutdown_gives_1(client: Client) -> None:
    client.notify("exit")
    assert client.wait_for_end() == 1


def test_exit_before_initialize_gives_1(start: Start) -> None:
    client = start()
    client.notify("exit")
    assert client.wait_for_end() == 1


def test_end_of_the_pipe_ends_the_server(client: Client) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.wait_for_end() == 1


@pytest.mark.parametrize("length", [b"99999999999999999", b"2147483649", b"9" * 5_000])
def test_a_length_that_no_message_has_ends_the_server(client: Client, length: bytes) -> None:
    assert client.process.stdin is not None
    client.process.stdin.write(b"Content-Length: %s\r\n\r\n{}" % length)
    client.process.stdin.flush()
    assert client.wait_for_end() == 1
    assert "the client cannot be read any more" in client.log


def test_end_of_the_editors_process_ends_the_server(start: Start) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as editor:
        client = start()
        client.initialize(process_id=editor.pid)
        assert client.ask("contracode/status")["version"]
        editor.communicate()
    assert client.wait_for_end() == 1


@pytest.mark.parametrize("number", [2**31, 2**70, 0, -(2**30)])
def test_a_number_that_no_process_has_is_not_watched(start: Start, number: int) -> None:
    client = start()
    client.initialize(process_id=number)
    client.wait_until_ready()
    assert client.stop() == 0
    assert "ERROR" not in client.log


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/hover", {"textDocument": {"uri": "file:///a.js"}}),
        (
            "textDocument/hover",
            {"textDocument": {"uri": "file:///a.js"}, "position": {"line": "x", "character": 0}},
        ),
        (
            "textDocument/hover",
            {"textDocument": {"uri": "file:///a.js"}, "position": {"line": -1, "character": 0}},
        ),
        ("textDocument/hover", None),
        ("textDocument/inlayHint", []),
        ("inlayHint/resolve", {"label": 1}),
        ("workspace/executeCommand", {"command": "nobody.knows"}),
    ],
)
def test_wrong_parameters_are_answered(client: Client, method: str, params: Any) -> None:
    assert error_of(client, method, params) == -32602


def test_unknown_methods_and_broken_messages_are_answered_and_survived(client: Client) -> None:
    assert error_of(client, "textDocument/nothing", {}) == -32601
    assert error_of(client, "$/nothing") == -32601
    client.notify("textDocument/nothing", {})
    client.notify("textDocument/didChange", {"wrong": 1})
    client.notify("$/cancelRequest", {"id": 12345})
    client.send({"id": 12345, "result": "an answer to nothing"})
    for content, code in (
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'{"id": 1, "method": "shutdown"}', -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', -32600),
    ):
        client.send_raw(content)
        with pytest.raises(ServerError) as caught:
            client.answer(None)
        assert caught.value.code == code
    assert client.stop() == 0


@pytest.mark.parametrize("identifier", [[1], {}, None, 1.5])
def test_answers_and_cancellations_of_no_request_are_survived(
    client: Client, identifier: Any
) -> None:
    client.send({"id": identifier, "result": None})
    client.send({"id": identifier, "error": {"code": 1, "message": ""}})
    client.notify("$/cancelRequest", {"id": identifier})
    assert client.ask("contracode/status")["version"]
    assert client.stop() == 0
    assert "ERROR" not in client.log


def test_a_client_cannot_answer_its_own_request(client: Client) -> None:
    client.ask("test/hold")
    request = client.request_hints(client.open("let text"))
    client.send({"id": request, "result": []})
    client.send({"id": request, "error": {"code": 1, "message": ""}})
    client.ask("test/release")
    assert len(client.answer(request)) == 1
    assert client.stop() == 0
    assert "ERROR" not in client.log


def test_a_handler_that_fails_is_answered_and_its_text_not_logged(client: Client) -> None:
    assert error_of(client, "test/text", {"secret": "text"}) == -32603
    assert client.stop() == 0
    assert "AttributeError" in client.log
    assert "secret" not in client.log


def test_initialize_is_answered_while_the_model_loads(start: Start) -> None:
    client = start("--hold-loading")
    client.initialize()
    uri = client.open("function f(text) {}")
    assert client.hints(uri) == []
    assert client.ask("contracode/status")["model"]["state"] == "loading"
    assert client.wait_for("$/progress")["value"]["kind"] == "begin"
    assert client.received("workspace/inlayHint/refresh") == []
    client.ask("test/release")
    client.wait_for("workspace/inlayHint/refresh")
    assert [label for *_, label in client.labels(uri)] == [": string", ": string"]
    assert client.wait_for("$/progress")["value"] == {"kind": "end", "message": "model ready"}


def test_the_model_is_loaded_once(start: Start) -> None:
    client = start()
    client.initialize()
    assert client.ask("initialized", {}) is None
    client.notify("initialized", {})
    client.wait_until_ready()
    assert len(client.hints(client.open("let text"))) == 1
    assert client.stop() == 0
    assert client.log.count("nor one that writes to the descriptor") == 1
    assert "ERROR" not in client.log


def test_a_client_that_cannot_be_asked_to_come_again_waits_for_the_model(start: Start) -> None:
    client = start("--hold-loading")
    client.initialize({})
    request = client.request_hints(client.open("function f(text) {}"))
    client.ask("test/release")
    assert len(client.answer(request)) == 2
    assert client.received("$/progress") == client.received("workspace/inlayHint/refresh") == []


def test_shutdown_while_the_model_loads(start: Start) -> None:
    client = start("--hold-loading")
    client.initialize()
    assert client.stop() == 0


@pytest.mark.parametrize(
    ("flag", "reason"), [("--fail", "/nowhere: no such model folder"), ("--crash", "RuntimeError")]
)
def test_without_a_model_answers_are_empty_and_the_reason_is_shown_once(
    start: Start, flag: str, reason: str
) -> None:
    client = start(flag)
    client.initialize()
    assert reason in client.wait_for("window/showMessage")["message"]
    uri = client.open("function f(text) {}")
    assert client.hints(uri) == []
    hover = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 11}}
    assert client.ask("textDocument/hover", hover) is None
    status = client.ask("contracode/status")
    assert status["model"] == {"state": "failed", "name": None, "problem": reason}
    assert status["documents"][0]["silentBecause"] == "no model"
    assert client.received("window/showMessage") == []


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["utf-8"], "utf-8"),
        (["utf-16"], "utf-16"),
        ([], "utf-16"),
    ],
)
def test_position_encoding_is_negotiated(start: Start, offered: list[str], chosen: str) -> None:
    result = start().initialize({"general": {"positionEncodings": offered}})
    assert result["capabilities"]["positionEncoding"] == chosen


def test_header_names_may_be_written_otherwise(start: Start) -> None:
    client = start()
    assert client.process.stdin is not None
    body = b'{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}'
    client.process.stdin.write(
        b"content-type: x; charset=utf-8\r\nCONTENT-LENGTH:%d\r\n\r\n" % len(body) + body
    )
    client.process.stdin.flush()
    with pytest.raises(ServerError) as caught:
        client.answer(1)
    assert caught.value.code == -32002


def test_nothing_of_a_document_is_logged_at_any_level(start: Start) -> None:
    client = start("--debug")
    client.initialize()
    client.wait_until_ready()
    uri = client.open("function secretName(secretText) { 'secret string' }")
    assert len(client.hints(uri)) == 2
    client.change(uri, 2, {"text": "function secretName(secretText) { crash }"})
    assert client.ask(
        "textDocument/hover",
        {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 22}},
    )
    client.change(uri, 3, {"text": "secret broken"})
    assert client.hints(uri) == []
    client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri}, "contentChanges": [{"text": "secret"}]},
    )
    assert client.stop() == 0
    assert "prediction failed: RuntimeError" in client.log
    assert "secret" not in client.log


def test_a_started_server_has_no_torch(start: Start) -> None:
    with Client(REAL_SERVER) as client:
        client.initialize(EDITOR)
        uri = client.open("function f(text) {}")
        client.hints(uri)
        modules = set(client.ask("contracode/status")["modules"])
        assert client.stop() == 0
    assert "lsp_server" in modules
    assert not modules & {"torch", "pytorch_lightning", "lightning", "rich", "jinja2"}
