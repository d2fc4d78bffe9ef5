"""The calls of data/sample/calls.json run, and answer the same twice: what differential execution
needs of them.
"""

import json
from pathlib import Path

import pytest

from tests.v8 import run_calls

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ENTRIES = json.loads((SAMPLE / "calls.json").read_text("utf-8"))


def answers_of(entry: dict) -> list[str]:
    source = (SAMPLE / "javascript" / entry["file"]).read_text("utf-8")
    return run_calls(source, entry["calls"], source_type=entry["source_type"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_calls_run_and_repeat(entry):
    answers = answers_of(entry)
    assert len(answers) == len(entry["calls"]) + 1, answers  # the last is the log
    for call, answer in zip(entry["calls"], answers, strict=False):
        assert answer is not None, f"{call} never settles"
        assert not answer.startswith(("throws ReferenceError", "throws SyntaxError")), f"{call}: {answer}"
        assert not answer.startswith(("rejects throws ReferenceError", "rejects throws SyntaxError")), (
            f"{call}: {answer}"
        )
    assert answers_of(entry) == answers


def test_there_are_enough_and_they_show_something():
    assert len(ENTRIES) >= 20
    assert sum(len(entry["calls"]) for entry in ENTRIES) >= 150
    for entry in ENTRIES:
        assert len(set(entry["calls"])) == len(entry["calls"]), entry["file"]
        assert len(set(answers_of(entry))) > 3, entry["file"]


@pytest.mark.parametrize(
    ("file", "call", "answer"),
    [
        ("pocket/arrays.js", "chunk([1, 2, 3], 2)", "[[1,2],[3]]"),
        ("numera/integers.js", "toRoman(1994)", '"MCMXCIV"'),
        ("numera/integers.js", "toRoman(0)", "throws RangeError"),
        ("grammatik/calculator.js", "evaluate('1 / 0')", "throws Error: division by zero"),
        ("almanac/calendar.js", "almanac.easter(2024)", "{month:3,day:31}"),
        ("relay/tasks.js", "mapLimit([1, 2], 1, async item => item + 1)", "resolves [2,3]"),
        ("bytework/checksums.js", "missing()", "throws ReferenceError"),
    ],
)
def test_known_answers(file, call, answer):
    entry = next(entry for entry in ENTRIES if entry["file"] == file)
    assert answers_of({**entry, "calls": [call]})[0] == answer
