"""The benchmark of embeddings runs on the sample and says how much it measured."""

import json
from pathlib import Path

from benchmarks import embedding

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "javascript_train_0.jsonl.gz"


def test_it_prints_a_rate(capsys) -> None:
    embedding.main([str(SAMPLE), "--count", "5", "--turns", "1"])
    found = json.loads(capsys.readouterr().out)
    assert found["functions"] == 5
    assert found["model"] > 0
