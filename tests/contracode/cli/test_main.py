"""The command line as a whole: overview, help of every verb, exit codes."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import augment
from contracode.cli.main import VERBS, main
from contracode.version import __version__


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "contracode.cli.main", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
    )


def test_overview_lists_every_verb_without_heavy_imports() -> None:
    script = (
        "import sys\nfrom contracode.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'torch', 'rich', 'onnxruntime', 'sentencepiece', "
        "'tree_sitter') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    for verb, (_, summary) in VERBS.items():
        assert verb in out
        assert summary in out
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_has_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([verb, "--help"])
    assert end.value.code == 0
    help_text = capsys.readouterr().out
    assert "examples:" in help_text
    assert f"contracode {verb}" in help_text


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version_is_printed(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([option])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"contracode {__version__}\n"


def test_without_a_verb_the_overview_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "verbs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "meant"), [("emebd", "embed"), ("clone", "clones"), ("fine-tune", "finetune")]
)
def test_a_misspelt_verb_gets_a_suggestion(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([typed, "a.js"]) == 2
    assert capsys.readouterr().err == f"contracode: unknown verb {typed}; did you mean {meant}?\n"
    assert main(["qqqq"]) == 2
    assert "did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["embed"], ["embed", "a.js", "--no-such-option"], ["search", "text", "x", "--top", "many"]],
)
def test_wrong_usage_is_one_line_and_exit_code_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"contracode {arguments[0]}: ")
    assert error.count("\n") == 1


def test_bad_input_is_one_line_naming_file_and_line_and_exit_code_two(tmp_path: Path) -> None:
    broken = tmp_path / "broken.js"
    broken.write_text("let a = 1;\nlet b = ;\n")
    result = run("augment", str(broken))
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.decode().splitlines() == [
        f"contracode augment: {broken}:2: this does not parse"
    ]
    missing = run("augment", str(tmp_path / "none.js"))
    assert (missing.returncode, missing.stderr.count(b"\n")) == (2, 1)


def test_an_unwritable_output_is_one_line(tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_text("f()")
    for output in (source / "x.npy", tmp_path / ("n" * 300)):
        result = run("embed", str(source), "-o", str(output))
        assert result.returncode == 2
        assert result.stderr.decode().startswith(f"contracode embed: {output}: ")
        assert result.stderr.count(b"\n") == 1
    assert list(tmp_path.iterdir()) == [source]


def test_a_missing_training_package_names_the_extra(tmp_path: Path) -> None:
    script = (
        "import sys\nsys.modules['torch'] = None\nfrom contracode.cli.main import main\n"
        f"sys.exit(main(['pretrain', {str(tmp_path)!r}, '-o', {str(tmp_path / 'run')!r}]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "torch" in result.stderr
    assert "pip install 'contracode[train]'" in result.stderr


def test_augment_reads_standard_input_and_checks(tmp_path: Path) -> None:
    source = "function f(value) { return value + 1 + 2 * 3 }\n"
    file = tmp_path / "f.js"
    file.write_text(source)
    one = run(
        "augment", "-", "--transform", "rename-variables", "--all", "--check", stdin=source.encode()
    )
    other = run("augment", str(file), "--transform", "rename-variables", "--all")
    assert one.returncode == other.returncode == 0
    assert one.stdout == other.stdout
    assert b"value" not in one.stdout
    diff = run("augment", str(file), "--transform", "fold-constants", "--diff").stdout.decode()
    assert "+function f(value) { return value + 1 + 6 }" in diff


def test_batch_answers_each_line_in_order() -> None:
    requests = (
        '{"id": 1, "code": "var a = \\"\u2028\\" + 1 + 2;", "name": "fold-constants"}\n'
        '{"id": 2, "code": "a = ;"}\n'
        '{"id": 3, "code": "f()", "name": "no-such"}\n'
    )
    result = run("augment", "--batch", stdin=requests.encode())
    answers = [json.loads(line) for line in result.stdout.split(b"\n") if line]
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert answers[0]["code"].startswith("var a = ")
    assert "does not parse" in answers[1]["error"]
    assert "no-such" in answers[2]["error"]
    assert run("augment", "--batch", stdin=b"not json\n").returncode == 2


def test_a_fault_of_the_engine_fails_only_its_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    view = augment.Pipeline.view

    def faulty(
        self: augment.Pipeline, program: augment.Program, seed: int = 0, copy: int = 0
    ) -> augment.View:
        return view(self, program, seed, copy if seed else [][0])

    monkeypatch.setattr(augment.Pipeline, "view", faulty)
    requests = "".join(
        json.dumps({"id": seed, "code": "f(1)", "seed": seed}) + "\n" for seed in (1, 0, 2)
    )
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(requests.encode())))
    assert main(["augment", "--batch"]) == 0
    told = capsys.readouterr()
    answers = [json.loads(line) for line in told.out.splitlines()]
    assert [("code" in answer, answer.get("error", "")) for answer in answers] == [
        (True, ""),
        (False, "internal error: IndexError: list index out of range"),
        (True, ""),
    ]
    assert "Traceback" in told.err
