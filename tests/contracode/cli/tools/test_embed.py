"""`contracode embed`: rows in input order, a listing of functions, records named by line."""

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


def test_each_file_gets_a_row(
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
    languages = ("javascript", "typescript", "javascript")
    expected = np.concatenate(
        [
            model.embed([Path(file).read_text()], language=language)
            for file, language in zip(files, languages, strict=True)
        ]
    )
    np.testing.assert_allclose(np.load(output), expected, atol=1e-6)


def test_folders_and_patterns_stand_for_their_files(
    files: list[str], tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "project"
    (folder / "node_modules").mkdir(parents=True)
    for path in ("a.js", "b.ts", "node_modules/c.js"):
        (folder / path).write_text(f"// {path}\nf()\n")
    (folder / "latin.js").write_bytes(b"// caf\xe9\n")
    output = tmp_path / "out.npy"
    assert embed(folder, "-o", output, "--model", model_folder) == 0
    assert np.load(output).shape == (2, 32)
    told = capsys.readouterr().err
    assert f"{folder}/latin.js:1: is not UTF-8" in told
    assert embed(folder / "**/*.[jt]s", "-o", output, "--model", model_folder) == 2
    (folder / "latin.js").unlink()
    assert embed(folder / "**/*.[jt]s", "-o", output, "--model", model_folder) == 0
    assert np.load(output).shape == (3, 32)
    assert embed(folder / "*.mjs", "-o", output, "--model", model_folder) == 2


def test_each_function_gets_a_row_and_a_listing(
    files: list[str], tmp_path: Path, model_folder: Path, model: Model
):
    output = tmp_path / "out.npy"
    assert embed(files[0], "-o", output, "--functions", "--model", model_folder) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["name"], row["line"]) for row in rows] == [("f", 1), ("g", 2)]
    expected = model.embed(["function f(x) { return x }", "() => 2"])
    np.testing.assert_allclose(np.load(output), expected, atol=1e-6)
    assert embed(files[2], "-o", output, "--functions", "--model", model_folder) == 2


def test_a_field_of_each_record_gets_a_row(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
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


def test_no_names_ignores_identifiers(tmp_path: Path) -> None:
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


def test_files_and_records_exclude_each_other(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert embed("-o", tmp_path / "out.npy") == 2
    assert embed(*files, "--jsonl", "x", "-o", tmp_path / "out.npy") == 2
    assert capsys.readouterr().err.count("--jsonl") == 2


def test_inputs_and_folders_are_not_overwritten(
    files: list[str], tmp_path: Path, model_folder: Path
):
    (tmp_path / "project").mkdir()
    before = Path(files[0]).read_bytes()
    for output in (files[0], tmp_path / "project"):
        assert embed(*files, "-o", output, "--model", model_folder) == 2
    assert Path(files[0]).read_bytes() == before
    assert (tmp_path / "project").is_dir()
