"""`contracode evaluate robustness`: attacks by all transforms, by families and by tools."""

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import augment
from contracode.cli.main import main
from contracode.evaluate.clones import rewrites
from contracode.evaluate.clones.methods.interface import Embedding
from contracode.evaluate.clones.methods.tf_idf import TfIdf
from contracode.evaluate.clones.robustness import Attack, PairSet, evaluate_robustness
from contracode.javascript.leaves import rename_blind
from contracode.support.errors import InputError
from tests.paths import SAMPLE

ROWS = SAMPLE / "javascript_valid_0.jsonl.gz"

FUNCTIONS = [
    "function f(list) { let total = 0; for (const item of list) total += item; return total; }",
    "function g(n, m) { if (n > m) return n; else return m; }",
    "function h(text) { return text.split(',').map(part => part.trim()); }",
]

# answers in reverse order, refuses sources that call `map`, and appends the seed to the others
TOOL = """
import json, sys
rows = [json.loads(line) for line in sys.stdin]
for row in reversed(rows):
    if "map" in row["source"]:
        print(json.dumps({"id": row["id"], "error": "cannot read `map`"}))
    else:
        print(json.dumps({"id": row["id"], "source": row["source"] + f"// {row['seed']}"}))
"""


def pairs() -> PairSet:
    """Pair each function with itself and with the next one."""
    own = np.arange(3)
    first, second = np.concatenate([own, own]), np.concatenate([own, np.roll(own, 1)])
    return PairSet(
        "toy", FUNCTIONS, ["a", "b", "c"], first, second, np.arange(6) < 3, natural=False
    )


def of(table: dict[str, list[list[float]]]) -> Embedding:
    """Return a method that looks vectors up."""
    return Embedding(lambda sources: np.asarray([table[source] for source in sources]))


def test_worst_of_n_rewrites_by_hand() -> None:
    a, b, c = FUNCTIONS
    vectors = {a: [1.0, 0, 0], b: [0, 1.0, 0], c: [0, 0, 1.0]}
    # the second rewrite of `a` is similar to `c`, the other program of the first false pair
    seen = {"a1": [1.0, 0, 0], "a2": [0.1, 0, 1.0], "b1": [0, 1.0, 0], "c1": [0, 0, 1.0]}

    def rewriter(sources: Sequence[str], count: int, seed: int) -> list[list[str]]:
        assert (list(sources), count) == (FUNCTIONS, 2)
        return [["a1", "a2"], ["b1", "b1"], ["c1", "c1"]]

    report = evaluate_robustness(pairs(), {"x": of(vectors | seen)}, [Attack("", rewriter, (1, 2))])
    assert report.value("x", "worst of 1") == 100
    # true pairs 0.0995, 1, 1 against false ones 0.995, 0, 0: one of nine comparisons is lost
    assert report.value("x", "worst of 2") == pytest.approx(100 * 8 / 9)


def test_every_exact_transform_is_in_exactly_one_family() -> None:
    members = [name for names in augment.families().values() for name in names]
    kept = [
        name
        for name, item in augment.registry().items()
        if item.level <= augment.Semantics.OBSERVABLE
    ]
    assert sorted(members) == kept


def test_engine_draws_strengths_by_seed() -> None:
    one = rewrites.engine()(FUNCTIONS, 16, 0)
    assert one == rewrites.engine()(FUNCTIONS, 16, 0) != rewrites.engine()(FUNCTIONS, 16, 1)
    assert [texts[:4] for texts in one] == rewrites.engine()(FUNCTIONS, 4, 0)
    assert all(len(set(texts)) > 8 for texts in one)
    assert rewrites.engine()(["function ("], 2, 0) == [["function ("] * 2]


def test_left_out_families_are_not_applied() -> None:
    without = [name for name in augment.families() if name != "names"]
    for source, texts in zip(
        FUNCTIONS, rewrites.engine(without=without)(FUNCTIONS, 8, 0), strict=True
    ):
        assert {tuple(rename_blind(text)) for text in texts} == {tuple(rename_blind(source))}
        assert len(set(texts)) > 1
    assert rewrites.family("loops")(FUNCTIONS[2:], 2, 0) == [FUNCTIONS[2:] * 2]
    with pytest.raises(InputError, match="no family or transform 'everything'"):
        rewrites.engine(without=["everything"])
    with pytest.raises(InputError, match="no transform is left"):
        rewrites.engine(without=augment.families())


