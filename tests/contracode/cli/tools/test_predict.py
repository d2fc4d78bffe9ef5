"""`contracode predict`: hints drawn in place, JSON with places, bad input as one line."""

import json
from pathlib import Path

import pytest

from contracode.cli.main import main
from contracode.javascript.records import Candidate, TypePrediction
from contracode.products.annotate.draw_hints import draw, placed, shown

SOURCE = "// größe\nfunction f(a, b = 2) {\n\tconst n = a + b;\n\treturn n;\n}\n"


def prediction(offset: int, type: str, probability: float = 0.9, **facts: bool) -> TypePrediction:
    candidates = (Candidate(type, probability), Candidate("other", 0.01))
    flags = {"written": False, "obvious": False} | facts
    return TypePrediction(
        "parameter", "a", (offset - 1, offset), offset, candidates, function=None, **flags
    )


def test_hints_are_drawn_at_bytes():
    source = "(é, b) => é"
    found = [prediction(6, "number"), prediction(3, "string")]
    assert "".join(part.text for part in draw(source, found)) == "(é: string, b: number) => é"
    assert "".join(part.text for part in draw(source, found) if part.probability is None) == source


def test_only_what_deserves_a_hint_is_shown():
    found = [prediction(1, "a", 0.5), prediction(2, "b", 0.4), prediction(3, "c", written=True)]
    assert [
        one.candidates[0].type for one in shown([*found, prediction(4, "d", obvious=True)], 0.5)
    ] == ["a"]


def test_an_arrow_without_parentheses_has_no_place_for_what_it_returns():
    def returned(offset: int) -> TypePrediction:
        return TypePrediction(
            "return", "", (0, offset), offset, (Candidate("void", 0.9),), False, False, None
        )

    parameter, bare, bracketed = prediction(6, "number", 0.1), returned(6), returned(9)
    assert placed([bare, bracketed], [parameter, bare, bracketed]) == [bracketed]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.js"
    path.write_text(SOURCE, "utf-8")
    return path


def test_types_are_drawn(file: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["predict", "types", str(file), "--model", str(model_folder), "--threshold", "0"]) == 0
    )
    drawn = capsys.readouterr().out
    types = "string|number|boolean|string[]|Größe".split("|")
    lines = drawn.splitlines()
    assert lines[0] == "// größe"
    assert any(lines[1].startswith(f"function f(a: {name}, b = 2): ") for name in types)
    assert any(lines[2] == f"\tconst n: {name} = a + b;" for name in types)
    assert (
        main(["predict", "types", str(file), "--model", str(model_folder), "--threshold", "1"]) == 0
    )
    assert capsys.readouterr().out == SOURCE


def test_types_as_json(file: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["predict", "types", str(file), "--model", str(model_folder), "--json", "--top", "2"])
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["name"], one["line"], one["column"]) for one in found] == [
        ("return", "f", 2, 10),
        ("parameter", "a", 2, 12),
        ("parameter", "b", 2, 15),
        ("variable", "n", 3, 8),
    ]
    assert all(len(one["candidates"]) == 2 for one in found)
    assert SOURCE.encode()[slice(*found[3]["span"])] == b"n"
    assert found[2]["obvious"]


def test_names(file: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["predict", "name", str(file), "--model", str(model_folder), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["name"], found["line"]) == ("f", 2)
    assert 1 <= len(found["candidates"]) <= 3
    assert main(["predict", "name", str(file), "--model", str(model_folder)]) == 0
    assert capsys.readouterr().out.startswith("     2  f: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"let a = 1;\nfunction (", "file.js:2: "),
        (b"let a\n\xff", "file.js:2: is not UTF-8"),
        (None, "file.js: No such file"),
    ],
)
def test_bad_input_is_one_line(
    content: bytes | None,
    message: str,
    tmp_path: Path,
    model_folder: Path,
    capsys: pytest.CaptureFixture[str],
):
    path = tmp_path / "file.js"
    if content is not None:
        path.write_bytes(content)
    assert main(["predict", "types", str(path), "--model", str(model_folder)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_missing_model_is_told(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["predict", "types", str(file), "--model", str(tmp_path / "none")]) == 2
    assert "no such model folder" in capsys.readouterr().err


def test_numbers_out_of_range_are_refused(
    file: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    for option in (
        ("--threshold", "7"),
        ("--threshold", "nan"),
        ("--top", "0"),
        ("--threads", "100000"),
    ):
        assert main(["predict", "types", str(file), "--model", str(model_folder), *option]) == 2
        assert capsys.readouterr().err.count("\n") == 1
