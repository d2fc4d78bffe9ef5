"""What a corpus is like: figures that are true of the sample, and the page that shows them."""

import json
import re
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracode.corpus.corpus_page import page
from contracode.corpus.profile import NUM_REPOSITORIES, bins, profile
from contracode.corpus.stats import statistics
from contracode.corpus.storage.readers import read_functions
from contracode.support.errors import InputError
from tests.paths import SAMPLE

CORPUS = SAMPLE
FUNCTION = "/** Adds. */\nfunction add(a, b) {\n  const total = a + b;\n  return total;\n}\n"


def corpus(*arguments: object, cwd=None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "corpus", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_sample_is_counted_as_it_is():
    found, stats, rows = profile([CORPUS]), statistics([CORPUS]), list(read_functions([CORPUS]))
    assert {name: facts.functions for name, facts in found.splits.items()} == stats.functions
    assert list(found.splits) == ["train", "valid", "test"]
    assert {name: facts.repositories for name, facts in found.splits.items()} == stats.repositories
    assert sum(facts.documented for facts in found.splits.values()) == stats.documented
    assert found.tokens.quantiles == stats.tokens
    assert found.total == len(rows) == sum(found.kinds.values())
    assert found.lines.quantiles["100 %"] == max(len(row.code.split("\n")) for row in rows)
    for sizes in (found.lines, found.tokens, found.names):
        assert sum(one.functions for one in sizes.bins) == len(rows)
    biggest, functions = Counter(row.repo for row in rows).most_common(1)[0]
    assert (found.repositories[0].name, found.repositories[0].functions) == (biggest, functions)
    assert found.functions["arrow"] == sum(row.code_tokens.count("=>") for row in rows)
    assert (found.num_repositories, found.problems) == (12, 0)


def test_habits_and_licences_are_summed(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        [
            {
                "repo": "a",
                "licence": "MIT",
                "code": "function f() { var a = 1; return a; }",
                "docstring": "x",
            },
            {
                "repo": "a",
                "licence": "MIT",
                "code": "async f() { let a = 1\n return a }",
                "func_name": "f",
            },
            {"repo": "b", "code": "x => { const a = 1; return a }", "partition": "other"},
            {"repo": "c", "code": "x => x", "code_tokens": ["x", "=>", "x"]},
            {"repo": "c", "code": "function (", "partition": "test"},
        ],
    )
    found = profile([path])
    assert list(found.splits) == ["test", "", "other"]
    assert (
        found.splits[""].functions,
        found.splits[""].repositories,
        found.splits[""].anonymous,
    ) == (3, 2, 2)
    assert {name: (one.functions, one.repositories) for name, one in found.licences.items()} == {
        "": (3, 2),
        "MIT": (2, 1),
    }
    assert found.declarations == {"var": 1, "let": 1, "const": 1}
    assert found.semicolons == {"all": 1, "some": 1, "none": 1}
    assert found.kinds == {"arrow function": 2, "does not parse": 1, "function": 1, "method": 1}
    assert found.functions == {"arrow": 2, "other": 2}
    assert found.asynchronous == 1
    assert found.tokens.quantiles["100 %"] == 3


def test_many_repositories_are_named_up_to_a_number(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        [{"repo": f"r{n}", "code": "f()"} for n in range(NUM_REPOSITORIES + 5)],
    )
    found = profile([path])
    assert (len(found.repositories), found.num_repositories) == (
        NUM_REPOSITORIES,
        NUM_REPOSITORIES + 5,
    )
    assert "5 others" in page("many", found, None)


@given(st.dictionaries(st.integers(0, 10**7), st.integers(1, 100)))
def test_bins_hold_every_size_once(sizes):
    found = bins(Counter(sizes))
    assert sum(one.functions for one in found) == sum(sizes.values())
    for one in found:
        assert one.functions == sum(
            number for size, number in sizes.items() if one.low <= size <= one.high
        )
    assert [one.low for one in found[1:]] == [one.high + 1 for one in found[:-1]]
    assert not found or (found[0].functions and found[-1].functions)
    # Were they not equally wide on a logarithmic scale, a smooth distribution would have teeth.
    assert all(1.35 < (one.high + 1) / one.low < 1.46 for one in found if one.low >= 8)


def test_the_page_says_what_is_in_a_corpus_and_what_is_not(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.js").write_text(
        FUNCTION + FUNCTION.replace("add", "plus") + "function f() {}\n"
    )
    (tmp_path / "code" / "b.js").write_text("function (")
    (tmp_path / "code" / "LICENSE").write_text("MIT License")
    assert corpus("build", f"some/one={tmp_path}/code", "-o", tmp_path / "out").returncode == 0
    done = corpus("report", tmp_path / "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "report.html: 1 function of 1 repository\n"
    text = re.sub("<[^>]*>", " ", (tmp_path / "report.html").read_text("utf-8"))
    for shown in (
        "1 functions from 1 repository",
        "some/one",
        "LICENSE",
        "fewer than 3 lines",
        "duplicate",
    ):
        assert shown in text
    assert "does not parse" in text


def test_the_page_loads_nothing(tmp_path):
    written = page("sample", profile([CORPUS]), None)
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|\bon\w+=", written)
    assert len(written) < 100_000
    assert written.count('class="bar"') > 40
    assert "there is no manifest" in written


def test_json_has_the_figures_and_writes_no_page(tmp_path):
    done = corpus("report", CORPUS, "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["profile"]["splits"]["train"]["functions"] == 265
    assert found["manifest"] is None
    assert list(tmp_path.iterdir()) == []


def test_broken_lines_are_told_and_change_the_exit_code(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"code": "f()"}\n[]\n')
    done = corpus("report", tmp_path / "a.jsonl", "-o", tmp_path / "a.html")
    assert done.returncode == 1
    assert f"{tmp_path}/a.jsonl:2: is not a row" in done.stderr
    assert "1 broken lines or files" in (tmp_path / "a.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", "[]\n", "has no function to report on"),
        ("manifest.json", "{}", "is no manifest of a corpus"),
        ("a.txt", "", "no such file, and no shards there"),
    ],
)
def test_bad_input_is_one_line_at_the_end(tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    done = corpus("report", tmp_path, "-o", tmp_path / "a.html")
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]
    assert not (tmp_path / "a.html").exists()


def test_a_corpus_of_types_is_refused(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "b.ts").write_text("let x: string = f();\n")
    assert corpus("types", tmp_path / "code", "-o", tmp_path / "out").returncode == 0
    done = corpus("report", tmp_path / "out", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is a corpus of types, not of functions" in done.stderr


def test_strict_stops_at_the_first_problem(tmp_path):
    (tmp_path / "a.jsonl").write_text('[]\n{"code": "f()"}\n')
    with pytest.raises(InputError, match=":1: is not a row"):
        profile([tmp_path], strict=True)