def command(tmp_path: Path, text: str = TOOL) -> str:
    (tmp_path / "tool.py").write_text(text)
    return shlex.join([sys.executable, str(tmp_path / "tool.py")])


def test_external_tool_rewrites_programs(tmp_path: Path) -> None:
    problems: list[str] = []
    found = rewrites.tool(command(tmp_path), on_problem=problems.append)(FUNCTIONS, 2, 5)
    assert found[0] == [f"{FUNCTIONS[0]}// 5", f"{FUNCTIONS[0]}// 6"]
    assert found[2] == [FUNCTIONS[2]] * 2
    assert len(problems) == 1
    assert "2 of 6 not rewritten, the first: cannot read `map`" in problems[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print('hello')", "wrote a line that is not an answer"),
        (
            'import os; os.write(1, b\'{"id": 0, "source": "\\xff"}\')',
            "wrote a line that is not an answer",
        ),
        ("raise SystemExit('it broke')", "ended with 1: it broke"),
        ('print(\'{"id": 99, "source": ""}\')', "unknown id 99 in its output"),
    ],
)
def test_failing_tool_is_a_one_line_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rewrites.tool(command(tmp_path, text))(FUNCTIONS, 1, 0)
    with pytest.raises(InputError, match="cannot run"):
        rewrites.tool("/no/such/program")(FUNCTIONS, 1, 0)


def test_tool_option_splits_name_and_command() -> None:
    assert rewrites.named_command("terser=node rewrite.cjs terser") == (
        "terser",
        "node rewrite.cjs terser",
    )
    assert rewrites.named_command("./run --seed=3") == ("./run --seed=3",) * 2


def test_robustness_on_the_shipped_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [
        "--limit",
        "20",
        "--families",
        "--without",
        "names",
        "loops",
        "--tool",
        f"stub={command(tmp_path)}",
    ]
    (tmp_path / "pairs.py").write_text(
        "def embed(sources):\n"
        "    return [[len(s), s.count(';') + 1, s.count('e')] for s in sources]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    options += [
        "--data",
        str(ROWS),
        "--model",
        "pairs:embed",
        "--baselines",
        "rename-blind",
        "--json",
    ]
    assert main(["evaluate", "robustness", *options]) == 0
    report = json.loads(capsys.readouterr().out)
    metrics = {figure["metric"] for figure in report["figures"]}
    assert {
        "worst of 1",
        "worst of 4",
        "worst of 16",
        "dead code: worst of 4",
        "stub: worst of 4",
    } <= metrics
    assert not {"names: worst of 4", "loops: worst of 4", "natural"} & metrics
    values = {(one["method"], one["metric"]): one["value"] for one in report["figures"]}
    assert (
        values["embed", "worst of 16"]
        <= values["embed", "worst of 4"]
        <= values["embed", "worst of 1"]
    )
    assert values["rename-blind", "worst of 4"] > values["embed", "worst of 4"]


def test_robustness_attacks_clone_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    programs = [
        {"problem": i // 2, "code": text, "anon": text}
        for i, text in enumerate((FUNCTIONS * 2)[:4])
    ]
    rows = [
        {"a": 0, "b": 1, "kind": "pos", "label": 1},
        {"a": 2, "b": 3, "kind": "pos", "label": 1},
    ]
    rows += [
        {"a": 0, "b": 2, "kind": "neg", "label": 0},
        {"a": 1, "b": 3, "kind": "neg", "label": 0},
    ]
    for name, lines in (("clones.jsonl", programs), ("clone_pairs.jsonl", rows)):
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ["--data", str(tmp_path), "--baselines", "rename-blind", "--model", "builtins:len"]
    assert main(["evaluate", "robustness", *arguments]) == 2  # `len` is not an encoder
    assert "expected one row each" in capsys.readouterr().err


def test_paired_differences_are_reported() -> None:
    methods = {"blind": TfIdf(rename_blind), "model": TfIdf(lambda source: source.split())}
    report = evaluate_robustness(
        pairs(), methods, [Attack("", rewrites.engine(), (4,))], models=["model"]
    )
    (one,) = report.differences
    gap = report.value("model", "worst of 4") - report.value("blind", "worst of 4")
    assert (one.method, one.other, one.value) == ("model", "blind", pytest.approx(gap))
