import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_it_measures_pairs_and_an_epoch_of_linked_shards() -> None:
    arguments = [
        str(ROOT / "data" / "sample"),
        "--count",
        "60",
        "--epochs",
        "1",
        "--epoch",
        "200",
        "--pairs",
        "150",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.packed", *arguments], capture_output=True, check=True
    )
    figures = json.loads(done.stdout)
    assert figures["functions"] == 60
    assert 60 < figures["views"] <= 300
    for row in figures["pairs"].values():
        assert row["ratio"] == pytest.approx(row["sources_ms"] / row["copies_ms"])
    assert figures["epoch"]["functions"] == 240
    assert figures["epoch"]["pairs"] == 128, "whole batches"
    assert figures["epoch"]["peak_rss_mb"] > 0
