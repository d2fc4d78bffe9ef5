"""`contracode evaluate clones`: comparison with a slow oracle, all baselines, all encoders."""

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from contracode.cli.main import main
from contracode.evaluate.clones.clone_set import (
    ClonePair,
    CloneProgram,
    CloneSet,
    evaluate_clones,
    read_clones,
)
from contracode.evaluate.clones.encoders import open_encoder
from contracode.evaluate.clones.methods.baseline import baselines
from contracode.evaluate.clones.methods.interface import Embedding
from contracode.support.errors import InputError

SAMPLES = 20

SOLUTIONS = {
    "sum": [
        "function f0(a0) { let total = 0; for (const item of a0) total += item; return total; }",
        "var f0 = function (a0) { return a0.reduce(function (x, y) { return x + y }, 0) };",
        "function f0(a0) { var s = 0; for (var i = 0; i < a0.length; i++) { s += a0[i]; }"
        " return s; }",
    ],
    "even": [
        "function f0(a0) { return a0 % 2 === 0; }",
        "const f0 = (a0) => !(a0 & 1);",
        "function f0(a0) { if (a0 % 2 == 1) { return false; } return true; }",
    ],
    "clamp": [
        "function f0(a0, a1, a2) { return Math.max(a1, Math.min(a2, a0)); }",
        "function f0(a0, a1, a2) { if (a0 < a1) return a1; if (a0 > a2) return a2; return a0; }",
        "const f0 = (a0, a1, a2) => a0 < a1 ? a1 : a0 > a2 ? a2 : a0;",
    ],
    "join": [
        "function f0(a0) { return a0.join(', '); }",
        "function f0(a0) { let s = ''; for (let i = 0; i < a0.length; i++) {"
        " if (i) s += ', '; s += a0[i]; } return s; }",
        "const f0 = a0 => a0.reduce((x, y) => x + ', ' + y);",
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone set: twelve programs of four problems, pairs of all kinds, and rewrites."""
    folder = tmp_path_factory.mktemp("clones")
    programs = [
        {"problem": problem, "code": text, "anon": text, "suite": "toy"}
        for problem, texts in SOLUTIONS.items()
        for text in texts
    ]
    draw = random.Random(0)
    positive = [(i, j) for i in range(12) for j in range(i + 1, 12) if i // 3 == j // 3]
    others = [(i, j) for i in range(12) for j in range(12) if i // 3 != j // 3]
    pairs = [{"a": a, "b": b, "kind": "pos", "label": 1} for a, b in positive]
    for kind in ("neg", "neg_len"):
        pairs += [
            {"a": a, "b": b, "kind": kind, "label": 0}
            for a, b in draw.sample(others, len(positive))
        ]
    attacked = [pair for pair in pairs if pair["kind"] != "neg_len"][::2]
    rewrites = [
        {
            "id": number,
            "field": field,
            "variants": [program["anon"].replace("a0", f"x{k}") + f"// {k}" for k in range(8)],
        }
        for number, program in enumerate(programs)
        for field in ("anon", "code")
    ]
    for name, rows in (
        ("clones", programs),
        ("clone_pairs", pairs),
        ("clone_pairs_adv", attacked),
        ("clones_adv", rewrites),
    ):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def by_hash(sources: Sequence[str]) -> np.ndarray:
    """Embed sources by coarse counts of letters, so that there are ties."""
    return np.asarray(
        [[source.count(letter) % 3 + 0.5 for letter in "aeirst"] for source in sources]
    )


def slow_areas(scores: list[float], labels: list[int], weights: list[float]) -> tuple[float, float]:
    """Return AUROC over all weighted pairs, and average precision over all thresholds."""
    items = list(zip(scores, labels, weights, strict=True))
    won = sum(
        w * v * ((s > t) + (s == t) / 2)
        for s, one, w in items
        if one
        for t, other, v in items
        if not other
    )
    positive, negative = (sum(w for _, one, w in items if one == label) for label in (1, 0))
    if not positive or not negative:
        return float("nan"), float("nan")
    precision, before = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        found = sum(w for s, one, w in items if one and s >= threshold)
        wrong = sum(w for s, one, w in items if not one and s >= threshold)
        if found + wrong:
            precision += (found - before) / positive * found / (found + wrong)
        before = found
    return won / (positive * negative), precision


def slow_figures(clones: CloneSet) -> dict[str, tuple[float, float, float]]:
    """Return AUROC and AP with their intervals by loops, as the reference scorer defines them."""
    sources = [program.anon for program in clones.programs]
    problems = [program.problem for program in clones.programs]

    def cosine(a: str, b: str) -> float:
        x, y = by_hash([a])[0], by_hash([b])[0]
        return round(float(x @ y / np.linalg.norm(x) / np.linalg.norm(y)), 12)

    def measured(
        pairs: list[ClonePair], scores: list[float]
    ) -> tuple[tuple[float, float, float], ...]:
        names = sorted({problems[one] for pair in pairs for one in (pair.a, pair.b)}, key=str)
        labels = [pair.label for pair in pairs]
        draw = np.random.default_rng(0)
        drawn: list[tuple[float, float]] = []
        for _ in range(SAMPLES):
            chosen = [names[i] for i in draw.integers(0, len(names), len(names))]
            counts = {name: chosen.count(name) for name in names}
            weights = [
                float(
                    counts[problems[pair.a]]
                    * (1 if problems[pair.a] == problems[pair.b] else counts[problems[pair.b]])
                )
                for pair in pairs
            ]
            drawn.append(slow_areas(scores, labels, weights))
        low, high = np.nanpercentile(np.asarray(drawn), [2.5, 97.5], axis=0)
        value = slow_areas(scores, labels, [1.0] * len(pairs))
        return tuple((100 * value[at], 100 * low[at], 100 * high[at]) for at in (0, 1))

    found: dict[str, tuple[float, float, float]] = {}
    for kind, suffix in (("neg", ""), ("neg_len", " length")):
        pairs = [pair for pair in clones.pairs if pair.kind in ("pos", kind)]
        areas = measured(pairs, [cosine(sources[pair.a], sources[pair.b]) for pair in pairs])
        found[f"AUROC{suffix}"], found[f"AP{suffix}"] = areas
    for worst in (1, 4, 8):
        scores: list[float] = []
        for pair in clones.attacked:
            texts = clones.rewrites["anon", pair.a][:worst]
            scores.append(
                (min if pair.label else max)(cosine(text, sources[pair.b]) for text in texts)
            )
        found[f"worst of {worst}"], found[f"AP worst of {worst}"] = measured(
            list(clones.attacked), scores
        )
    return found


def test_figures_and_intervals_equal_the_slow_oracle(folder: Path) -> None:
    clones = read_clones(folder)
    rounded = Embedding(by_hash)
    report = evaluate_clones(clones, {"x": rounded}, samples=SAMPLES)
    expected = slow_figures(clones)
    measured = {figure.metric: (figure.value, figure.low, figure.high) for figure in report.figures}
    assert measured.keys() - expected.keys() == {"P@1", "MAP@R"}
    for metric, figures in expected.items():
        assert measured[metric] == pytest.approx(figures), metric


def test_slow_oracle_detects_changed_scores(folder: Path) -> None:
    clones = read_clones(folder)
    report = evaluate_clones(
        clones, {"x": Embedding(lambda sources: by_hash(sources)[:, ::2])}, samples=SAMPLES
    )
    assert report.value("x", "AUROC") != pytest.approx(slow_figures(clones)["AUROC"][0])


def test_retrieval_and_differences_by_hand() -> None:
    texts = ["aa", "ab", "ba", "ca"]
    programs = [
        CloneProgram(problem, text, text) for problem, text in zip((1, 1, 2, 2), texts, strict=True)
    ]
    pairs = [
        ClonePair(0, 1, "pos", 1),
        ClonePair(2, 3, "pos", 1),
        ClonePair(0, 2, "neg", 0),
        ClonePair(1, 3, "neg", 0),
    ]

    def by_first_letter(sources: Sequence[str]) -> np.ndarray:
        return np.stack([np.eye(26)[ord(source[0]) - ord("a")] for source in sources])

    def perfect(sources: Sequence[str]) -> np.ndarray:
        return np.stack([np.eye(2)[int(source in ("ba", "ca"))] for source in sources])

    methods = {"letter": Embedding(by_first_letter), "perfect": Embedding(perfect)}
    report = evaluate_clones(CloneSet(programs, pairs), methods, models=["perfect"])
    # one of two positives is found, and ties of the other count half
    assert report.value("letter", "AUROC") == 75
    assert report.value("letter", "AP") == pytest.approx(100 * (0.5 * 1 + 0.5 * 2 / 4))
    assert report.value("perfect", "P@1") == report.value("perfect", "MAP@R") == 100
    assert report.value("letter", "P@1") <= 75
    difference = next(one for one in report.differences if one.metric == "AUROC")
    assert (difference.method, difference.other, difference.value) == ("perfect", "letter", 25)
    assert difference.low <= 25 <= difference.high
    assert {example.right for example in report.examples} == {True, False}
    curve = next(one for one in report.curves if one.method == "perfect")
    assert (curve.xs, curve.ys) == ([0, 0, 1], [0, 1, 1])


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[tuple[str, str], float]:
    assert main(["evaluate", "clones", *map(str, arguments), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    for figure in report["figures"]:
        assert figure["low"] <= figure["high"]
    return {(figure["method"], figure["metric"]): figure["value"] for figure in report["figures"]}


def test_model_is_compared_with_all_baselines(
    folder: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(capsys, "--data", folder, "--model", model_folder, "--baselines", "all")
    assert {method for method, _ in found} == {*baselines(), "tiny"}
    assert {metric for _, metric in found} == {
        *("AUROC", "AP", "AUROC length", "AP length", "P@1", "MAP@R"),
        *(f"{kind}worst of {n}" for n in (1, 4, 8) for kind in ("", "AP ")),
    }
    # the attack renames and adds comments, which these methods ignore
    for method in ("rename-blind", "rename-blind-normal", "node-edits"):
        assert found[method, "worst of 8"] == found[method, "worst of 1"]
    assert found["tf-idf", "worst of 8"] <= found["tf-idf", "worst of 1"]
    assert found["rename-blind-normal", "AUROC"] > 50


def test_table_shows_differences(
    folder: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "clones", "--data", str(folder), "--model", str(model_folder)]) == 0
    printed = capsys.readouterr().out
    assert "worst of 8" in printed
    assert "tiny minus the others" in printed
    assert "token-edits" not in printed  # not a fast baseline


def test_encoders_of_every_kind_are_measured(
    folder: Path,
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ours = run(capsys, "--data", folder, "--model", model_folder, "--baselines", "none")
    graph = run(
        capsys, "--data", folder, "--model", model_folder / "encoder.onnx", "--baselines", "none"
    )
    # the graph truncates sources at its window; figures may therefore differ
    assert graph.keys() == {("encoder", metric) for _, metric in ours}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letters.py").write_text(
        "def embed(sources):\n    return [[s.count('a'), s.count('b') + 1] for s in sources]\n"
    )
    called = run(
        capsys,
        "--data",
        folder,
        "--model",
        "letters:embed",
        "--baselines",
        "untrained,rename-blind",
    )
    assert {method for method, _ in called} == {"embed", "rename-blind"}
    options = ["--data", str(folder), "--model", str(model_folder), "--baselines", "none"]
    assert main(["evaluate", "clones", *options, "--against", "letters:embed", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    beside = {(figure["method"], figure["metric"]): figure["value"] for figure in report["figures"]}
    assert beside == ours | {known: value for known, value in called.items() if known[0] == "embed"}
    above = {one["metric"]: one["value"] for one in report["differences"]}
    assert {(one["method"], one["other"]) for one in report["differences"]} == {("tiny", "embed")}
    assert above["P@1"] == pytest.approx(beside["tiny", "P@1"] - beside["embed", "P@1"])
    assert main(["evaluate", "clones", *options, "--against", str(model_folder)]) == 2
    assert "two methods are called tiny" in capsys.readouterr().err


def test_sentence_transformers_folder_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "modules.json").write_text("[]")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # as if it is not installed
    with pytest.raises(InputError, match="sentence-transformers"):
        open_encoder(str(tmp_path / "model"))
    # a stub with the interface of the library
    (tmp_path / "sentence_transformers.py").write_text(
        "import numpy as np\nclass SentenceTransformer:\n"
        "    def __init__(self, path, device): self.path = path\n"
        "    def encode(self, texts, batch_size, normalize_embeddings):\n"
        "        return np.asarray([[len(text), 1.0] for text in texts])\n"
    )
    monkeypatch.delitem(sys.modules, "sentence_transformers")
    monkeypatch.syspath_prepend(tmp_path)
    encoder = open_encoder(str(tmp_path / "model"))
    assert (encoder.name, encoder.embed(["ab", ""]).tolist()) == ("model", [[2, 1], [0, 1]])


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("nowhere", "no such model folder"),
        ("nowhere.onnx", "no such file"),
        ("json:nothing", "json has no function nothing"),
        ("no_such_module:f", "cannot import no_such_module"),
        ("builtins:len", "expected one row each"),
    ],
)
def test_wrong_encoder_is_a_one_line_error(spec: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_encoder(spec).embed(["a", "b"])


def test_bad_input_is_a_one_line_error(
    folder: Path, tmp_path: Path, model_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def error_of(*arguments: str) -> str:
        assert main(["evaluate", "clones", "--model", str(model_folder), *arguments]) == 2
        return capsys.readouterr().err

    assert "no baseline 'best'" in error_of("--data", str(folder), "--baselines", "best")
    (tmp_path / "clones.jsonl").write_text('{"problem": 1}\n')
    assert "clones.jsonl:1: " in error_of("--data", str(tmp_path))
    (tmp_path / "clones.jsonl").write_text('{"problem": 1, "code": "a", "anon": "a"}\n')
    (tmp_path / "clone_pairs.jsonl").write_text('{"a": 0, "b": 1, "kind": "pos", "label": 1}\n')
    assert "clone_pairs.jsonl:1: a pair names a program that clones.jsonl lacks" in error_of(
        "--data", str(tmp_path)
    )
    (tmp_path / "clones.jsonl").write_bytes(b'{"problem": "\xff"}\n')
    assert "clones.jsonl:1: " in error_of("--data", str(tmp_path))
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    rows = [
        {**json.loads(line), "variants": []}
        for line in (folder / "clones_adv.jsonl").read_text().splitlines()
    ]
    (tmp_path / "clones_adv.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "clones_adv.jsonl has no rewrites of anon of program" in error_of(
        "--data", str(tmp_path)
    )
