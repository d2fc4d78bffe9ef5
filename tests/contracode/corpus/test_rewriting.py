import gzip
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contracode.corpus.rewriting import BLOCK, RewriteSettings, errors_of, rewrite_corpus
from contracode.support.errors import InputError

ROWS = 5 * BLOCK + 7


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    lines: list[str] = []
    for number in range(ROWS):
        code = (
            f"function f{number}(first, second) "
            f"{{ const total = first + second; return total * {number}; }}"
        )
        lines.append(
            json.dumps({"repo": "a/é", "code": code, "extra": "\u2028"}, ensure_ascii=False)
        )
    lines[3] = json.dumps({"code": "function ( {"})
    lines[70] = json.dumps({"text": "no code"})
    lines[71] = "{"
    lines[72] = ""
    lines[73] = "[1]"
    lines[74] = json.dumps({"code": "x = '\ud800'"})
    path.write_text("\n".join(lines) + "\n")
    return path


def test_rows_keep_their_order_and_what_is_refused_is_told(corpus: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    seen: list[tuple[int, int]] = []
    summary = rewrite_corpus(
        corpus,
        target,
        RewriteSettings(copies=3),
        progress=lambda done, total: seen.append((done, total)),
    )
    rows = [json.loads(line) for line in target.read_bytes().split(b"\n")[:-1]]
    errors = [json.loads(line) for line in errors_of(target).read_bytes().split(b"\n")[:-1]]
    assert [error["line"] for error in errors] == [4, 71, 72, 74, 75]
    assert summary.rows == ROWS - 1
    assert summary.variants == len(rows) == 3 * (ROWS - 6)
    assert sum(summary.refused.values()) == len(errors)
    assert summary.refused["no text in a field 'code'"] == 2
    assert [row["copy"] for row in rows[:6]] == [0, 1, 2, 0, 1, 2]
    assert rows[0]["extra"] == "\u2028"
    assert all(re.search(r"\*\s*0|0\s*\*", row["code"]) for row in rows[:3])
    assert seen[-1] == (ROWS, ROWS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "in.jsonl",
        "out.jsonl",
        "out.jsonl.errors.jsonl",
    ]


def test_workers_and_compression_change_nothing(corpus: Path, tmp_path: Path) -> None:
    rewrite_corpus(corpus, tmp_path / "one.jsonl", RewriteSettings())
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(corpus.read_bytes()))
    rewrite_corpus(packed, tmp_path / "two.jsonl.gz", RewriteSettings(), workers=2)
    assert (
        gzip.decompress((tmp_path / "two.jsonl.gz").read_bytes())
        == (tmp_path / "one.jsonl").read_bytes()
    )
    assert (
        errors_of(tmp_path / "two.jsonl.gz").read_bytes()
        == errors_of(tmp_path / "one.jsonl").read_bytes()
    )


class Killed(BaseException):
    """Stands for the end of a process."""


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_run_that_stopped_goes_on_where_it_was(corpus: Path, tmp_path: Path, name: str) -> None:
    whole, target = tmp_path / "whole" / name, tmp_path / name
    whole.parent.mkdir()
    rewrite_corpus(corpus, whole, RewriteSettings(copies=2))

    def stop(done: int, total: int) -> None:
        if done >= 2 * BLOCK:
            raise Killed

    with pytest.raises(Killed):
        rewrite_corpus(corpus, target, RewriteSettings(copies=2), progress=stop)
    assert not target.exists()
    partial = tmp_path / f".{name}.partial"
    with (partial / "output").open("ab") as file:
        file.write(b"a half-written li")
    with pytest.raises(InputError, match="unfinished run"):
        rewrite_corpus(corpus, target, RewriteSettings(copies=3))
    starts: list[int] = []
    summary = rewrite_corpus(
        corpus, target, RewriteSettings(copies=2), progress=lambda done, total: starts.append(done)
    )
    assert starts[0] == 2 * BLOCK
    assert target.read_bytes() == whole.read_bytes()
    assert errors_of(target).read_bytes() == errors_of(whole).read_bytes()
    assert summary.rows == ROWS - 1
    assert not partial.exists()


def test_the_command_survives_being_killed(corpus: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "augment",
        "--jsonl",
        str(corpus),
        "-o",
        str(target),
        "--copies",
        "20",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        state = tmp_path / ".out.jsonl.partial" / "state.json"
        while not state.exists() and running.poll() is None:
            os.sched_yield()
        running.send_signal(signal.SIGKILL)
    assert not target.exists()
    done = subprocess.run([*command, "--json"], capture_output=True, check=True)
    assert json.loads(done.stdout)["variants"] == 20 * (ROWS - 6)
    rewrite_corpus(corpus, tmp_path / "whole.jsonl", RewriteSettings(copies=20))
    assert target.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_bad_input_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        rewrite_corpus(tmp_path / "no.jsonl", tmp_path / "out.jsonl", RewriteSettings())
    (tmp_path / "in.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="unknown transform"):
        rewrite_corpus(
            tmp_path / "in.jsonl", tmp_path / "out.jsonl", RewriteSettings(transforms=("nope",))
        )
