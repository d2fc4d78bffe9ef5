"""`contracode corpus`, as a user runs it."""

import json
import subprocess
import sys

import pytest

FUNCTION = "/** Adds. */\nfunction add(a, b) {\n  const total = a + b;\n  return total;\n}\n"


def corpus(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def code(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.js").write_text(FUNCTION)
    (tmp_path / "code" / "b.ts").write_text("let x: string = f();\n")
    return tmp_path / "code"


def test_stats_counts_what_build_wrote(code, tmp_path):
    done = corpus("build", f"some/one={code}", "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{tmp_path}/out: 1 functions from 2 files of 1 repository" in done.stdout
    done = corpus("stats", tmp_path / "out", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, sum(found["functions"].values()), found["documented"]) == (0, 1, 1)
    assert corpus("stats", tmp_path / "out").stdout.startswith("1 functions, 1 documented")


def test_build_prints_its_manifest(code, tmp_path):
    done = corpus("build", code, "-o", tmp_path / "out", "--json")
    assert json.loads(done.stdout) == json.loads((tmp_path / "out" / "manifest.json").read_text())


def test_the_engine_ray_needs_the_package(code, tmp_path):
    program = (
        "import sys; sys.modules['ray'] = None; from contracode.cli.main import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["corpus", "build", code, "-o", tmp_path / "out", "--engine", "ray"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "contracode corpus: the engine ray needs the package ray: pip install 'contracode[ray]'\n"
    )


def test_types_labels_annotations(code, tmp_path):
    done = corpus("types", code, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert "1 files from 2 files of 1 repository" in done.stdout
    assert "1  variable" in done.stdout


def test_broken_rows_are_reported_and_change_the_exit_code(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"code": "f()"}\n[]\n')
    done = corpus("stats", path)
    assert done.returncode == 1
    assert f"{path}:2: is not a row" in done.stderr
    assert "1 broken rows or files were skipped" in done.stdout
    strict = corpus("stats", path, "--strict")
    assert (strict.returncode, strict.stdout) == (2, "")
    assert strict.stderr.startswith(f"contracode corpus: {path}:2: ")
    assert strict.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "nowhere", "-o", "out"], "nowhere: no such file or folder"),
        (["build", ".", "-o", "out", "--shard-rows", "0"], "--shard-rows: must be at least 1"),
        (["build", ".", "-o", "out", "--splits", "nowhere.json"], "nowhere.json: No such file"),
        (["stats", "nowhere"], "nowhere: no such file, and no shards there"),
    ],
)
def test_bad_input_is_one_line(arguments, message):
    done = corpus(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
