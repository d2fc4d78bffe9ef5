"""The sample corpus is what data/README.md says: it parses, it is large enough, and its splits
cover it.
"""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest
import tree_sitter_javascript
import tree_sitter_typescript
from py_mini_racer import JSEvalException, MiniRacer
from tree_sitter import Language, Node, Parser

import augment

DATA = Path(__file__).parents[2] / "data"
SAMPLE = DATA / "sample"
JAVASCRIPT = sorted((SAMPLE / "javascript").glob("*/*.js"))
TYPESCRIPT = sorted((SAMPLE / "typescript").glob("*/*.ts"))
SOURCES = JAVASCRIPT + TYPESCRIPT
GRAMMARS = {".js": tree_sitter_javascript.language(), ".ts": tree_sitter_typescript.language_typescript()}


def short(path: Path) -> str:
    return path.relative_to(SAMPLE).as_posix()


def is_module(source: str) -> bool:
    return any(line.startswith(("export ", "import ")) for line in source.splitlines())


def tree_of(source: bytes, suffix: str) -> Node:
    return Parser(Language(GRAMMARS[suffix])).parse(source).root_node


def functions_of(
    paths: list[Path], language: Literal["javascript", "typescript"]
) -> list[tuple[Path, augment.Function, str]]:
    found = []
    for path in paths:
        program = augment.parse(path.read_bytes(), language=language)
        found += [(path, function, program.text(function.node)) for function in program.functions]
    return found


def v8_error(source: str) -> str | None:
    """What V8 has against a script; wrapped in a function, it is compiled and not run."""
    try:
        MiniRacer().eval(f"(function (module, exports, require) {{{source}\n}}); 0")
    except JSEvalException as error:
        return str(error)
    return None


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_parses_without_error(path):
    assert not tree_of(path.read_bytes(), path.suffix).has_error


def test_the_parse_check_sees_errors():
    assert tree_of(b"function (", ".js").has_error
    assert tree_of(b"let x: = 1", ".ts").has_error


@pytest.mark.parametrize("path", [path for path in JAVASCRIPT if not is_module(path.read_text("utf-8"))], ids=short)
def test_scripts_compile_in_v8(path):
    assert v8_error(path.read_text("utf-8")) is None


def test_the_v8_check_sees_errors():
    assert "SyntaxError" in (v8_error("let a; let a;") or "")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_modules_compile_in_node():
    modules = [path for path in JAVASCRIPT if is_module(path.read_text("utf-8"))]
    assert modules
    for path in modules:
        command = ["node", "--input-type=module", "--check"]
        done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=False)
        assert done.returncode == 0, f"{short(path)}: {done.stderr.decode()}"


def test_there_are_enough_functions():
    found = functions_of(JAVASCRIPT, "javascript")
    assert len(JAVASCRIPT) >= 30
    assert sum(1 for _, function, text in found if function.name and text.count("\n") >= 2) >= 160
    kinds = Counter(function.kind for _, function, _ in found)
    assert set(kinds) == {"function", "arrow", "method", "getter", "setter", "constructor"}
    assert any(function.is_async for _, function, _ in found)
    assert any(function.is_generator for _, function, _ in found)


def test_typescript_is_large_and_annotated():
    annotations = sum(
        annotation.parent is not None and annotation.parent.type != "property_signature"
        for path in TYPESCRIPT
        for annotation in augment.parse(path.read_bytes(), language="typescript").nodes("type_annotation")
    )
    assert len(TYPESCRIPT) >= 25
    assert len([function for _, function, _ in functions_of(TYPESCRIPT, "typescript") if function.name]) >= 250
    assert annotations >= 900


def test_splits_cover_exactly_the_projects():
    splits = json.loads((SAMPLE / "splits.json").read_text("utf-8"))
    named = [project for projects in splits.values() for project in projects]
    assert set(splits) == {"train", "valid", "test"}
    assert len(named) == len(set(named))
    assert set(named) == {path.parent.name for path in SOURCES}
    for paths in (JAVASCRIPT, TYPESCRIPT):
        held_out = Counter(next(name for name, names in splits.items() if path.parent.name in names) for path in paths)
        assert held_out["train"] > held_out["test"] > 0
        assert held_out["valid"] > 0


def test_every_project_is_described():
    text = (DATA / "README.md").read_text("utf-8")
    for path in SOURCES:
        assert f"| `{path.parent.name}` |" in text, path.parent.name
