"""What is broken in the input of a build: one clear line each, nothing else lost, and the exit
code.
"""

import gzip
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contracode.corpus.build.builder import BuildOptions
from contracode.corpus.build.builder import build as run_build
from contracode.corpus.storage.readers import MAX_LINE, read_functions
from contracode.support.errors import InputError

UNREADABLE = "/proc/self/mem"
"""A file that even the superuser cannot read from its beginning."""


def function(number: int) -> str:
    return f"function f{number}(a, b) {{\n  const total = a + b;\n  return total * {number};\n}}\n"


def line(number: int) -> bytes:
    return json.dumps({"repo": "a/b", "code": function(number)}).encode() + b"\n"


def build(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "corpus", "build", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def numbers(output: Path) -> list[int]:
    return sorted(
        int(row.code.split("total * ")[1].split(";")[0])
        for row in read_functions([output], strict=True)
    )


@pytest.mark.parametrize(
    ("content", "message", "kept"),
    [
        (line(1) + b"[1]\n" + line(2), ":2: is not a row: ", [1, 2]),
        (line(1) + b"{\n" + line(2), ":2: is not JSON: ", [1, 2]),
        (line(1) + b'{"code": "\xff"}\n' + line(2), ":2: is not ", [1, 2]),
        (line(1) + b'{"repo": "a/b"}\n' + line(2), ":2: a row with neither ", [1, 2]),
        (
            line(1) + b"x" * 50_000_000 + b"\n" + line(2),
            f":2: is longer than {MAX_LINE // 2**20} MiB",
            [1, 2],
        ),
        (
            line(1) + line(2) + b"x" * 50_000_000,
            f":3: is longer than {MAX_LINE // 2**20} MiB",
            [1, 2],
        ),
        (b"", ": no rows in this file", []),
        (b"\n\r\n", ": no rows in this file", []),
    ],
    ids=[
        "no-object",
        "no-json",
        "not-utf8",
        "no-code",
        "50-mb",
        "50-mb-at-the-end",
        "empty",
        "blank",
    ],
)
def test_a_broken_file_of_rows(tmp_path, content, message, kept):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    (tmp_path / "good.jsonl").write_bytes(line(7))
    done = build(path, tmp_path / "good.jsonl", "-o", tmp_path / "out")
    assert done.returncode == 1
    assert done.stderr.startswith(f"contracode corpus: {path}{message}")
    assert done.stderr.count("\n") == 1
    assert numbers(tmp_path / "out") == [*kept, 7]
    strict = build(path, tmp_path / "good.jsonl", "-o", tmp_path / "strict", "--strict")
    assert (strict.returncode, strict.stderr, strict.stdout) == (2, done.stderr, "")
    assert not (tmp_path / "strict").exists()


def test_truncated_gzip(tmp_path):
    draw = random.Random(0)
    rows = [
        {"repo": "a/b", "docstring": draw.randbytes(300).hex(), "code": function(n)}
        for n in range(100)
    ]
    data = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    (tmp_path / "bad.jsonl.gz").write_bytes(data[: len(data) // 2])
    done = build(tmp_path / "bad.jsonl.gz", "-o", tmp_path / "out")
    assert done.returncode == 1
    found = numbers(tmp_path / "out")
    assert found == list(range(len(found)))
    assert 30 < len(found) < 70
    assert done.stderr.startswith(
        f"contracode corpus: {tmp_path}/bad.jsonl.gz:{len(found)}: the gzip data are broken"
    )
    assert done.stderr.count("\n") == 1


def test_line_ends_of_windows_and_a_byte_order_mark_are_fine(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line(1).replace(b"\n", b"\r\n") + line(2))
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.js").write_bytes(
        b"\xef\xbb\xbf" + function(3).replace("\n", "\r\n").encode()
    )
    (tmp_path / "code" / "empty.js").touch()
    done = build(tmp_path / "a.jsonl", tmp_path / "code", "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert numbers(tmp_path / "out") == [1, 2, 3]
    (row,) = (row for row in read_functions([tmp_path / "out"]) if row.path)
    assert row.code == function(3).strip().replace("\n", "\r\n")


def test_what_cannot_be_read(tmp_path):
    good, code = tmp_path / "good.jsonl", tmp_path / "code"
    good.write_bytes(line(1))
    os.symlink(UNREADABLE, tmp_path / "bad.jsonl")
    (code / "folder").mkdir(parents=True)
    (code / "folder" / "a.js").write_text(function(2))
    (code / "folder" / "b.js").write_bytes(b"// fine\n// \xe9\n")
    os.symlink(code, code / "folder" / "loop")
    os.symlink("c.js", code / "c.js")
    os.symlink("loop.jsonl", tmp_path / "loop.jsonl")
    done = build(good, tmp_path / "bad.jsonl", code, "-o", tmp_path / "out", "--json")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"contracode corpus: {code}/folder/b.js:2: byte 0xe9 is no UTF-8 text",
        f"contracode corpus: {tmp_path}/bad.jsonl: Input/output error",
    ]
    assert numbers(tmp_path / "out") == [1, 2]
    assert json.loads(done.stdout)["files_left_out"] == {"link": 1, "not UTF-8": 1, "unreadable": 1}
    for place in (tmp_path / "loop.jsonl", tmp_path / "good.txt"):
        done = build(place, "-o", tmp_path / "none")
        assert (done.returncode, done.stderr) == (
            2,
            f"contracode corpus: {place}: no such file or folder\n",
        )


@pytest.fixture
def ordinary() -> Iterator[Path]:
    """A folder of an ordinary user, whom this process is for the time: the superuser may read
    everything.
    """
    superuser = os.geteuid() == 0
    with TemporaryDirectory() as folder:
        if superuser:
            os.chmod(folder, 0o777)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if superuser:
                os.seteuid(0)


def test_what_the_user_may_not_read(ordinary):
    code = ordinary / "code"
    (code / "folder").mkdir(parents=True)
    (code / "a.js").write_text(function(1))
    (code / "b.js").write_text(function(2))
    (code / "b.js").chmod(0)
    (code / "folder").chmod(0)
    (ordinary / "a.jsonl").write_bytes(line(3))
    (ordinary / "a.jsonl").chmod(0)
    problems: list[str] = []
    places = [code, ordinary / "a.jsonl"]
    manifest = run_build(
        places,
        ordinary / "out",
        BuildOptions(),
        on_problem=lambda problem: problems.append(str(problem)),
    )
    (code / "folder").chmod(0o700)
    assert sorted(problems) == [
        f"{ordinary}/a.jsonl: Permission denied",
        f"{code}/b.js: cannot be read: Permission denied",
        f"{code}/folder: cannot be read: Permission denied",
    ]
    assert manifest.files_left_out == {"unreadable": 2, "unreadable folder": 1}
    assert numbers(ordinary / "out") == [1]
    (ordinary / "rows").mkdir()
    (ordinary / "rows" / "a.jsonl").write_bytes(line(1))
    for refused, place in [
        (code, code),
        (code, code / "a.js"),
        (ordinary / "rows" / "below", ordinary / "rows"),
    ]:
        refused.mkdir(exist_ok=True)
        refused.chmod(0)
        with pytest.raises(InputError, match=": cannot be read: Permission denied"):
            run_build([place], ordinary / "none", BuildOptions())
        refused.chmod(0o700)
    code.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written: Permission denied"):
        run_build([ordinary / "rows"], code / "out", BuildOptions())
    code.chmod(0o700)


def test_links_in_a_folder_of_rows(tmp_path):
    rows = tmp_path / "rows"
    rows.mkdir()
    (rows / "a.jsonl").write_bytes(line(1))
    os.symlink("loop.jsonl", rows / "loop.jsonl")
    os.symlink(rows, rows / "folder")
    done = build(rows, "-o", tmp_path / "out")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"contracode corpus: {rows}/loop.jsonl: ")
    assert numbers(tmp_path / "out") == [1]


def test_many_broken_lines_are_counted(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"{}\n" * 150 + line(1))
    done = build(tmp_path / "a.jsonl", "-o", tmp_path / "out", "--json")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 101
    assert done.stderr.endswith("contracode corpus: a.jsonl: 50 more like these\n")
    assert json.loads(done.stdout)["rows_left_out"] == {"broken": 150}


def test_a_file_of_something_else(tmp_path):
    (tmp_path / "a.txt").touch()
    done = build(tmp_path / "a.txt", "-o", tmp_path / "out")
    assert (done.returncode, done.stderr) == (
        2,
        f"contracode corpus: {tmp_path}/a.txt: is neither JavaScript nor TypeScript\n",
    )
