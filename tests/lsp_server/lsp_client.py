"""A small JSON-RPC client: real processes, real pipes, and waiting for messages instead of
sleeping.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

TIMEOUT = (
    60  # seconds to wait for one message before the test fails; never reached when all is well
)

FAKE_SERVER = [sys.executable, str(Path(__file__).with_name("fake_server.py"))]
REAL_SERVER = [sys.executable, "-m", "lsp_server.main"]

EDITOR = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"inlayHint": {"resolveSupport": {"properties": ["tooltip"]}}},
    "window": {"workDoneProgress": True},
    "workspace": {"inlayHint": {"refreshSupport": True}},
}
"""What a capable editor says of itself."""


class ServerError(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error)
        self.code: int = error["code"]
        self.message: str = error["message"]


class Client:
    """Starts a server and talks to it; answers its questions from `configuration`, or with null.

    Where `configuration` is a function, it is given each section that is asked for.
    """

    def __init__(
        self, command: list[str], *, configuration: Any = None, folder: Path | None = None
    ) -> None:
        self.configuration = configuration
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=folder,
        )
        self.results: dict[str, Any] = {}
        """Method to the result that its requests of the server are answered with, if not with
        null.
        """
        self._answers: dict[Any, dict[str, Any]] = {}
        self._incoming: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._pending: list[dict[str, Any]] = []
        self._next = 0
        self._errors: list[bytes] = []
        self._threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._read, self._read_errors)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()

    # --- sending

    def send_raw(self, content: bytes) -> None:
        stdin = self.process.stdin
        assert stdin is not None
        stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        stdin.flush()

    def send(self, message: dict[str, Any]) -> None:
        self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def request(self, method: str, params: Any = None) -> int:
        """Ask without waiting; `answer` takes what this returns."""
        self._next += 1
        self.send({"id": self._next, "method": method, "params": params})
        return self._next

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"method": method, "params": params})

    # --- receiving

    def answer(self, identifier: int | None) -> Any:
        """Wait for the answer to a request.

        Raises:
            ServerError: it was an error.
        """
        while identifier not in self._answers:
            self._take()
        message = self._answers.pop(identifier)
        if "error" in message:
            raise ServerError(message["error"])
        return message["result"]

    def ask(self, method: str, params: Any = None) -> Any:
        return self.answer(self.request(method, params))

    def wait_for(self, method: str) -> Any:
        """Wait for a notification, or a request of the server, and return its parameters; each is
        returned once.
        """
        while True:
            for message in self._pending:
                if message["method"] == method:
                    self._pending.remove(message)
                    return message.get("params")
            self._take()

    def received(self, method: str) -> list[Any]:
        """Return the parameters of those that came so far and were not waited for."""
        return [message.get("params") for message in self._pending if message["method"] == method]

    def forget(self, method: str) -> None:
        """Let what `received` has of this method count no more."""
        self._pending = [message for message in self._pending if message["method"] != method]

    def take(self, timeout: float) -> None:
        """Wait for the next message: store it, and answer it if it asks for that.

        Raises:
            queue.Empty: none came within `timeout` seconds.
        """
        self._take(timeout)

    def wait_for_end(self) -> int:
        return self.process.wait(TIMEOUT)

    @property
    def log(self) -> str:
        """What the server wrote to stderr; complete once it has ended."""
        assert self.process.poll() is not None
        self._threads[1].join()
        return b"".join(self._errors).decode()

    # --- what every test needs

    def initialize(
        self,
        capabilities: Any = EDITOR,
        *,
        options: Any = None,
        process_id: int | None = None,
        folders: Sequence[str] = (),
    ) -> Any:
        params = {
            "processId": process_id,
            "rootUri": None,
            "capabilities": capabilities,
            "initializationOptions": options,
            "workspaceFolders": [{"uri": uri, "name": uri} for uri in folders],
        }
        result = self.ask("initialize", params)
        self.notify("initialized", {})
        return result

    def wait_until_ready(self) -> None:
        """Wait for the end of the progress that an `EDITOR` is shown while the model loads."""
        while self.wait_for("$/progress")["value"]["kind"] != "end":
            pass

    def open(
        self,
        text: str,
        *,
        uri: str = "file:///a.js",
        language: str = "javascript",
        version: int = 1,
    ) -> str:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
        self.notify("textDocument/didChange", params)

    def hints(self, uri: str, first: int = 0, last: int = 1_000_000) -> list[dict[str, Any]]:
        return self.answer(self.request_hints(uri, first, last))

    def request_hints(self, uri: str, first: int = 0, last: int = 1_000_000) -> int:
        return self.request(
            "textDocument/inlayHint",
            {"textDocument": {"uri": uri}, "range": span(first, 0, last, 0)},
        )

    def labels(self, uri: str) -> list[tuple[int, int, str]]:
        return [
            (h["position"]["line"], h["position"]["character"], h["label"]) for h in self.hints(uri)
        ]

    def hints_when_settled(self, uri: str) -> int:
        """Count the hints of the exact prediction, which hovering waits for."""
        self.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position(0, 0)})
        return len(self.hints(uri))

    def stop(self) -> int:
        assert self.ask("shutdown") is None
        self.notify("exit")
        return self.wait_for_end()

    def _take(self, timeout: float | None = None) -> None:
        message = self._incoming.get(timeout=timeout or TIMEOUT)
        if message is None:
            raise EOFError("the server has ended")
        if "method" not in message:
            assert message["id"] not in self._answers, "a request was answered twice"
            self._answers[message["id"]] = message
            return
        self._pending.append(message)
        if "id" in message:
            if message["method"] == "workspace/configuration":
                known = self.configuration
                items = message["params"]["items"]
                result = [
                    known(item.get("section")) if callable(known) else known for item in items
                ]
            else:
                result = self.results.get(message["method"])
            self.send({"id": message["id"], "result": result})

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        while header := stdout.readline():
            name, _, value = header.partition(b": ")
            assert name in (b"Content-Length", b"Content-Type"), f"not a header: {header!r}"
            length = int(value) if name == b"Content-Length" else 0
            while (line := stdout.readline()) != b"\r\n":
                assert line.startswith(b"Content-"), f"not a header: {line!r}"
            self._incoming.put(json.loads(stdout.read(length)))
        self._incoming.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors.append(line)


def position(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def span(line: int, character: int, end_line: int, end_character: int) -> dict[str, Any]:
    return {"start": position(line, character), "end": position(end_line, end_character)}


def edit(line: int, character: int, end_line: int, end_character: int, text: str) -> dict[str, Any]:
    return {"range": span(line, character, end_line, end_character), "text": text}
