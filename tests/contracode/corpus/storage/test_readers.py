"""Reading rows: as published, and as they come broken."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracode.corpus.storage.readers import find_shards, read_functions
from contracode.support.errors import InputError

# A row in the published layout, with every field that it has there.
ROW = {
    "repo": "someone/thing",
    "path": "lib/thing.js",
    "func_name": "double",
    "original_string": "function double(x) {\n  return x * 2;\n}",
    "language": "javascript",
    "code": "function double(x) {\n  return x * 2;\n}",
    "code_tokens": ["function", "double", "(", "x", ")", "{", "return", "x", "*", "2", ";", "}"],
    "docstring": "Doubles a number. ünï 😀",
    "docstring_tokens": ["Doubles", "a", "number", "."],
    "sha": "0123456789abcdef0123456789abcdef01234567",
    "url": "https://example.org/someone/thing/blob/0123/lib/thing.js#L1-L3",
    "partition": "train",
}
LINE = json.dumps(ROW).encode()


def read(path: Path | str, **options):
    problems: list[str] = []
    rows = list(
        read_functions([path], on_problem=lambda problem: problems.append(str(problem)), **options)
    )
    return rows, problems


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress], ids=["plain", "gzip"])
def test_a_published_row_has_all_its_fields(tmp_path, pack):
    rows, problems = read(write(tmp_path / "javascript_train_0.jsonl.gz", pack(LINE + b"\n")))
    assert problems == []
    (row,) = rows
    assert {name: getattr(row, name) for name in ROW} == ROW
    assert row.lines is None


def test_code_falls_back_to_the_original_string(tmp_path):
    rows, _ = read(write(tmp_path / "a.jsonl", b'{"original_string": "f()", "unknown": [1]}'))
    assert rows[0].code == "f()"


def test_crlf_byte_order_mark_and_blank_lines(tmp_path):
    rows, problems = read(
        write(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + LINE + b"\r\n\r\n" + LINE + b"\r\n")
    )
    assert (len(rows), problems) == (2, [])


def test_line_separators_inside_strings_are_no_line_ends(tmp_path):
    code = "a\u2028b\u0085c\x0cd"
    data = json.dumps({"code": code}, ensure_ascii=False).replace("\x0c", "\\f").encode()
    rows, problems = read(write(tmp_path / "a.jsonl", data + b"\n"))
    assert (rows[0].code, problems) == (code, [])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (b"[1, 2]", "is not a row"),
        (b'{"code": 1}', "is not a row"),
        (b'{"code": "a"', "is not JSON"),
        (b'{"code": "\xff"}', "is not"),
        (b'{"repo": "x"}', "neither `code` nor `original_string`"),
        (b'{"code": "\\ud800"}', "is not"),
        (b'{"a":' * 100_000, "is nested too deeply"),
    ],
)
def test_a_broken_line_is_told_and_left_out(tmp_path, broken, message):
    path = write(tmp_path / "a.jsonl", LINE + b"\n" + broken + b"\n" + LINE + b"\n")
    rows, problems = read(path)
    assert len(rows) == 2
    (problem,) = problems
    assert problem.startswith(f"{path}:2: ")
    assert message in problem
    assert "\n" not in problem
    with pytest.raises(InputError) as caught:
        read(path, strict=True)
    assert str(caught.value) == problem


def test_truncated_gzip_keeps_what_came_before(tmp_path):
    lines = b"".join(
        json.dumps({"code": os.urandom(60).hex()}).encode() + b"\n" for _ in range(2_000)
    )
    data = gzip.compress(lines)
    path = write(tmp_path / "a.jsonl.gz", data[: len(data) // 2])
    rows, problems = read(path)
    assert 500 < len(rows) < 1_500
    (problem,) = problems
    assert problem.startswith(f"{path}:{len(rows)}: the gzip data are broken behind this line")
    with pytest.raises(InputError):
        read(path, strict=True)


def test_corrupt_gzip(tmp_path):
    data = bytearray(gzip.compress(LINE * 100))
    data[40:60] = bytes(20)
    _, problems = read(write(tmp_path / "a.jsonl.gz", bytes(data)))
    assert "gzip" in problems[-1]


def test_an_empty_file(tmp_path):
    rows, problems = read(write(tmp_path / "a.jsonl", b""))
    assert rows == []
    assert problems == [f"{tmp_path}/a.jsonl: no rows in this file"]


def test_folders_patterns_and_splits(tmp_path):
    for number in (0, 2, 10):
        write(tmp_path / f"javascript_train_{number}.jsonl", b'{"code": "%d"}' % number)
    write(tmp_path / "javascript_test_0.jsonl", b'{"code": "t"}')
    write(tmp_path / "notes.txt", b"no shard")
    assert [row.code for row in read(tmp_path, split="train")[0]] == ["0", "2", "10"]
    assert len(read(tmp_path)[0]) == 4
    assert [row.code for row in read(f"{tmp_path}/javascript_train_*.jsonl")[0]] == ["0", "2", "10"]
    with pytest.raises(InputError, match="no shards of the split 'valid'"):
        find_shards([tmp_path], split="valid")


def test_what_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "missing.jsonl")


def test_standard_input():
    code = (
        "from contracode.corpus.storage.readers import read_functions\nprint([row.code for row in "
        "read_functions(['-'])])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=gzip.compress(b'{"code": "f"}\n'),
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == b"['f']"


def test_one_row_at_a_time(tmp_path):
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as packed:
        packed.write(LINE + b"\n" + b"broken\n")
    rows = read_functions([write(tmp_path / "a.jsonl.gz", stream.getvalue())], strict=True)
    assert next(rows).func_name == "double"  # given before the second line is looked at
    with pytest.raises(InputError):
        next(rows)
