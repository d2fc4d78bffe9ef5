"""The benchmark of scale: what it generates is what it says, and its figures add up."""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import augment
from benchmarks.scale import measure
from benchmarks.synthetic import Synthetic, write
from contracode.corpus.storage.readers import read_functions
from contracode.javascript.syntax_hash import function_key, renamed_key


def test_kinds_are_what_they_are_called() -> None:
    rows = list(Synthetic(1).rows(1_500))
    codes: dict[str, list[str]] = {"new": [], "copy": [], "renamed": [], "near": []}
    for row in rows:
        if row.kind == "broken":
            continue
        code = json.loads(row.line)["code"]
        tokens, renamed = function_key(code), renamed_key(augment.parse(code))
        codes[row.kind] += [f"{tokens}{renamed}"]
    num_broken = sum(row.kind == "broken" for row in rows)
    assert 5 <= num_broken <= 30
    plain = {kind: [key[:16] for key in keys] for kind, keys in codes.items()}
    blind = {kind: [key[16:] for key in keys] for kind, keys in codes.items()}
    assert len(set(blind["new"])) == len(blind["new"])  # functions that differ
    assert 0.15 < len(codes["copy"]) / len(rows) < 0.25
    assert not set(plain["renamed"]) & set(plain["new"])
    assert set(plain["copy"]) <= set(plain["new"])
    assert set(blind["renamed"]) <= set(blind["new"])
    assert not set(blind["near"]) & set(blind["new"])


def test_functions_have_real_lengths() -> None:
    rows = [json.loads(row.line) for row in Synthetic(2).rows(2_000) if row.kind == "new"]
    sizes = sorted(len(row["code_tokens"]) for row in rows)
    assert 55 < sizes[len(sizes) // 2] < 85
    assert sizes[-1] > 1_000


def test_files_are_as_published_and_the_same_again(tmp_path: Path) -> None:
    counts = write(tmp_path / "one", 300, seed=3)
    assert sum(counts.values()) == 300
    assert [file.name for file in (tmp_path / "one").iterdir()] == ["javascript_train_0.jsonl.gz"]
    assert len(list(read_functions([tmp_path / "one"]))) == 300 - counts["broken"]
    write(tmp_path / "two", 300, seed=3)
    texts = [
        gzip.decompress((tmp_path / name / "javascript_train_0.jsonl.gz").read_bytes())
        for name in ("one", "two")
    ]
    assert texts[0] == texts[1]


def test_the_most_memory_of_a_process_and_its_children_is_seen() -> None:
    child = "import sys; block = b'x' * 80_000_000; sys.stdin.read()"
    program = (
        "import json, subprocess, sys\n"
        "block = b'x' * 40_000_000\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdin=subprocess.PIPE)\n"
        "print(json.dumps({'a': 1}), flush=True)\n"
        "sys.stdin.read()\n"
        "child.communicate(b'')"
    )
    read, hold = os.pipe()
    looks = 0

    def stage() -> str:
        nonlocal looks
        looks += 1
        if looks == 5:
            os.close(hold)
        return "first" if looks < 3 else "second"

    stdin = os.dup(0)
    os.dup2(read, 0)
    try:
        begin = time.perf_counter()
        found = measure([sys.executable, "-c", program], stage)
        seconds = time.perf_counter() - begin
    finally:
        os.dup2(stdin, 0)
        os.close(stdin)
        os.close(read)
    assert found["answer"] == {"a": 1}
    assert found["main_mb"] > 40
    assert found["worker_mb"] > 80
    assert set(found["stages"]) == {"first", "second"}
    assert sum(found["stages"].values()) <= found["seconds"] <= seconds


def test_it_builds_and_measures(tmp_path: Path) -> None:
    arguments = [
        "build",
        str(tmp_path),
        "--functions",
        "200",
        "400",
        "--near-duplicates",
        "0.8",
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", *arguments], capture_output=True, check=True
    )
    small, large = json.loads(done.stdout)
    for found, functions in ((small, 200), (large, 400)):
        assert found["functions"] == functions == sum(found["made"].values())
        assert found["kept"] + sum(found["left_out"].values()) == functions
        assert found["left_out"].get("broken", 0) == found["made"]["broken"]
        assert found["main_mb"] > 10
    arguments = ["stages", str(tmp_path / "corpus-400"), "--count", "150", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", *arguments], capture_output=True, check=True
    )
    assert all(cost >= 0 for cost in json.loads(done.stdout).values())
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.scale",
            "tokenizer",
            str(tmp_path / "corpus-400"),
            "--json",
        ],
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["answer"]["pieces"] > 256
    assert found["cpu_seconds"] > 0


def test_the_index_of_duplicates_is_measured_and_small() -> None:
    arguments = ["-m", "benchmarks.duplicate_index", "--functions", "60000", "--json"]
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert (
        0.02 < found["near-duplicates: share found"] <= 0.025
    )  # those that share no band are not found
    assert abs(found["keys: bytes of memory"] - 17) < 9  # the kernel counts to half a megabyte
    stages = ("keys", "duplicates", "near-duplicates")
    # The bound of a build, also among so few that its batches count.
    assert sum(found[f"{stage}: bytes of memory"] for stage in stages) < 200
