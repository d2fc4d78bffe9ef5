"""A server feature of one file: this one. No product file knows it.

It answers `toy/countFunctions` with the number of functions of an open document, counts changes of
documents, and offers a code action.
"""

import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from lsp_client import REAL_SERVER, Client, edit, span
from lsprotocol import types
from test_server_code_actions import CAPABILITIES

from lsp_server.services.context import ActionRequest, Context

KIND = "source.countFunctions"


def register(context: Context) -> None:
    """Register the feature."""
    changes: dict[str, int] = {}

    def changed(document: Any, _: Any) -> None:
        changes[document.uri] = changes.get(document.uri, 0) + 1

    context.events.on_change(changed)
    context.code_actions.add(KIND, partial(_action, context))

    @context.feature("toy/countFunctions")
    async def count_functions(params: Any) -> dict[str, int] | None:
        document = context.documents.get(params.uri)
        if document is None or document.language is None:
            return None
        source, language = document.source, document.language
        program = await context.worker.submit(lambda _: context.parses.program(source, language))
        return {"functions": len(program.functions), "changes": changes.get(params.uri, 0)}


async def _action(context: Context, request: ActionRequest) -> list[types.CodeAction]:
    return [types.CodeAction("Count functions", kind=KIND)] if context.settings.enabled else []


def test_the_real_server_offers_a_feature_of_this_file() -> None:
    command = [*REAL_SERVER, "--feature", "test_extra_feature"]
    with Client(command, folder=Path(__file__).parent) as client:
        capabilities = client.initialize(CAPABILITIES)["capabilities"]
        announced = capabilities["codeActionProvider"]["codeActionKinds"]
        assert KIND in announced
        uri = client.open("function f() {}\nconst g = () => 1\n")
        client.change(uri, 2, edit(0, 0, 0, 0, "function h() {}\n"))
        answer = client.ask("toy/countFunctions", {"uri": uri})
        assert answer == {"functions": 3, "changes": 1}
        where = {"textDocument": {"uri": uri}, "range": span(0, 0, 0, 0)}
        found = client.ask(
            "textDocument/codeAction", {**where, "context": {"diagnostics": [], "only": [KIND]}}
        )
        assert [one["title"] for one in found] == ["Count functions"]


def test_an_unknown_feature_module_is_a_one_line_error() -> None:
    command = [*REAL_SERVER, "--feature", "no_such_module"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "contracode-lsp: --feature: No module named 'no_such_module'\n"
