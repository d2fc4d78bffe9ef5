"""The ablation runs on a small corpus and a small clone set, and compares every variant with the
whole.
"""

import json
from pathlib import Path

from benchmarks import ablation

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "javascript_train_0.jsonl.gz"

PROGRAMS = {
    "sum": [
        "function f(a) { let t = 0; for (const x of a) t += x; return t; }",
        "a => a.reduce((x, y) => x + y, 0)",
    ],
    "even": [
        "function f(a) { return a % 2 === 0; }",
        "function f(a) { if (a % 2 == 1) return false; return true; }",
    ],
    "clamp": ["(a, b, c) => Math.max(b, Math.min(c, a))", "(a, b, c) => a < b ? b : a > c ? c : a"],
}


def test_every_variant_is_compared_with_the_whole(tmp_path: Path, capsys) -> None:
    programs = [
        {"problem": p, "code": t, "anon": t, "suite": "toy"}
        for p, texts in PROGRAMS.items()
        for t in texts
    ]
    pairs = [{"a": 2 * n, "b": 2 * n + 1, "kind": "pos", "label": 1} for n in range(3)]
    pairs += [{"a": a, "b": b, "kind": "neg", "label": 0} for a, b in ((0, 2), (1, 4), (3, 5))]
    for name, rows in (("clones.jsonl", programs), ("clone_pairs.jsonl", pairs)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ["--functions", "120", "--dimension", "8", "-o", str(tmp_path / "out.json")]
    ablation.main(["--data", str(tmp_path), "--corpus", str(SAMPLE), *options])
    table = capsys.readouterr().out.splitlines()
    named = [line.split(" | ")[0].removeprefix("| ") for line in table[2:]]
    assert named[0] == ablation.WHOLE
    assert "as written, no normal form" in named
    assert "rename-blind-normal" in named
    assert {f"without {kind}" for kind in ablation.KINDS} <= set(named)
    figures = json.loads((tmp_path / "out.json").read_text())
    compared = {figure["other"] for figure in figures if "other" in figure}
    assert compared == set(named) - {ablation.WHOLE}
