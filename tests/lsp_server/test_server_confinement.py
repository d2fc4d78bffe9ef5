"""The server opens no connection, starts no program, and writes nothing outside its cache
folder.
"""

import sys
from pathlib import Path
from typing import Any

import pytest
from lsp_client import EDITOR, Client, position, span

AUDITED = [sys.executable, str(Path(__file__).with_name("audited_server.py"))]

CAPABILITIES: dict[str, Any] = {
    **EDITOR,
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}
    },
}
SOURCE = (
    "export function sum(list) { let total = 0; for (const one of list) total += one; return total "
    "}\n"
)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("ALLOWED", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    root = tmp_path / "work"
    root.mkdir()
    (tmp_path / "cache").mkdir()
    # what a tool that trusts a workspace would run or load
    (root / "package.json").write_text('{"scripts": {"postinstall": "touch ran"}}')
    (root / "sitecustomize.py").write_text("open('ran', 'w')")
    (root / ".contracode.toml").write_text('model = "/elsewhere"')
    for name in ("a.js", "b.js"):
        (root / name).write_text(SOURCE)
    return root


def test_everything_a_client_can_ask_for(root: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    with Client(AUDITED) as client:
        client.initialize(
            CAPABILITIES,
            folders=[root.as_uri()],
            options={"names": {"diagnostics": True, "threshold": 0}},
        )
        client.wait_until_ready()
        uri = client.open(SOURCE, uri=(root / "a.js").as_uri())
        where = {"textDocument": {"uri": uri}, "position": position(0, 22)}
        for hint in client.hints(uri):
            client.ask("inlayHint/resolve", hint)
        client.ask("textDocument/hover", where)
        context = {"diagnostics": []}
        client.ask(
            "textDocument/codeAction",
            {"textDocument": {"uri": uri}, "range": span(0, 22, 0, 22), "context": context},
        )
        argument = {"uri": uri, "position": position(0, 22)}
        params = {"command": "contracode.similarFunctions", "arguments": [argument]}
        assert len(client.ask("workspace/executeCommand", params)) == 1
        assert client.stop() == 0
        assert "DENIED" not in client.log
    cache = tmp_path / "cache"
    assert [path for path in sorted(tmp_path.rglob("*")) if not path.is_relative_to(cache)] == [
        path for path in before if path != cache
    ]


def test_the_audit_sees_what_it_must(root: Path, tmp_path: Path) -> None:
    with Client([*AUDITED, "--misbehave"]) as client:
        client.initialize()
        assert client.stop() == 0
        denied = {
            line.removeprefix("DENIED ")
            for line in client.log.splitlines()
            if line.startswith("DENIED")
        }
    assert denied == {
        "socket.getaddrinfo",
        "socket.connect",
        "subprocess.Popen",
        "open",
        "os.mkdir",
    }
    assert not (tmp_path / "file").exists()
