"""`contracode evaluate`: each task on small data, with its baselines in the same report."""

import json
import shutil
from pathlib import Path

import pytest

from contracode.cli.main import main

FUNCTIONS = [
    (
        "sumOf",
        "function sumOf(list) { let total = 0; for (const item of list) total += item; return "
        "total; }",
    ),
    ("isEven", "function isEven(n) { return n % 2 === 0; }"),
    (
        "readAll",
        "async function readAll(stream) { const parts = []; for await (const p of stream) "
        "parts.push(p); }",
    ),
    ("clamp", "function clamp(value, low, high) { return Math.max(low, Math.min(high, value)); }"),
    ("greet", "const greet = (name) => { return `hello ${name}`; };"),
]


@pytest.fixture
def functions(tmp_path: Path) -> Path:
    path = tmp_path / "functions.jsonl"
    rows = [
        {"repo": f"repo{i}", "path": "a.js", "func_name": name, "code": code}
        for i, (name, code) in enumerate(FUNCTIONS)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def evaluate(
    capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> dict[tuple[str, str], float]:
    assert main(["evaluate", *map(str, arguments), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    for figure in report["figures"]:
        assert figure["low"] <= figure["value"] <= figure["high"]
    return {(figure["method"], figure["metric"]): figure["value"] for figure in report["figures"]}


def test_retrieval(functions: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    found = evaluate(capsys, "retrieval", "--data", functions, "--model", model_folder)
    assert {method for method, _ in found} == {"bag of pieces", "untrained", "tiny"}
    assert {metric for _, metric in found} == {"P@1", "MRR", "AUROC"}
    assert found["tiny", "MRR"] > 50  # an untrained encoder sees the shared pieces
    assert found == evaluate(capsys, "retrieval", "--data", functions, "--model", model_folder)


def test_types(tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    for number in range(6):
        text = (
            f"export function f{number}(s: string, n: number, x: any): string "
            f"{{ return s.repeat(n + {number}) }}\n"
        )
        (tmp_path / f"{number}.ts").write_text(text)
    found = evaluate(capsys, "types", "--data", tmp_path, "--model", model_folder)
    assert found["by name", "acc@1"] == 100
    assert found["most frequent", "acc@1"] == pytest.approx(200 / 3)
    assert found["most frequent", "acc@5"] == 100
    assert found["tiny", "acc@5"] == 100  # five types in its vocabulary, and both are among them
    assert ("tiny", "ECE") in found


def test_models_are_compared_with_each_other(
    functions: Path, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    other = tmp_path / "other"
    shutil.copytree(model_folder, other)
    manifest = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(manifest | {"name": "other"}))
    (tmp_path / "a.ts").write_text(
        "export function f(s: string, n: number): string { return s.repeat(n) }\n"
    )
    for task, data in (("names", functions), ("types", tmp_path / "a.ts")):
        command = [
            task,
            "--data",
            data,
            "--train",
            data,
            "--model",
            model_folder,
            "--against",
            other,
        ]
        assert main(["evaluate", *map(str, command), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert {"tiny", "other"} <= {figure["method"] for figure in report["figures"]}
        gaps = [
            one
            for one in report["differences"]
            if (one["method"], one["other"]) == ("tiny", "other")
        ]
        assert gaps
        assert all(one["low"] <= one["value"] == 0 <= one["high"] for one in gaps)
        command[-1] = model_folder
        assert main(["evaluate", *map(str, command)]) == 2
        assert "two models are called tiny" in capsys.readouterr().err


def test_deeptyper_lines(tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    # a parenthesis too many: it need not parse
    tokens = "<s> function _UNKNOWN_ ( count , Größe ) { return count } ) </s>"
    labels = "O O $number$ O $number$ O $any$ O O O $number$ O O O"
    (tmp_path / "lines.txt").write_text(f"{tokens}\t{labels}\n" * 2, "utf-8")
    lines = tmp_path / "lines.txt"
    found = evaluate(
        capsys,
        "types",
        "--format",
        "deeptyper",
        "--data",
        lines,
        "--train",
        lines,
        "--model",
        model_folder,
    )
    assert (found["by name and context", "acc@1"], found["by name and context", "acc@1 all"]) == (
        100,
        100,
    )
    assert found["most frequent", "acc@1 all"] == 75
    assert found["tiny", "acc@5"] == 100
    assert found["tiny", "acc@5 all"] == 75
    assert (
        main(
            [
                "evaluate",
                "types",
                "--format",
                "deeptyper",
                "--data",
                str(lines),
                "--model",
                str(model_folder),
            ]
        )
        == 2
    )
    assert "--train" in capsys.readouterr().err


def test_names(functions: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]):
    found = evaluate(
        capsys,
        "names",
        "--data",
        functions,
        "--train",
        functions,
        "--model",
        model_folder,
        "--limit",
        "4",
    )
    assert {metric for _, metric in found} == {"precision", "recall", "F1", "exact"}
    assert found["tiny", "exact"] <= 100
    assert {method for method, _ in found} == {
        "most frequent",
        "nearest rename-blind",
        "nearest by tiny",
        "tiny",
    }
    # the training functions are those that are asked: each is its own neighbour, though its name is
    # hidden
    assert found["nearest rename-blind", "exact"] == found["nearest by tiny", "exact"] == 100


def test_figures_are_printed_as_a_table(
    functions: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert (
        main(["evaluate", "retrieval", "--data", str(functions), "--model", str(model_folder)]) == 0
    )
    printed = capsys.readouterr().out
    assert "bag of pieces" in printed
    assert "AUROC" in printed


def test_bad_input_is_a_one_line_error(
    tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "clones.jsonl").write_text('{"problem": 1}\n')
    assert main(["evaluate", "clones", "--data", str(tmp_path), "--model", str(model_folder)]) == 2
    assert "clones.jsonl:1: " in capsys.readouterr().err
    assert main(["evaluate", "types", "--data", str(tmp_path), "--model", str(model_folder)]) == 2
    assert "no TypeScript" in capsys.readouterr().err
