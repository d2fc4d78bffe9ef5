import json
import subprocess
import sys
from pathlib import Path

import augment
from benchmarks.augment import distinctness, nameless

FUNCTIONS = [
    "function add(first, second) { const total = first + second; return total; }",
    "(a, b) => { if (a) { return b; } return a; }",
    "get() { return this.value; }",
    "this does not parse",
]

ECHO = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "variants": [request["code"]] * 3 + [None, "("]}))
"""


def test_it_measures_itself_and_another_program_on_the_same_functions(tmp_path: Path) -> None:
    rows = tmp_path / "functions.jsonl"
    rows.write_text(
        "".join(
            json.dumps({"code": code, "repo": f"a/{n % 2}"}) + "\n"
            for n, code in enumerate(FUNCTIONS * 30)
        )
    )
    (tmp_path / "echo.py").write_text(ECHO)
    command = f"{sys.executable} {tmp_path / 'echo.py'}"
    arguments = [str(rows), "--count", "80", "--copies", "4", "--json", "--against", command]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.augment", *arguments], capture_output=True, check=True
    )
    figures = json.loads(done.stdout)
    assert figures["functions"] == 80
    assert figures["repositories"] == 2
    assert figures["unparsable"] == 0
    assert abs(sum(figures["time"].values()) - 1) < 1e-9
    assert figures["against"]["distinct"] == 2
    assert figures["against"]["unparsable"] == 80
    ratio = figures["variants_per_second"] / figures["against"]["variants_per_second"]
    assert abs(figures["ratio"] - ratio) < 1e-9


def test_variants_that_differ_in_names_or_white_space_only_count_once() -> None:
    texts = ["f(a, {b})", "f( q,\n{c} )", "f(x, {b: y})", "g(a, [b])"]
    assert distinctness([texts])["distinct"] == 4
    assert distinctness([texts])["distinct_without_names"] == 3
    assert nameless(augment.parse("a // b\n+ c")) == "_ //b + _"
