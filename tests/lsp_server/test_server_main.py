import subprocess
import sys
from pathlib import Path

import pytest
from lsp_client import REAL_SERVER, ROOT, Client

from contracode.version import __version__
from lsp_server.main import build_parser


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [*REAL_SERVER, *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False
    )


def test_version_and_help() -> None:
    assert run("--version").stdout == f"contracode-lsp {__version__}\n"
    assert "examples:" in run("--help").stdout


@pytest.mark.parametrize(
    "arguments", [["--nothing"], ["--log-level", "loud"], ["--log-file", "/nowhere/at/all.log"]]
)
def test_wrong_options_give_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert done.stdout == ""


def test_what_editors_add_is_understood() -> None:
    args = build_parser().parse_args(["--stdio", "--clientProcessId=12"])
    assert args.parent == 12


def test_a_missing_model_is_named_and_no_error() -> None:
    with Client([*REAL_SERVER, "--model", "/nowhere"]) as client:
        client.initialize()
        assert "/nowhere: no such model folder" in client.wait_for("window/showMessage")["message"]
        assert client.hints(client.open("function f(text) {}")) == []
        assert client.stop() == 0


def test_the_log_goes_where_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "server.log"
    with Client(
        [*REAL_SERVER, "--model", "/nowhere", "--log-file", str(path), "--log-level", "info"]
    ) as client:
        client.initialize()
        client.wait_for("window/showMessage")
        assert client.stop() == 0
        assert client.log == ""
    assert "/nowhere: no such model folder" in path.read_text("utf-8")


def test_what_fails_in_a_message_does_not_end_the_server() -> None:
    code = """if True:
        from lsp_server import main
        from lsp_server.protocol import json_rpc as protocol
        receive = protocol.Protocol.receive
        def fails(self, content):
            assert b"nothing" not in content, "secret"
            receive(self, content)
        protocol.Protocol.receive = fails
        main.main(["--model", "/nowhere"])
    """
    with Client([sys.executable, "-c", code]) as client:
        client.initialize()
        client.notify("nothing")
        assert client.stop() == 0
        assert "a message failed: AssertionError" in client.log
        assert "secret" not in client.log


def test_a_failing_server_ends_though_its_pipe_is_open() -> None:
    code = """if True:
        from lsp_server import main
        from lsp_server.protocol import transport
        async def fails(self): raise OSError("secret")
        transport.Reader.next = fails
        main.main([])
    """
    with Client([sys.executable, "-c", code]) as client:
        assert client.wait_for_end() == 1
        assert "the server failed: OSError" in client.log
        assert "secret" not in client.log


def test_the_module_is_light_to_import() -> None:
    """`initialize` is answered before anything heavy is there: not even tree-sitter is needed for
    it.
    """
    code = "import sys, lsp_server.main; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {
        "numpy",
        "onnxruntime",
        "tree_sitter",
        "sentencepiece",
        "augment",
        "torch",
        "rich",
    }
