"""The real server with a model that a test controls: types follow from names, and it waits where it
is told to.

Requests beside the server's own: `test/hold` and `test/release` make predictions (of texts that
contain `only`) wait and go on, `test/count` tells how many were begun and how many were cancelled,
`test/calls` how many functions were embedded and named, `test/text` gives a document's text.
`--targets` makes the model read the text as the real one does, else it looks for simple patterns.
`--hold-loading` makes loading wait for `test/release`, and `--hold-embedding` embedding; `--fail`
and `--crash` make loading fail by a user's mistake and by ours.
"""

import os
import re
import sys
import threading
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import augment
from contracode.javascript.records import (
    Cancelled,
    Candidate,
    Metadata,
    NamePrediction,
    TypePrediction,
)
from contracode.javascript.typing.targets import find_targets
from contracode.support.errors import InputError
from lsp_server.main import run
from lsp_server.protocol import logs
from lsp_server.server import Server

FUNCTION = re.compile(r"function (?P<name>\w*)\((?P<parameters>[^)]*)\)")
VARIABLE = re.compile(r"(?:let|const|var) (?P<name>\w+)(?P<written>: \w+)?(?P<obvious> = \d)?")


def candidates(name: str) -> tuple[Candidate, ...]:
    first, second = ("number", "string") if name == "count" else ("string", "number")
    sure = 0.3 if name == "unsure" else 0.9
    return Candidate(first, sure), Candidate(second, 0.0625), Candidate("`x${string}`", 0.001)


class FakeModel:
    """`count` is a number, `unsure` hardly a string, all else a string; `broken` does not parse,
    `crash` is our mistake.
    """

    metadata = Metadata(
        name="fake",
        dimension=1,
        window=1,
        tokenizer="",
        types=("string", "number"),
        predicts_names=True,
        threshold=0.5,
    )

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.held = ""  # only texts that contain this wait
        self.begun = 0
        self.cancelled = 0
        self.embedded = 0
        self.named = 0
        self.reads_targets = "--targets" in sys.argv

    fingerprint = "fake"

    def predict_names(
        self,
        source: str | augment.Program,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        function: tuple[int, int] | None = None,
    ) -> list[NamePrediction]:
        """Functions that multiply are called so, those that read are called by several names."""
        assert isinstance(source, augment.Program)
        assert function is not None
        text = source.text(function)
        self.named += 1
        if " * " in text:
            return [
                NamePrediction("multiply", 0.8),
                NamePrediction("times", 0.5),
                NamePrediction("product", 0.1),
            ]
        return (
            [NamePrediction("read", 0.35), NamePrediction("load", 0.33)] if "file" in text else []
        )

    def embed(
        self,
        sources: Sequence[str],
        *,
        language: augment.Language,
        use_names: bool,
        batch_size: int,
    ) -> np.ndarray:
        """Count words."""
        self.embedded += len(sources)
        if "--hold-embedding" in sys.argv:
            self.go_on.wait()
        vectors_ND = np.full((len(sources), 64), 1e-3, np.float32)
        for row, source in enumerate(sources):
            for word in re.findall(r"\w+", source):
                vectors_ND[row, zlib.crc32(word.encode()) % 64] += 1
        return vectors_ND / np.linalg.norm(vectors_ND, axis=1, keepdims=True)

    def predict_types(
        self,
        source: str | augment.Program,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[TypePrediction]:
        assert cancelled is not None
        if isinstance(source, augment.Program):
            source, language = source.source.decode(), source.language
        self.begun += 1
        released = False
        while not released:
            released = self.go_on.wait(timeout=0.005) or self.held not in source
            if cancelled():
                self.cancelled += 1
                raise Cancelled
        if "broken" in source:
            raise ValueError("1:1: broken")
        if "crash" in source:
            raise RuntimeError(f"crash: {source}")
        if self.reads_targets:
            return [
                TypePrediction(
                    t.kind,
                    t.name,
                    t.span,
                    t.hint_offset,
                    candidates(t.name),
                    t.written,
                    t.obvious,
                    t.function,
                )
                for t in find_targets(augment.parse(source, language=language))
            ]
        found: list[TypePrediction] = []

        def add(
            kind: Any,
            name: str,
            span: tuple[int, int],
            hint: int,
            *,
            written: bool = False,
            obvious: bool = False,
        ) -> None:
            start, end, hint = (len(source[:offset].encode()) for offset in (*span, hint))
            found.append(
                TypePrediction(
                    kind, name, (start, end), hint, candidates(name)[:top], written, obvious, None
                )
            )

        for match in FUNCTION.finditer(source):
            for parameter in re.finditer(r"\w+", match["parameters"]):
                start, end = (match.start("parameters") + offset for offset in parameter.span())
                add("parameter", parameter.group(), (start, end), end)
            add("return", match["name"], match.span("name"), match.end())
        for match in VARIABLE.finditer(source):
            written, obvious = match["written"] is not None, match["obvious"] is not None
            add(
                "variable",
                match["name"],
                match.span("name"),
                match.end("name"),
                written=written,
                obvious=obvious,
            )
        return sorted(found, key=lambda prediction: prediction.span)


def main() -> None:
    logs.configure("debug" if "--debug" in sys.argv else "warning")
    model = FakeModel()
    if "--hold-loading" in sys.argv:
        model.go_on.clear()

    def load() -> FakeModel:
        print("a library that prints must not reach the client")
        os.write(1, b"nor one that writes to the descriptor\n")
        if "--hold-loading" in sys.argv:
            model.go_on.wait()
        if "--fail" in sys.argv:
            raise InputError("no such model folder", path="/nowhere")
        if "--crash" in sys.argv:
            raise RuntimeError("onnx is broken")
        return model

    extra = [sys.argv[at + 1] for at, word in enumerate(sys.argv) if word == "--feature"]
    server = Server(load, extra=extra)

    @server.feature("test/hold")
    def hold(params: Any) -> None:
        model.held = params.only if params is not None else ""
        model.go_on.clear()

    @server.feature("test/release")
    def release(_: Any) -> None:
        model.go_on.set()

    @server.feature("test/count")
    def count(_: Any) -> dict[str, int]:
        return {"begun": model.begun, "cancelled": model.cancelled}

    @server.feature("test/calls")
    def calls(_: Any) -> dict[str, int]:
        parsed = server.parses.parsed
        return {"embedded": model.embedded, "named": model.named, "parsed": parsed}

    @server.feature("test/text")
    def text(params: Any) -> str | None:
        document = server.documents.get(params.uri)
        return None if document is None else document.text

    os._exit(run(server))


if __name__ == "__main__":
    main()
