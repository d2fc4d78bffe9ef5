import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.pretrain import ATTENTION

ROOT = Path(__file__).parents[2]

SMALL = [
    "tokenizer.vocab_size=500",
    "encoder.dimension=16",
    "encoder.layers=1",
    "encoder.heads=2",
    "encoder.feedforward=24",
    "contrast.queue=32",
    "training.batch_size=8",
    "data.max_length=50",
]

OTHER = """
import json, sys
import numpy as np
options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
file = np.load(options["--batches"])
assert file["pieces"].max() < file["vocab_size"]
assert file["lengths"].sum() == len(file["pieces"])
assert (options["--what"] in ("step", "embed"), options["--threads"]) == (True, "1")
print("a line before")
print(json.dumps({"seconds": [1.0] * len(file["lengths"]), "cpu_seconds": [TIME] * len(file["lengths"])}))
"""


def run(folder: Path, seconds: str, *more: str) -> "subprocess.CompletedProcess[str]":
    (folder / "other.py").write_text(OTHER.replace("TIME", seconds))
    command = [
        sys.executable,
        "-m",
        "benchmarks.pretrain",
        str(ROOT / "data" / "sample"),
        "--batches",
        "2",
        "--rounds",
        "1",
    ]
    settings = [part for setting in SMALL for part in ("--set", setting)]
    other = ["--against", f"{sys.executable} {folder / 'other.py'}"]
    return subprocess.run(
        [*command, *settings, *other, *more], capture_output=True, text=True, check=False
    )


def test_it_measures_steps_and_embedding_beside_another_program(tmp_path: Path) -> None:
    done = run(tmp_path, "2.0", "--feed", "tiny", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["functions"] == 16
    assert figures["pieces_mean"] <= figures["pieces_most"] == 50
    (row,) = figures["runs"]
    for what in ("step", "embed"):
        assert row[f"{what}_against"] == {
            "functions_per_second": 8.0,
            "functions_per_cpu_second": 4.0,
        }
        assert row[f"{what}_ratio"] == pytest.approx(row[what]["functions_per_cpu_second"] / 4)
    assert row["step_gflop"] > 0
    assert 0 < row["share_of_peak"] < 1
    assert figures["feed"]["loaders_per_core"] > 0


def test_another_program_must_answer_for_every_batch(tmp_path: Path) -> None:
    done = run(tmp_path, "1.0] + [1.0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("2 and 3 times for 2 batches")


def test_attention_on_a_cpu_is_counted() -> None:
    """Two products of (T, E) matrices for each head there, five back."""
    states = torch.randn(2, 4, 50, 8, requires_grad=True)
    mask = torch.ones(2, 1, 1, 50, dtype=torch.bool)
    with FlopCounterMode(display=False, custom_mapping=ATTENTION) as counter:
        F.scaled_dot_product_attention(states, states, states, attn_mask=mask).sum().backward()
    assert counter.get_total_flops() == (2 + 5) * 2 * (2 * 4) * 50 * 50 * 8
