"""`contracode ast`: the tree of the engine, and ESTree."""

import json
from pathlib import Path

import pytest

from contracode.cli.main import main


def test_tree_shows_fields_types_and_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.js").write_text("let größe = 1;\nf(größe, 2)\n", "utf-8")
    assert main(["ast", str(tmp_path / "a.js"), "--named"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "program [1:1-3:1]",
        "  lexical_declaration [1:1-1:15]",
        "    variable_declarator [1:5-1:14]",
        "      name: identifier [1:5-1:10] 'größe'",
        "      value: number [1:13-1:14] '1'",
        "  expression_statement [2:1-2:12]",
        "    call_expression [2:1-2:12]",
        "      function: identifier [2:1-2:2] 'f'",
        "      arguments: arguments [2:2-2:12]",
        "        identifier [2:3-2:8] 'größe'",
        "        number [2:10-2:11] '2'",
    ]
    assert main(["ast", str(tmp_path / "a.js")]) == 0
    assert "      = [1:11-1:12]" in capsys.readouterr().out.splitlines()


def test_estree_is_json_with_ranges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.js").write_text("export const re = /a+/g;\n")
    assert main(["ast", str(tmp_path / "a.js"), "--format", "estree"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert (tree["type"], tree["sourceType"]) == ("Program", "module")
    (declarator,) = tree["body"][0]["declaration"]["declarations"]
    assert declarator["id"]["range"] == [13, 15]
    assert declarator["init"]["regex"] == {"pattern": "a+", "flags": "g"}


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.js", "f();\nlet x = a?.b;\n", "a.js:2: "),
        ("a.ts", "let x: number = 1\n", "a.ts: "),
        ("a.js", "f(" + "(" * 5000 + ")" * 5000 + ")", "a.js: "),
    ],
)
def test_estree_reports_what_it_cannot_read_in_one_line(
    name: str, text: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text)
    assert main(["ast", str(tmp_path / name), "--format", "estree"]) == 2
    error = capsys.readouterr().err
    assert place in error
    assert error.count("\n") == 1


def test_a_source_that_does_not_parse_is_reported_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.js").write_text("f();\nlet = ;\n")
    assert main(["ast", str(tmp_path / "a.js")]) == 2
    assert f"{tmp_path}/a.js:2: " in capsys.readouterr().err
