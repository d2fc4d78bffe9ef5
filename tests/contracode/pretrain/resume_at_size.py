"""Kills a pretraining run at a random step, resumes it, and compares it with an uninterrupted run.

    python -m tests.contracode.pretrain.resume_at_size CORPUS FOLDER [--steps 150] [--after 100]

The curves must be equal bit for bit, apart from columns that depend on the clock. `test_running.py`
does the same at toy size. Prints the comparison as JSON; the exit code is 1 if the runs differ.
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
    """Return the rows of `metrics.csv` as text, without the columns `CLOCK`."""
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
    """Wait for a run; exit if it fails."""
    if process.wait():
        sys.exit(f"exit code {process.returncode}")


def killed(process: "subprocess.Popen[bytes]", run: Path, step: int) -> int:
    """Kill a run once it has logged this step; return the last step that it logged."""
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
    parser.add_argument("corpus", help="corpus to pretrain on")
    parser.add_argument("folder", type=Path, help="folder for the two runs")
    parser.add_argument("--preset", default="nano", help="preset of the settings (default nano)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting"
    )
    parser.add_argument("--steps", type=int, default=150, help="steps of a run (default 150)")
    parser.add_argument(
        "--after", type=int, default=100, help="first step at which it may be killed (default 100)"
    )
    parser.add_argument(
        "--every", type=int, default=40, help="steps between checkpoints (default 40)"
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="seed of the step at which the run is killed (default: random)",
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
    weights_equal = all(
        torch.equal(weight, weights[1][name]) for name, weight in weights[0].items()
    )
    figures = {
        "killed_after_step": last,
        "resumed_from_step": saved,
        "rows_compared": len(expected),
        "rows_equal": sum(one == other for one, other in zip(expected, found, strict=False)),
        "weights_equal": weights_equal,
        "last_loss": [rows(run)[-1]["loss"] for run in (whole, cut)],
    }
    print(json.dumps(figures))
    return 0 if same and weights_equal else 1


if __name__ == "__main__":
    sys.exit(main())
