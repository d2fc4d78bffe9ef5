"""A build in stages: the same bytes on any engine and after any death, and what files of rows
become.
"""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from contracode.corpus.build.builder import BuildOptions, build
from contracode.corpus.build.duplicates import choose
from contracode.corpus.build.parts import CHUNK_ROWS, KEYS, read_keys, read_lines, writing_part
from contracode.corpus.storage.readers import read_functions
from contracode.corpus.storage.rows import FunctionRecord
from contracode.corpus.storage.splits import split_of
from contracode.javascript.syntax_hash import function_key
from contracode.support.errors import InputError


def function(number: int, name: str = "f", a: str = "a") -> str:
    return f"function {name}({a}, b) {{\n  const total = {a} + b;\n  return total * {number};\n}}"


def row(number: int, repo: str, **fields: object) -> dict[str, object]:
    code = function(number, **fields.pop("named", {}))  # pyright: ignore
    published = {
        "repo": repo,
        "path": "a.js",
        "func_name": "f",
        "original_string": code,
        "code": code,
    }
    return {
        **published,
        "language": "javascript",
        "docstring": "Sums.",
        "url": f"https://x/{repo}",
        **fields,
    }


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("".join(json.dumps(fields) + "\n" for fields in rows).encode()))
    return path


@pytest.fixture
def places(tmp_path) -> list[Path]:
    """Two repositories and a folder of three files of rows, with functions that are there twice."""
    for name, numbers in {"one": range(20), "two": range(15, 40)}.items():
        (tmp_path / "code" / name).mkdir(parents=True)
        for number in numbers:
            (tmp_path / "code" / name / f"{number}.js").write_text(
                function(number, name=f"{name}{number}")
            )
    for number in range(3):
        rows = [
            row(n, f"some/repository{n % 7}") for n in range(30 + 25 * number, 60 + 25 * number)
        ]
        write_rows(tmp_path / "rows" / "train" / f"javascript_train_{number}.jsonl.gz", rows)
    return [tmp_path / "code" / "one", tmp_path / "code" / "two", tmp_path / "rows"]


def command(places: list[Path], output: Path, *options: object) -> list[str]:
    arguments = [*places, "-o", output, "--shard-rows", 10, *options]
    return [sys.executable, "-m", "contracode.cli.main", "corpus", "build", *map(str, arguments)]


def run(places: list[Path], output: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(places, output, *options), capture_output=True, text=True, check=False
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def uninterrupted(places, tmp_path) -> dict[str, bytes]:
    build(places, tmp_path / "expected", BuildOptions(shard_rows=10))
    return contents(tmp_path / "expected")


def test_any_number_of_workers_gives_the_same_bytes(places, tmp_path, uninterrupted):
    done = run(places, tmp_path / "out", "--workers", 2)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path / "out") == uninterrupted
    assert not list(tmp_path.glob(".*"))


