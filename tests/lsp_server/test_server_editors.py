"""The same hints under the capabilities that real editors announce (recorded by pytest-lsp)."""

from collections.abc import Callable

import pytest
from lsp_client import Client
from lsprotocol import converters
from pytest_lsp import client_capabilities

SOURCE = "/* 😀 */ function f(text, count) {}\n"

BEFORE = SOURCE[: SOURCE.index(", count")]
COLUMN = {
    "utf-8": len(BEFORE.encode()),
    "utf-16": len(BEFORE.encode("utf-16-le")) // 2,
    "utf-32": len(BEFORE),
}


@pytest.mark.parametrize(
    ("editor", "encoding"),
    [("visual_studio_code", "utf-16"), ("neovim", "utf-8"), ("emacs", "utf-32")],
)
def test_hints_and_hover(start: Callable[..., Client], editor: str, encoding: str) -> None:
    client = start()
    capabilities = converters.get_converter().unstructure(client_capabilities(editor))
    result = client.initialize(capabilities)
    assert result["capabilities"]["positionEncoding"] == encoding
    client.wait_for("workspace/configuration")
    if capabilities["window"].get("workDoneProgress"):
        client.wait_until_ready()
    uri = client.open(SOURCE)
    column = COLUMN[encoding]
    assert [(c, label) for _, c, label in client.labels(uri)] == [
        (column + 8, ": string"),
        (column, ": string"),
        (column + 7, ": number"),
    ]
    hover = client.ask(
        "textDocument/hover",
        {"textDocument": {"uri": uri}, "position": {"line": 0, "character": column}},
    )
    assert hover["range"]["start"]["character"] == column - 4
    first = client.ask("inlayHint/resolve", client.hints(uri)[0])
    assert first["textEdits"][0]["newText"] == "/** @returns {string} */ "
    assert first["textEdits"][0]["range"]["start"]["character"] == column - len("function f(text")
    assert client.stop() == 0
