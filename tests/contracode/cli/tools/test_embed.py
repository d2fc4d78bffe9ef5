"""`contracode embed`: rows in order, functions listed beside, bad records named by line."""

import json
from pathlib import Path

import numpy as np
import pytest

from contracode.cli.main import main
from contracode.inference.model import Model


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    texts = {
        "a.js": "function f(x) { return x }\nconst g = () => 2\n",
        "b.ts": "let n: number = 1\n",
        "c.js": "(((",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in texts]


def embed(*arguments: str | Path) -> int:
    return main(["embed", *map(str, arguments)])


def test_files(
    files: list[str],
    tmp_path: Path,
    model_folder: Path,
    model: Model,
    capsys: pytest.CaptureFixture[str],
):
    output = tmp_path / "out.npy"
    assert embed(*files, "-o", output, "--model", model_folder, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "output": str(output),
        "rows": 3,
        "dimension": 32,
    }
    expected = model.embed([Path(file).read_text() for file in files])
    np.testing.assert_allclose(np.load(output), expected, atol=1e-6)


def test_functions(files: list[str], tmp_path: Path, model_folder: Path, model: Model):
    output = tmp_path / "out.npy"
    assert embed(files[0], "-o", output, "--functions", "--model", model_folder) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["name"], row["line"]) for row in rows] == [("f", 1), ("g", 2)]
    expected = model.embed(["function f(x) { return x }", "() => 2"])
    np.testing.assert_allclose(np.load(output), expected, atol=1e-6)
    assert embed(files[2], "-o", output, "--functions", "--model", model_folder) == 2


def test_records(tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "let a"}\n{"text": ""}\n')
    assert (
        embed(
            "--jsonl", rows, "--field", "text", "-o", tmp_path / "out.npy", "--model", model_folder
        )
        == 0
    )
    assert np.load(tmp_path / "out.npy").shape == (2, 32)
    rows.write_text('{"text": "let a"}\n{"text": 1}\n')
    assert (
        embed(
            "--jsonl", rows, "--field", "text", "-o", tmp_path / "no.npy", "--model", model_folder
        )
        == 2
    )
    assert "rows.jsonl:2: has no text in field 'text'" in capsys.readouterr().err
    assert not (tmp_path / "no.npy").exists()


def test_names_count_unless_they_are_left_out(tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_text("const latticeOf = (a) => a + 1\nfunction f(a) { return (a) => a + 1 }\n")
    rows: dict[str, np.ndarray] = {}
    for option in ("--functions", "--no-names"):
        assert embed(source, "--functions", option, "-o", tmp_path / "out.npy") == 0
        rows[option] = np.load(tmp_path / "out.npy")
    named, _, unnamed = rows["--functions"]  # both arrows have one text
    assert named @ unnamed < 0.95
    blind, _, other = rows["--no-names"]
    np.testing.assert_array_equal(blind, other)
    assert len(blind) < len(named)


def test_one_source_of_texts_is_wanted(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert embed("-o", tmp_path / "out.npy") == 2
    assert embed(*files, "--jsonl", "x", "-o", tmp_path / "out.npy") == 2
    assert "either files or --jsonl" in capsys.readouterr().err


def test_no_input_and_no_folder_is_overwritten(
    files: list[str], tmp_path: Path, model_folder: Path
):
    (tmp_path / "project").mkdir()
    before = Path(files[0]).read_bytes()
    for output in (files[0], tmp_path / "project"):
        assert embed(*files, "-o", output, "--model", model_folder) == 2
    assert Path(files[0]).read_bytes() == before
    assert (tmp_path / "project").is_dir()
