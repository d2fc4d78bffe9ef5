"""What a corpus costs at the size of CodeSearchNet: time, memory and disk of `contracode corpus
build`, and of what follows.

python -m benchmarks.scale build FOLDER --functions 200000 600000 1800000 [--workers 2]
[--near-duplicates 0.8] [--json] python -m benchmarks.scale tokenizer CORPUS [--json] python -m
benchmarks.scale stages CORPUS [--count 20000] [--json]

`build` makes a synthetic CodeSearchNet (`benchmarks.synthetic`) of each size below FOLDER, unless
it is there, and builds a corpus of it in a subprocess. Memory is VmHWM of /proc: the most that a
process ever had, pages of files that it maps included. CPU seconds are those of the process and its
workers. `tokenizer` trains one in a subprocess, likewise. `stages` measures, in CPU seconds of one
process, what each step costs a function.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.synthetic import write

PEEK = 0.2
"""Seconds between two looks at the processes."""


def measure(command: Sequence[str], stages: Callable[[], str] = lambda: "all") -> dict[str, Any]:
    """Run a command and return what it took.

    Args:
        command: the program and its arguments; it prints JSON.
        stages: tells the stage that it is in.

    Returns:
        seconds, cpu_seconds, main_mb and worker_mb (the most memory of the process, and of its
        worst child, in 10^6 bytes), seconds of each stage, and `answer`, what it printed.
    """
    begin = time.perf_counter()
    # Broken lines are reported one by one; there are thousands.
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peaks: dict[int, int] = {}
    spent: dict[str, float] = {}
    before = begin
    while not _has_ended(process.pid):
        for pid in (process.pid, *_children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0), _high_water(pid))
        time.sleep(PEEK)
        now = time.perf_counter()
        stage = stages()
        spent[stage] = spent.get(stage, 0) + now - before
        before = now
    assert process.stdout is not None
    answer = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    main = peaks.pop(process.pid)
    return {
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "main_mb": main / 1e6,
        "worker_mb": max(peaks.values(), default=0) / 1e6,
        "stages": spent,
        "answer": json.loads(answer),
    }


def _has_ended(pid: int) -> bool:
    """Whether a child process has ended; it is not reaped, so that what it used can be asked
    for.
    """
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    return []


def _high_water(pid: int) -> int:
    """Return the most memory that a process had, in bytes; 0 for one that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def build(
    folder: Path, functions: int, workers: int, near: float | None, engine: str
) -> dict[str, Any]:
    """Return what a build of so many functions takes."""
    rows = folder / f"rows-{functions}"
    if not (rows / "done.json").exists():
        (rows / "done.json").write_text(json.dumps(write(rows / "javascript", functions)))
    corpus, work = folder / f"corpus-{functions}", folder / f".corpus-{functions}.build"

    def stage() -> str:
        names = (
            {entry.name.split("-")[0] for entry in work.iterdir()} if work.exists() else {"none"}
        )
        return next((text for name, text in STAGES.items() if name in names), "start")

    command = [
        sys.executable,
        "-m",
        "contracode.cli.main",
        "corpus",
        "build",
        str(rows / "javascript"),
        "-o",
        str(corpus),
    ]
    command += ["--json", "--engine", engine, "--workers", str(workers)]
    found = measure([*command, *(["--near-duplicates", str(near)] if near else [])], stage)
    manifest = found.pop("answer")
    size = sum(file.stat().st_size for file in corpus.iterdir())
    return {
        "functions": functions,
        "made": json.loads((rows / "done.json").read_text()),
        "kept": sum(manifest["rows"].values()),
        "left_out": manifest["rows_left_out"],
        **found,
        "functions_per_second": functions / found["seconds"],
        "cpu_ms_per_function": found["cpu_seconds"] / functions * 1000,
        "bytes_in": sum(file.stat().st_size for file in (rows / "javascript").iterdir()),
        "bytes_out": size,
    }


STAGES = {"corpus": "shards", "near": "near-duplicates", "parts": "inputs"}
"""What a build is doing when a folder with this name is there, the latest first."""


def grown(smaller: dict[str, Any], larger: dict[str, Any]) -> float:
    """Return the bytes of memory that each further function takes in the main process."""
    return (
        (larger["main_mb"] - smaller["main_mb"])
        * 1e6
        / (larger["functions"] - smaller["functions"])
    )


