"""A long proof that rewrites keep what programs do.

python -m tests.augment.proof [--seconds 600] [--seed 0] [--semantics DIR]

Without --semantics, generated programs run in V8 before and after each transform alone, all
together, as training draws them, and in normal form; what was rewritten is counted, and the first
failure of each is printed as small as it could be made. With it, DIR is a copy of the semantics
tools with their projects at hand (set up as their README says): the projects' own test suites run
before and after `all`, seeds 0, 1 and 2, and before and after `normal-form`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

import augment
from augment import Pipeline, Semantics
from tests.augment.differential import disagreement, minimized
from tests.augment.generated import NEED_NUMBERS, generate, plain_data
from tests.v8 import run_calls


def differential(seconds: float, first: int) -> int:
    """Run generated programs for that long; return the number of failures."""
    pipelines = {
        "all": Pipeline.everything(),
        "default": Pipeline.default(),
        "names kept": Pipeline.everything(Semantics.PRESERVED),
        "plain data": plain_data(),
    }
    for name, item in augment.registry().items():
        if item.level is not Semantics.CHANGED and name not in NEED_NUMBERS:
            pipelines[name] = Pipeline([name], probability=1, strength=1, level=item.level)
    programs: Counter[str] = Counter()
    sites: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    end = time.monotonic() + seconds
    for seed in count(first):
        if time.monotonic() > end:
            break
        source = generate(seed)
        expected = run_calls(source, ("main()",))
        for name, pipeline in pipelines.items():
            view, difference = disagreement(source, pipeline, seed, expected)
            programs[name] += view.text != source
            sites[name] += len(view.applied)
            if difference:
                failures[name] += 1
                if failures[name] == 1:
                    print(
                        f"{name}, program {seed}: "
                        f"{difference[:300]}\n{minimized(source, pipeline, seed)}\n",
                        flush=True,
                    )
        text = augment.normalize(augment.parse(source), names=True)
        programs["normal form"] += text != source
        if run_calls(text, ("main()",)) != expected:
            failures["normal form"] += 1
            print(f"normal form, program {seed}: {text}\n", flush=True)
    print(f"{'transform':32} {'programs':>9} {'rewrites':>9} {'failures':>9}")
    for name in (*pipelines, "normal form"):
        print(f"{name:32} {programs[name]:9,} {sites[name]:9,} {failures[name]:9,}")
    return failures.total()


def semantics(folder: Path) -> int:
    """Run the semantics tools for three seeds and the normal form; return the number of runs that
    failed.
    """
    batch = f"{sys.executable} -m contracode.cli.main augment --batch"
    failed = 0
    for name, seed in (("all", 0), ("all", 1), ("all", 2), ("normal-form", 0)):
        print(f"{name}, seed {seed}", flush=True)
        command = [
            sys.executable,
            "harness.py",
            "run",
            "--batch",
            batch,
            "--name",
            name,
            "--seed",
            str(seed),
        ]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        total = ""
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                print(line, end="", flush=True)
                total = line if line.startswith("TOTAL") else total
        failed += not passed(total)
    return failed


def passed(total: str) -> bool:
    """Whether the last line of a harness run says that every suite is green and every output
    parses.
    """
    found = re.search(r"green (\d+)/(\d+) .*transform-failed (\d+); unparsable (\d+)", total)
    return found is not None and found[1] == found[2] != "0" and found[3] == found[4] == "0"


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m tests.augment.proof", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=600,
        help="how long generated programs are run (default 600)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the first program")
    parser.add_argument(
        "--semantics", type=Path, metavar="DIR", help="a copy of the semantics tools"
    )
    args = parser.parse_args()
    failed = semantics(args.semantics) if args.semantics else differential(args.seconds, args.seed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