# Dies as `kill -9` makes it, when it has finished a number of parts and shards.
DYING = """\
import os, signal, sys
from contracode.corpus.build.engine import LocalEngine
import contracode.corpus.build.engine

left = int(sys.argv.pop(1))

def map_ordered(self, function, items):
    global left
    for item in items:
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        yield function(item)

LocalEngine.map_ordered = map_ordered
from contracode.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    ("finished", "told"), [(0, ""), (2, "2 of 5 inputs read"), (8, "5 of 5 inputs read")]
)
def test_a_killed_build_goes_on(places, tmp_path, uninterrupted, finished, told):
    arguments = command(places, tmp_path / "out")[3:]
    killed = subprocess.run(
        [sys.executable, "-c", DYING, str(finished), *arguments], capture_output=True, check=False
    )
    assert killed.returncode == -9
    assert not (tmp_path / "out").exists()
    assert len(list((tmp_path / ".out.build" / "parts").iterdir())) == min(finished, 5)
    done = run(places, tmp_path / "out")
    assert (done.returncode, told in done.stderr, done.stderr.count("\n")) == (0, True, bool(told))
    assert contents(tmp_path / "out") == uninterrupted
    assert not list(tmp_path.glob(".*"))


def test_a_kill_while_processes_are_at_work(places, tmp_path, uninterrupted):
    last = places[-1] / "train" / "javascript_train_2.jsonl.gz"
    rows = last.read_bytes()
    last.unlink()
    os.mkfifo(last)  # whoever reads it waits
    building = command(places, tmp_path / "out", "--workers", 2)
    with (
        subprocess.Popen(building, stderr=subprocess.PIPE) as process,
        open(last, "wb"),
    ):  # waits for a reader
        process.kill()
        assert process.stderr is not None
        process.stderr.read()  # to its end, which comes when all processes are gone
    last.unlink()
    last.write_bytes(rows)
    assert run(places, tmp_path / "out", "--workers", 2).returncode == 0
    assert contents(tmp_path / "out") == uninterrupted


def test_a_death_while_an_older_corpus_is_replaced(places, tmp_path, uninterrupted):
    work = tmp_path / ".out.build"
    (work / "old").mkdir(parents=True)
    (work / "old" / "manifest.json").touch()
    build(places, tmp_path / "out", BuildOptions(shard_rows=10))
    assert contents(tmp_path / "out") == uninterrupted


def test_two_processes_do_not_build_the_same(places, tmp_path):
    waiting = places[-1] / "wait.jsonl"
    os.mkfifo(waiting)
    with (
        subprocess.Popen(command(places, tmp_path / "out")) as process,
        open(waiting, "wb"),
    ):  # it has begun
        done = run(places, tmp_path / "out")
        process.kill()
    assert done.returncode == 2
    assert done.stderr == f"contracode corpus: {tmp_path}/out: is being built by another process\n"


def test_what_has_changed_is_read_again(places, tmp_path):
    arguments = command(places, tmp_path / "out")[3:]
    subprocess.run([sys.executable, "-c", DYING, "5", *arguments], capture_output=True, check=False)
    (places[0] / "19.js").write_text(function(19, name="another"))
    done = run(places, tmp_path / "out")
    assert "4 of 5 inputs read" in done.stderr
    assert "another" in {row.func_name for row in read_functions([tmp_path / "out"])}


def test_rows_of_files_keep_what_they_say(tmp_path):
    rows = [row(1, "a/b"), row(2, "c/d", partition="test"), row(3, "a/b", partition="valid")]
    write_rows(tmp_path / "rows" / "x.jsonl.gz", rows)
    manifest = build([tmp_path / "rows"], tmp_path / "out", BuildOptions())
    found = {row.repo + row.code: row for row in read_functions([tmp_path / "out"], strict=True)}
    assert len(found) == 3
    for fields in rows:
        kept = found[f"{fields['repo']}{fields['code']}"]
        fields = fields | {"partition": split_of(str(fields["repo"]))}
        assert {name: getattr(kept, name) for name in fields} == fields
    (source,) = manifest.sources
    assert (source.name, source.rows, source.files, len(source.sha)) == ("x.jsonl.gz", 3, 1, 64)


def test_rows_are_equal_to_functions_of_repositories(places, tmp_path):
    method = "class A {\n  sum(a, b) {\n    const total = a + b;\n    return total * 1;\n  }\n}"
    (places[0] / "method.js").write_text(method)
    code = method[12:-2].replace("sum", "other").replace("total", "whole")
    path = write_rows(
        tmp_path / "x.jsonl.gz",
        [row(3, "x/y", named={"a": "z"}), row(3, "x/y"), row(1, "x/y", code=code)],
    )
    manifest = build([places[0], path], tmp_path / "out", BuildOptions())
    assert [(source.name, source.rows) for source in manifest.sources] == [
        ("one", 21),
        ("x.jsonl.gz", 0),
    ]
    # Mined functions have other names, so that all are equal up to renaming.
    assert manifest.rows_left_out == {"duplicate up to renaming": 3}


def test_kept_splits(tmp_path):
    splits = ("train", "valid", "test")
    path = write_rows(
        tmp_path / "x.jsonl.gz",
        [row(n, f"a/{n}", partition=split) for n, split in enumerate(splits)],
    )
    manifest = build([path], tmp_path / "out", BuildOptions(keep_splits=True))
    assert manifest.rows == {"train": 1, "valid": 1, "test": 1}
    other = write_rows(tmp_path / "y.jsonl.gz", [row(7, "a/1", partition="train")])
    problems: list[str] = []
    options = BuildOptions(keep_splits=True)
    build(
        [path, other],
        tmp_path / "out",
        options,
        on_problem=lambda problem: problems.append(str(problem)),
    )
    assert problems == ["1 repositories are in more than one split, 'a/1' is one of them"]
    with pytest.raises(InputError, match="in more than one split"):
        build([path, other], tmp_path / "out", BuildOptions(keep_splits=True, strict=True))
    write_rows(path, [row(1, "a/b", partition="train"), row(2, "a/b", partition="dev")])
    with pytest.raises(InputError, match=r"x\.jsonl\.gz: the row a/b a\.js names none"):
        build([path], tmp_path / "out", BuildOptions(keep_splits=True))
    (tmp_path / "a.js").touch()
    with pytest.raises(InputError, match="which --keep-splits keeps"):
        build([tmp_path / "a.js"], tmp_path / "out", BuildOptions(keep_splits=True))


def test_rows_that_are_left_out(tmp_path):
    rows = [
        row(1, "a/b"),
        row(2, "a/b", language="python"),
        row(3, "a/b", code="function ("),
        row(4, "a/b", code=f"function f() {{ return '{'x' * 1_000_000}' }}"),
    ]
    manifest = build([write_rows(tmp_path / "x.jsonl.gz", rows)], tmp_path / "out", BuildOptions())
    assert manifest.rows_left_out == {"does not parse": 1, "not JavaScript": 1, "too large": 1}
    assert sum(manifest.rows.values()) == 1


def test_folders_with_sources_are_repositories(places, tmp_path):
    (places[0] / "data.jsonl").write_text("{}\n")
    manifest = build([places[0]], tmp_path / "out", BuildOptions())
    assert [source.name for source in manifest.sources] == ["one"]
    with pytest.raises(InputError, match="is in a folder whose files are read"):
        build([places[-1]], places[-1] / "out", BuildOptions())


def keys(*rows: tuple[int, int]) -> np.ndarray:
    return np.array([(renamed, tokens, 0) for renamed, tokens in rows], KEYS)


def test_the_first_of_what_is_equal_is_kept():
    kept, left_out = choose(
        keys((5, 50), (3, 30), (5, 50), (5, 51), (3, 30), (4, 40)), np.array([], np.uint64)
    )
    assert kept.tolist() == [True, True, False, False, False, True]
    assert left_out == {"duplicate": 2, "duplicate up to renaming": 1}


def test_nothing_that_is_excluded_is_kept_under_another_name():
    kept, left_out = choose(keys((5, 50), (3, 30), (5, 51), (4, 40)), np.array([51, 99], np.uint64))
    assert kept.tolist() == [False, True, False, True]
    assert left_out == {"excluded": 2}


def test_choosing_agrees_with_a_slow_loop():
    random = np.random.default_rng(0)
    renamed = random.integers(0, 2**64, 300, np.uint64)[random.integers(0, 300, 2_000)]
    tokens = renamed + random.integers(
        0, 3, 2_000, np.uint64
    )  # equal tokens are equal up to renaming
    excluded = tokens[random.integers(0, 2_000, 20)]
    rows = list(zip(renamed.tolist(), tokens.tolist(), strict=True))
    reserved = {renaming for renaming, text in rows if text in set(excluded.tolist())}
    expected: list[bool] = []
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    for renaming, text in rows:
        if renaming in reserved:
            reason = "excluded"
        elif text in seen:
            reason = "duplicate"
        else:
            reason = "duplicate up to renaming" if -renaming in seen else ""
        expected.append(not reason)
        counts[reason] += 1
        seen |= {text, -renaming}
    kept, left_out = choose(keys(*rows), excluded)
    assert kept.tolist() == expected
    assert left_out == {reason: count for reason, count in counts.items() if reason}


def test_rows_of_a_part_are_read_from_where_they_are(tmp_path):
    with writing_part(tmp_path / "part") as part:
        for number in range(2 * CHUNK_ROWS + 10):
            part.write(
                FunctionRecord(code=f"{number}\u2028\n", partition="test"),
                f"{number:016x}",
                f"{2**64 - 1:x}",
            )
    wanted = [0, 5, CHUNK_ROWS - 1, 2 * CHUNK_ROWS, 2 * CHUNK_ROWS + 9]
    assert [json.loads(line)["code"] for line in read_lines(tmp_path / "part", wanted)] == [
        f"{n}\u2028\n" for n in wanted
    ]
    found = read_keys(tmp_path / "part")
    assert found["renamed"].tolist() == list(range(2 * CHUNK_ROWS + 10))
    assert set(found["tokens"].tolist()) == {2**64 - 1}
    assert set(found["split"].tolist()) == {2}


def test_no_function_of_a_list_remains(places, tmp_path):
    excluded = frozenset(
        function_key(function(n, name)) for n, name in [(1, "one1"), (17, "two17"), (57, "f")]
    )
    manifest = build(places, tmp_path / "out", BuildOptions(excluded=excluded))
    codes = [row.code for row in read_functions([tmp_path / "out"])]
    # 17 is in both repositories under two names, 57 in two files.
    assert not any(f"total * {number};" in code for code in codes for number in (1, 17, 57))
    assert manifest.rows_left_out["excluded"] == 5
