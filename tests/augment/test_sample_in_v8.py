"""The sample programs answer as before after every rewrite there is."""

import json
from pathlib import Path

import pytest

import augment
from augment.checking.verify import check
from tests.v8 import run_calls

FOLDER = Path(__file__).parents[2] / "data" / "sample"
ENTRIES = json.loads((FOLDER / "calls.json").read_text())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_same_answers(entry: dict) -> None:
    source = (FOLDER / "javascript" / entry["file"]).read_text()
    kind = entry["source_type"]
    program = augment.parse(source, source_type=kind)
    before = run_calls(source, entry["calls"], source_type=kind)
    assert not before[0].startswith("loading")
    for pipeline in (augment.Pipeline.everything(), augment.Pipeline.default()):
        for seed in (0, 1):
            view = pipeline.view(program, seed)
            assert check(program, view) == []
            assert run_calls(view.text, entry["calls"], source_type=kind) == before, view.text
