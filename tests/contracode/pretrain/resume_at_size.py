"""Kills a pretraining run with SIGKILL at a random step, resumes it, and compares its curve with
that of a run that was left alone.

    python -m tests.contracode.pretrain.resume_at_size CORPUS FOLDER [--preset nano] [--steps 150] [--after
    100]

The curves must be the same bit for bit, but for the columns that say what the clock said. Test runs
do the same at toy size (`test_pretrain.py`). Prints what was found as JSON; exit code 1 if the
curves differ.
"""

import argparse
import csv
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import torch

CLOCK = ("seconds", "pieces_per_second", "waiting")
"""Columns that differ between any two runs."""


def rows(run: Path) -> list[dict[str, str]]:
    """Return the rows as they are written, but for the clock."""
    path = run / "metrics.csv"
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {name: text for name, text in row.items() if name not in CLOCK}
            for row in csv.DictReader(file)
        ]


def started(*arguments: str) -> "subprocess.Popen[bytes]":
    """Start `contracode pretrain`."""
    return subprocess.Popen(
        [sys.executable, "-m", "contracode.cli.main", "pretrain", *arguments, "--quiet"]
    )


def finished(process: "subprocess.Popen[bytes]") -> None:
    """Wait for a run that must end well."""
    if process.wait():
        sys.exit(f"exit code {process.returncode}")


def killed(process: "subprocess.Popen[bytes]", run: Path, step: int) -> int:
    """Kill a run when it has logged this step; return the last step that it logged."""
    while not (found := rows(run)) or int(found[-1]["step"]) < step:
        if process.poll() is not None:
            sys.exit(f"the run ended before step {step}")
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return int(rows(run)[-1]["step"])


def main() -> int:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m tests.contracode.pretrain.resume_at_size",
        description=__doc__.split("\n")[0],
    )
    parser.add_argument("corpus", help="what to pretrain on")
    parser.add_argument("folder", type=Path, help="for the two runs")
    parser.add_argument("--preset", default="nano", help="(default nano)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting of it"
    )
    parser.add_argument("--steps", type=int, default=150, help="of a run (default 150)")
    parser.add_argument(
        "--after", type=int, default=100, help="first step at which it may be killed (default 100)"
    )
    parser.add_argument(
        "--every", type=int, default=40, help="steps between checkpoints (default 40)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="of the step at which it is killed (default: another one each time)",
    )
    args = parser.parse_args()
    at = random.Random(args.seed).randrange(args.after, args.steps - 1)
    whole, cut = args.folder / "whole", args.folder / "cut"
    settings = ["--preset", args.preset, "--steps", str(args.steps)]
    for setting in ("training.log_every=1", f"training.checkpoint_every={args.every}", *args.set):
        settings += ["--set", setting]
    last = killed(started(args.corpus, "-o", str(cut), *settings), cut, at)
    saved = torch.load(cut / "last.ckpt", weights_only=True)["global_step"]
    finished(started("--resume", str(cut)))
    finished(started(args.corpus, "-o", str(whole), *settings))
    expected, found = rows(whole), rows(cut)
    same = found == expected and len(expected) == args.steps
    weights = [
        torch.load(run / "last.ckpt", weights_only=True)["state_dict"] for run in (whole, cut)
    ]
    alike = all(torch.equal(weight, weights[1][name]) for name, weight in weights[0].items())
    figures = {
        "killed_after_step": last,
        "resumed_from_step": saved,
        "rows_compared": len(expected),
        "rows_alike": sum(one == other for one, other in zip(expected, found, strict=False)),
        "weights_alike": alike,
        "last_loss": [rows(run)[-1]["loss"] for run in (whole, cut)],
    }
    print(json.dumps(figures))
    return 0 if same and alike else 1


if __name__ == "__main__":
    sys.exit(main())