def tokenizer(corpus: Path) -> dict[str, Any]:
    """Return what training a tokenizer on a corpus takes, with its default settings."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "contracode.cli.main",
            "tokenizer",
            "train",
            str(corpus),
            "-o",
            folder,
            "--json",
        ]
        return measure(command)


def stages(corpus: Path, count: int) -> dict[str, float]:
    """Return the CPU milliseconds that each step takes for a function of a corpus, over its first
    `count`.
    """
    import tree_sitter
    import tree_sitter_javascript

    import augment
    from contracode.corpus.build.duplicates import choose
    from contracode.corpus.build.parts import KEYS
    from contracode.corpus.build.shingles import TokenBatch, band_keys, choose_bands
    from contracode.corpus.storage.readers import read_functions
    from contracode.inputs.tokenizer import train
    from contracode.javascript.syntax_hash import program_key, snippet_tokens, tokens_key
    from contracode.support.config import DataConfig, TokenizerConfig
    from contracode.views.batch_plan import EpochItem
    from contracode.views.pairs import PairDataset

    costs: dict[str, float] = {}

    def timed(step: str, number: int, job: Callable[[], Any]) -> Any:
        # what is kept here from step to step is not there in a build, and would be looked through
        # for garbage
        gc.freeze()
        begin = time.process_time()
        result = job()
        costs[step] = (time.process_time() - begin) / number * 1000
        return result

    rows = timed(
        "read",
        count,
        lambda: [row for row, _ in zip(read_functions([corpus]), range(count), strict=False)],
    )
    count = len(rows)
    codes = [row.code for row in rows]
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    timed("(tree-sitter alone)", count, lambda: [parser.parse(code.encode()) for code in codes])
    normal: list[list[str]] = []
    plain: list[str] = []
    steps = ("parse", "scopes, tokens", "hash tokens")
    costs |= dict.fromkeys(steps, 0.0)
    gc.freeze()
    for code in codes:  # one by one: trees are large
        at = [time.process_time()]
        program = augment.parse(code)
        at.append(time.process_time())
        normal.append(snippet_tokens(program))
        at.append(time.process_time())
        plain.append(program_key(program))
        at.append(time.process_time())
        for step, (begin, end) in zip(steps, pairwise(at), strict=True):
            costs[step] += (end - begin) / count * 1000
    renamed = timed("hash up to renaming", count, lambda: list(map(tokens_key, normal)))
    bands = choose_bands(0.8)
    timed(
        "MinHash",
        count,
        lambda: list(_signatures(normal, TokenBatch(), lambda taken: band_keys(taken, bands))),
    )
    lines = timed("encode", count, lambda: _encoded(rows))
    packed = timed(
        "pack part",
        count,
        lambda: [gzip.compress(chunk, compresslevel=1, mtime=0) for chunk in lines],
    )
    timed("unpack part", count, lambda: list(map(gzip.decompress, packed)))
    timed(
        "pack shard",
        count,
        lambda: [gzip.compress(chunk, compresslevel=6, mtime=0) for chunk in lines],
    )
    keys = np.array(
        [(int(one, 16), int(other, 16), 0) for one, other in zip(renamed, plain, strict=True)], KEYS
    )
    many = keys[np.random.default_rng(0).integers(0, count, 2_000_000)]
    many["renamed"] += np.arange(len(many), dtype=np.uint64)
    timed("duplicates", len(many), lambda: choose(many, np.empty(0, np.uint64)))
    begin = time.process_time()
    tokenizer = train(codes, TokenizerConfig())
    costs["train tokenizer, once (s)"] = time.process_time() - begin
    timed("tokenise", count, lambda: [tokenizer.encode(code) for code in codes])
    pairs = PairDataset(codes, tokenizer, DataConfig(), seed=0)
    tokenizer.sample(codes[0], seed=0)  # builds what it samples with
    timed(
        "draw a pair of views, tokenised",
        count,
        lambda: [pairs[EpochItem(0, number)] for number in range(count)],
    )
    return costs


def _signatures(
    functions: Iterable[list[str]], batch: Any, sign: Callable[[Any], np.ndarray]
) -> Iterable[np.ndarray]:
    for number, tokens in enumerate(functions, start=1):
        batch.add(tokens)
        if number % 1_000 == 0:
            yield sign(batch.take())


def _encoded(rows: Sequence[Any]) -> list[bytes]:
    import msgspec

    encode = msgspec.json.Encoder().encode
    return [
        b"\n".join(map(encode, rows[start : start + 1_000])) for start in range(0, len(rows), 1_000)
    ]


def _table(found: Sequence[dict[str, Any]]) -> str:
    lines = ["functions     kept  seconds  CPU ms/f  main MB  worker MB  MB in  MB out  stages"]
    for one in found:
        spent = ", ".join(
            f"{name} {seconds:.0f} s" for name, seconds in one["stages"].items() if seconds >= 1
        )
        lines.append(
            f"{one['functions']:>9,} {one['kept']:>8,} {one['seconds']:>8.0f} "
            f"{one['cpu_ms_per_function']:>9.3f} "
            f"{one['main_mb']:>8.0f} {one['worker_mb']:>10.0f} {one['bytes_in'] / 1e6:>6.0f} "
            f"{one['bytes_out'] / 1e6:>7.0f}  {spent}"
        )
    lines += [
        f"memory of the main process, for each further function: {grown(smaller, larger):.0f} bytes"
        for smaller, larger in pairwise(found)
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    actions = parser.add_subparsers(dest="action", required=True)
    of_build = actions.add_parser("build")
    of_build.add_argument("folder", type=Path)
    of_build.add_argument("--functions", type=int, nargs="+", default=[200_000, 600_000, 1_800_000])
    of_build.add_argument("--workers", type=int, default=1)
    of_build.add_argument("--near-duplicates", type=float)
    of_build.add_argument("--engine", default="local")
    of_build.add_argument("--json", action="store_true")
    of_stages = actions.add_parser("stages")
    of_stages.add_argument("corpus", type=Path)
    of_stages.add_argument("--count", type=int, default=20_000)
    of_stages.add_argument("--json", action="store_true")
    of_tokenizer = actions.add_parser("tokenizer")
    of_tokenizer.add_argument("corpus", type=Path)
    of_tokenizer.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.action == "tokenizer":
        one = tokenizer(args.corpus)
        text = f"{one['seconds']:.0f} s, {one['cpu_seconds']:.0f} CPU s, {one['main_mb']:.0f} MB"
        print(json.dumps(one) if args.json else text)
        return
    if args.action == "stages":
        costs = stages(args.corpus, args.count)
        text = "\n".join(f"{cost:>9.4f}  {step}" for step, cost in costs.items())
        print(json.dumps(costs) if args.json else f"CPU ms a function:\n{text}")
        return
    found: list[dict[str, Any]] = []
    for functions in args.functions:
        found.append(build(args.folder, functions, args.workers, args.near_duplicates, args.engine))
        print(_table(found[-1:]), file=sys.stderr, flush=True)
    print(json.dumps(found) if args.json else _table(found))


if __name__ == "__main__":
    main()
