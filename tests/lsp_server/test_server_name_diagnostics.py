"""Names that contradict their bodies: diagnostics of severity hint, off by default."""

from collections.abc import Callable
from typing import Any

from lsp_client import EDITOR, Client, span

Start = Callable[..., Client]

PUBLISH = "textDocument/publishDiagnostics"
SOURCE = (
    "/* 😀 */ const area = (a, b) => {\n  return a * b\n}\n"
    "function timesTwo(a, b) { return a * b * 2 }\nconst g = () => 1 * 2\n"
)


def connect(start: Start, **names: Any) -> Client:
    client = start("--targets")
    client.initialize(
        {**EDITOR, "workspace": {"didChangeConfiguration": {"dynamicRegistration": True}}},
        options={"names": names},
    )
    client.wait_until_ready()
    return client


def test_a_name_that_contradicts_its_body(start: Start) -> None:
    client = connect(start, diagnostics=True)
    uri = client.open(SOURCE, version=4)
    found = client.wait_for(PUBLISH)
    assert (found["uri"], found["version"]) == (uri, 4)
    (one,) = found[
        "diagnostics"
    ]  # `timesTwo` has a word of a predicted name, `g` is too short to say anything
    assert one["range"] == span(0, 15, 0, 19)
    assert one["message"] == "The body looks like `multiply` (80%), not `area`."
    assert (one["severity"], one["source"], one["code"]) == (
        4,
        "contracode",
        "name-contradicts-body",
    )

    named = client.ask("test/calls")["named"]
    client.change(uri, 5, {"text": SOURCE.replace("area", "product")})
    assert client.wait_for(PUBLISH)["diagnostics"] == []
    assert client.ask("test/calls")["named"] == named + 1  # the other function is known
    client.change(uri, 6, {"text": SOURCE})
    assert len(client.wait_for(PUBLISH)["diagnostics"]) == 1
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.wait_for(PUBLISH)["diagnostics"] == []
    assert client.stop() == 0
    assert "ERROR" not in client.log


def test_off_by_default_and_switched_on_and_off(start: Start) -> None:
    client = connect(start)
    client.open(SOURCE)
    client.hints_when_settled("file:///a.js")
    client.notify(
        "workspace/didChangeConfiguration",
        {"settings": {"contracode": {"names": {"diagnostics": True}}}},
    )
    assert len(client.wait_for(PUBLISH)["diagnostics"]) == 1
    client.notify("workspace/didChangeConfiguration", {"settings": {"contracode": {}}})
    assert client.wait_for(PUBLISH)["diagnostics"] == []
    assert client.received(PUBLISH) == []


def test_less_sure_than_the_threshold(start: Start) -> None:
    client = connect(start, diagnostics=True, threshold=0.9)
    client.open(SOURCE)
    other = client.open(SOURCE.replace("a * b", "a + b + file"), uri="file:///b.js")
    client.notify(
        "workspace/didChangeConfiguration",
        {"settings": {"contracode": {"names": {"threshold": 0.3}}}},
    )
    assert {client.wait_for(PUBLISH)["uri"] for _ in range(2)} == {"file:///a.js", other}
