"""The set-ups for editors: shown in docs/editors.md word for word; the VS Code extension has the
server's settings, and its own names.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lsp_server.features import similar_functions
from lsp_server.services.settings import ServerSettings, read

ROOT = Path(__file__).parents[2]
EDITORS = ROOT / "lsp_server" / "editors"
SETUPS = sorted(
    path.name for path in EDITORS.iterdir() if path.is_file() and path.name != "README.md"
)

CLIENTS_OWN = {
    "hints.besideTypeScript",
    "server.command",
    "server.model",
    "server.logLevel",
    "trace.server",
}
"""ServerSettings that the extension does not pass on."""


def manifest() -> dict[str, Any]:
    return json.loads((EDITORS / "vscode" / "package.json").read_text("utf-8"))


def properties() -> dict[str, Any]:
    found = manifest()["contributes"]["configuration"]["properties"]
    assert all(name.startswith("contracode.") for name in found)
    return {name.removeprefix("contracode."): value for name, value in found.items()}


def flat(value: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path.removeprefix("."): value}
    return {
        key: inner
        for name, part in value.items()
        for key, inner in flat(part, f"{path}.{name}").items()
    }


@pytest.mark.parametrize("name", SETUPS)
def test_the_page_shows_each_file(name: str) -> None:
    content = (EDITORS / name).read_text("utf-8")
    assert f"\n{content}```\n" in (ROOT / "docs" / "editors.md").read_text("utf-8")
    assert name in (EDITORS / "README.md").read_text("utf-8")


def test_options_in_them_are_settings() -> None:
    coc = json.loads((EDITORS / "coc-settings.json").read_text())["languageserver"]["contracode"]
    helix = tomllib.loads((EDITORS / "helix-languages.toml").read_text())["language-server"][
        "contracode"
    ]
    for options in (coc["initializationOptions"], helix["config"]):
        assert read(options)[1] == []


def test_the_extension_has_all_settings_of_the_server_with_their_defaults() -> None:
    ours = flat(msgspec.to_builtins(ServerSettings()))
    theirs = {name: value["default"] for name, value in properties().items()}
    assert {name: value for name, value in theirs.items() if name not in CLIENTS_OWN} == ours
    assert set(theirs) >= CLIENTS_OWN
    for name, value in properties().items():
        assert value.get("description") or value.get("markdownDescription"), name


def test_a_workspace_cannot_choose_what_runs() -> None:
    assert {name for name, value in properties().items() if value["scope"] == "machine"} == {
        "server.command",
        "server.model",
        "server.logLevel",
    }


def test_commands_are_our_own_and_none_is_the_servers() -> None:
    commands = [command["command"] for command in manifest()["contributes"]["commands"]]
    assert all(command.startswith("contracode.") for command in commands)
    assert (
        similar_functions.COMMAND not in commands
    )  # the client registers those of the server: a clash kills it
    source = "".join(path.read_text("utf-8") for path in (EDITORS / "vscode" / "src").glob("*.ts"))
    for command in commands:
        assert f'registerCommand("{command}"' in source
