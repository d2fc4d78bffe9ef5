"""`contracode augment`: minimizing, corpora, the normal form, checks."""

import json
import subprocess
import sys
from pathlib import Path

from augment import Pipeline, parse
from contracode.cli.tools.view_checks import problems_of

COMMAND = [sys.executable, "-m", "contracode.cli.main", "augment"]


def test_minimize_shrinks_what_a_command_rejects(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text(
        "function f(a) {\n  if (a) {\n    g(a, 'needle');\n  }\n  return a;\n}\nf(1);\n"
    )
    check = tmp_path / "check.py"
    check.write_text("import sys\nsys.exit('needle' in sys.stdin.read())\n")
    command = f"{sys.executable} {check}"
    done = subprocess.run(
        [*COMMAND, "--minimize", str(file), "--check-command", command],
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"needle\n"


def test_minimize_refuses_a_file_without_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text("f(1);\n")
    done = subprocess.run([*COMMAND, "--minimize", str(file)], capture_output=True, text=True)
    assert done.returncode == 2
    assert "a.js: nothing to shrink" in done.stderr


def test_a_corpus_is_rewritten_with_a_summary(tmp_path: Path) -> None:
    rows = tmp_path / "in.jsonl"
    rows.write_text(json.dumps({"text": "f(a + 1)"}) + "\n" + json.dumps({"text": "("}) + "\n")
    options = [
        "--jsonl",
        str(rows),
        "-o",
        str(tmp_path / "out.jsonl"),
        "--field",
        "text",
        "--copies",
        "2",
    ]
    done = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=True)
    assert "2 variants of 1 rows" in done.stdout
    assert "1 rows without variants" in done.stdout
    assert [json.loads(line)["copy"] for line in (tmp_path / "out.jsonl").open()] == [0, 1]
    assert subprocess.run([*COMMAND, *options[:2]], capture_output=True).returncode == 2


def test_the_normal_form_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.js"
    file.write_text("const f = xs => xs.map(x => x > 1 ? 'a' : void 0) // why\n")
    options = [*COMMAND, "--normal-form", "--source-type", "module", str(file)]
    done = subprocess.run([*options, "--number-names"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(
        "let v0 = (v1) => {\n  return v1.map((v2) => {\n    if (1 < v2) {\n"
    )
    file.write_text(done.stdout)
    again = subprocess.run(
        [*options, "--number-names", "--diff"], capture_output=True, text=True, check=True
    )
    assert again.stdout == ""
    request = json.dumps(
        {"id": 7, "code": "function f(a) { return a ? 1 : 2 }", "name": "normal-form"}
    )
    answered = subprocess.run(
        [*COMMAND, "--batch"], input=request, capture_output=True, text=True, check=True
    )
    assert json.loads(answered.stdout) == {
        "id": 7,
        "code": "function f(v0) {\n  if (v0) {\n    return 1;\n  }\n  return 2;\n}\n",
    }


def test_check_compares_with_a_second_parser() -> None:
    program = parse("const a = 1;\n")
    view = Pipeline([]).view(program)
    assert list(problems_of(program, view)) == []
    view.text = "const a;    \n"
    parse(view.text)  # the engine's own grammar accepts it
    assert "esprima" in [problem.checker for problem in problems_of(program, view)]
    modern = parse("f(a?.b);\n")  # newer than the second parser
    assert list(problems_of(modern, Pipeline([]).view(modern))) == []
