"""The list of the training corpus: what it must hold, and what must not be in it."""

from pathlib import Path

import pytest

from contracode.corpus.sources.repository_list import read_list

LIST = Path(__file__).parents[2] / "data" / "corpus" / "repositories.tsv"

KEPT_FOR_EVALUATION = {
    "TheAlgorithms/JavaScript",
    "apollographql/apollo-client",
    "apollographql/apollo-link",
    "exercism/javascript",
    "expressjs/express",
    "janl/mustache.js",
    "jashkenas/backbone",
    "jashkenas/underscore",
    "tj/commander.js",
    "trekhleb/javascript-algorithms",
}
OF_SOLUTIONS = (
    "leetcode",
    "hackerrank",
    "codeforces",
    "codewars",
    "advent",
    "euler",
    "exercism",
    "rosetta",
    "interview",
)


def kept_for_evaluation(names: set[str]) -> set[str]:
    kept = {name.lower() for name in KEPT_FOR_EVALUATION}
    return {name for name in names if name.lower() in kept or any(word in name.lower() for word in OF_SOLUTIONS)}


def test_it_is_as_large_as_its_card_says():
    listed = read_list(LIST)
    assert len({row.name for row in listed}) >= 150
    assert len({row.name for row in listed if row.language != "javascript"}) >= 40


def test_nothing_that_is_kept_for_evaluation_is_in_it():
    assert kept_for_evaluation({row.name for row in read_list(LIST)}) == set()


@pytest.mark.parametrize("name", ["Expressjs/Express", "someone/LeetCode-solutions", "trekhleb/javascript-algorithms"])
def test_what_is_kept_would_be_found(name):
    assert kept_for_evaluation({name, "lodash/lodash"}) == {name}


def test_every_line_is_whole_and_in_order():
    header, *lines = LIST.read_text("utf-8").splitlines()
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]
    assert header.split("\t")[:5] == ["repository", "commit", "language", "licence", "kind"]
    assert all(value.strip() == value and value for row in rows for value in row.values())
    names = [row["repository"].lower() for row in rows]
    assert names == sorted(names)
