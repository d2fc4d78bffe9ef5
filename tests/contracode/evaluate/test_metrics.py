"""Metrics: cases computed by hand, and comparison with slow definitions."""

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import augment
from contracode.corpus.labels.checker import CheckedFile
from contracode.corpus.labels.labelled_file import LabelledFile, TypeLabel
from contracode.evaluate.clones.methods.tf_idf import TfIdf
from contracode.evaluate.clones.views import ViewPair, evaluate_views
from contracode.evaluate.labels import compiler
from contracode.evaluate.labels.names import NameItem, evaluate_names, hidden, nearest_names
from contracode.evaluate.labels.types import Answer, TypeItem, evaluate_types
from contracode.inference.names.scores import name_counts, name_scores
from contracode.javascript.subtokens import subtokens
from contracode.javascript.typing.targets import find_targets
from contracode.support import metrics


def test_hits_counts_a_label_among_the_first_k():
    ranked = [["string", "number"], ["number", "string"], ["boolean"]]
    labels = ["string", "string", "Foo"]
    assert metrics.hits(ranked, labels, k=1).tolist() == [True, False, False]
    assert metrics.hits(ranked, labels, k=2).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("getUserName", ["get", "user", "name"]),
        ("parseURL2Host", ["parse", "url", "2", "host"]),
        ("snake_case_", ["snake", "case"]),
        ("HTTPServer", ["http", "server"]),
        ("_private$", ["private"]),
        ("größeÄndern", ["größe", "ändern"]),
        ("MAX_VALUE", ["max", "value"]),
        ("", []),
    ],
)
def test_subtokens_of_names(name: str, parts: list[str]):
    assert subtokens(name) == parts


def test_name_scores_by_hand():
    # getName for getUserName: 2 right, 1 missed; save for load: 1 wrong, 1 missed; nothing for run:
    # 1 missed
    scores = name_scores(*name_counts(["getName", "save", ""], ["getUserName", "load", "run"]))
    assert scores.precision == pytest.approx(2 / 3)
    assert scores.recall == pytest.approx(2 / 5)
    assert scores.f1 == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert scores.exact == 0
    assert name_scores(*name_counts(["get_name"], ["getName"])).exact == 1


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=20))
def test_auroc_is_the_probability_that_a_positive_ranks_higher(items: list[tuple[int, bool]]):
    scores, positive = np.asarray([s for s, _ in items], float), np.asarray([p for _, p in items])
    if positive.all() or not positive.any():
        return
    pairs = list(itertools.product(scores[positive], scores[~positive]))
    slow = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs) / len(pairs)
    assert metrics.auroc(scores, positive) == pytest.approx(slow)


def test_average_precision_by_hand():
    # ranked: + - + -, precision 1 at recall 1/2 and 2/3 at recall 1
    assert metrics.average_precision(
        np.asarray([4.0, 3.0, 2.0, 1.0]), np.asarray([True, False, True, False])
    ) == pytest.approx(0.5 + 0.5 * 2 / 3)
    # all tied: one threshold, precision is the share of positives
    assert metrics.average_precision(
        np.zeros(4), np.asarray([True, False, False, False])
    ) == pytest.approx(0.25)


def test_partner_ranks_count_ties_against_the_query():
    x = np.asarray([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert metrics.partner_ranks(x, x).tolist() == [1, 2, 2]
    assert metrics.retrieval(np.asarray([1, 2, 4])) == metrics.Retrieval(
        1 / 3, pytest.approx((1 + 0.5 + 0.25) / 3)
    )


def test_calibration_error_by_hand():
    confidence = np.asarray([0.9, 0.9, 0.3, 1.0])
    right = np.asarray([True, False, False, True])
    assert metrics.calibration_error(confidence, right, bins=10) == pytest.approx(
        (abs(2.8 - 2) + 0.3) / 4
    )
    assert metrics.calibration_error(
        np.asarray([0.8, 0.8]), np.asarray([True, True]), bins=10
    ) == pytest.approx(0.2)


def test_threshold_for_a_precision():
    confidence = np.asarray([0.9, 0.5, 0.8, 0.5, 0.3])
    right = np.asarray([True, True, True, False, False])
    assert metrics.threshold_for(confidence, right, precision=1.0) == 0.8
    # both items at 0.5 are shown, or neither
    assert metrics.threshold_for(confidence, right, precision=0.75) == 0.5
    assert metrics.threshold_for(confidence, right, precision=0.6) == 0.3
    assert metrics.threshold_for(confidence, ~right, precision=0.9) == 1.0


def test_bootstrap_draws_whole_groups():
    values = np.asarray([0.0, 0.0, 1.0, 1.0])
    whole = metrics.bootstrap(lambda i: values[i].mean(), ["a", "a", "b", "b"], samples=400)
    assert whole.value == 0.5
    # a quarter of the draws contain only group "a", another quarter only group "b"
    assert (whole.low, whole.high) == (0.0, 1.0)
    single = metrics.bootstrap(lambda i: values[i].mean(), "wxyz", samples=400)
    assert single.high - single.low < 1.0 or single.low == 0.0
    assert metrics.bootstrap(lambda i: values[i].mean(), "wxyz", samples=50) == metrics.bootstrap(
        lambda i: values[i].mean(), "wxyz", samples=50
    )


def test_types_are_compared_with_counting_tables():
    training = [TypeItem("parameter", "n", "number", "t")] * 2 + [
        TypeItem("parameter", "s", "string", "t")
    ] * 3
    items = [
        TypeItem("parameter", "n", "number", "a"),  # right by name, wrong by most frequent
        TypeItem("parameter", "s", "string", "a"),
        TypeItem("parameter", "x", "Foo", "b"),  # not in the training items
        # a kind that is not in the training items: the most frequent type of all kinds
        TypeItem("return", "f", "string", "b"),
    ]
    said = [
        Answer(["number"], 0.9),
        Answer(["number", "string"], 0.6),
        Answer([], 0.0),
        Answer(["string"], 0.95),
    ]
    report = evaluate_types(items, {"model": said}, training, thresholds={"model": 0.8})
    assert report.value("most frequent", "acc@1") == 50
    assert report.value("by name", "acc@1") == 75
    assert report.value("most frequent", "acc@5") == 75
    assert report.value("model", "acc@1") == 50
    assert report.value("model", "acc@5") == 75
    assert report.value("model", "shown") == 50
    assert report.value("model", "right of shown") == 100
    assert report.value("model", "ECE") == pytest.approx(100 * (0.1 + 0.6 + 0.0 + 0.05) / 4)
    assert (report.num_items, report.num_groups) == (4, 2)


def test_other_model_has_a_paired_difference_and_its_own_threshold():
    items = [TypeItem("variable", "n", "number", "a"), TypeItem("variable", "s", "string", "b")]
    said = {
        "model": [Answer(["number"], 0.6), Answer(["string"], 0.6)],
        "other": [Answer(["number"], 0.6), Answer(["number"], 0.6)],
    }
    report = evaluate_types(
        items, said, items, thresholds={"model": 0.5, "other": 0.7}, models=["model"]
    )
    (found,) = report.differences
    assert (found.method, found.other, found.metric) == ("model", "other", "acc@1")
    assert (found.value, found.low, found.high) == (50, 0, 100)
    assert (report.value("model", "shown"), report.value("other", "shown")) == (100, 0)


def test_any_is_ignored_or_counted_as_a_type():
    training = [TypeItem("parameter", "x", "any", "t")] * 3 + [
        TypeItem("parameter", "x", "Foo", "t")
    ]
    items = [TypeItem("parameter", "x", "any", "a"), TypeItem("parameter", "x", "Foo", "b")]
    report = evaluate_types(
        items, {"model": [Answer(["Foo"], 0.9)] * 2}, training, thresholds={"model": 0.5}
    )
    assert report.num_items == 1
    assert (report.value("by name", "acc@1"), report.value("by name", "acc@1 all")) == (100, 50)
    assert (report.value("model", "acc@1"), report.value("model", "acc@1 all")) == (100, 50)
    assert report.value("model", "acc@5 all") == 50
    assert report.value("model", "over counting") == 0


def test_context_separates_equal_names_and_tools_may_abstain():
    def item(right: str, label: str, group: str = "t") -> TypeItem:
        return TypeItem("variable", "x", label, group, "let", right)

    training = [item("=", "number"), item("=", "number"), item(";", "string")]
    items = [item(";", "string", "a"), item("=", "number", "b"), item("of", "number", "c")]
    said = {"model": [Answer(["string"], 0.9), Answer(["number"], 0.6), Answer(["Foo"], 0.6)]}
    report = evaluate_types(
        items,
        said,
        training,
        thresholds={"model": 0.8},
        silent={"tool": [None, "number", "string"]},
    )
    assert report.value("by name", "acc@1") == pytest.approx(200 / 3)
    assert report.value("by name and context", "acc@1") == 100
    assert report.value("tool", "acc@5") == pytest.approx(100 / 3)
    assert report.value("model", "over counting") == pytest.approx(-100 / 3)
    drawn = report.details["model"]
    assert drawn["risk_coverage"] == [
        (pytest.approx(1 / 3), 0, 0.9),
        (1, pytest.approx(1 / 3), 0.6),
    ]
    assert drawn["reliability"] == [(0.6, 0.5, 2), (0.9, 1, 1)]
    assert drawn["confusion"] == {
        "types": ["number", "string", "others"],
        "counts": [[1, 0, 1], [0, 1, 0], [0, 0, 0]],
    }
    assert drawn["by_kind"] == {
        "variable": {
            "items": 3,
            "acc@1": pytest.approx(2 / 3),
            "shown": pytest.approx(1 / 3),
            "right_of_shown": 1,
        }
    }


def test_compiler_checks_files_of_a_repository_together(monkeypatch: pytest.MonkeyPatch):
    code = "export function f(a) { let b = 1; return b }"
    targets = find_targets(augment.parse(code))
    labels = [
        TypeLabel(t.kind, t.name, t.span, t.hint_offset, t.occurrences, "number") for t in targets
    ]
    files = [
        LabelledFile(repo="r", path=path, code=code, labels=labels) for path in ("a.ts", "b.ts")
    ]

    class Stub:
        def __enter__(self) -> "Stub":
            return self

        def __exit__(self, *_: object) -> None: ...

        def check(self, sources: list[tuple[str, str, str]]):
            assert [path for path, _, _ in sources] == ["a.ts", "b.ts"]
            spans = {target.name: target.span for target in targets if target.kind != "return"}
            types = {spans["a"]: "any", spans["b"]: "1"}
            yield "a.ts", CheckedFile(types, {code.index("{"): "number | undefined"})
            yield "b.ts", "the compiler failed"

    monkeypatch.setattr(compiler, "find_checker", lambda *_, **__: Stub())
    said = compiler.compiler_types(files, Path("typescript"))
    assert dict(zip([(label.kind, label.name) for label in labels], said[:3], strict=True)) == {
        ("return", "f"): "number",
        ("parameter", "a"): None,
        ("variable", "b"): "number",
    }
    assert said[3:] == [None] * 3


def test_types_written_by_infer_from_usage_are_read_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    code = "// größe\nconst f = größe => größe * 2; function g(a) {}\n"
    targets = find_targets(augment.parse(code, language="typescript"))
    labels = [
        TypeLabel(t.kind, t.name, t.span, t.hint_offset, t.occurrences, "number") for t in targets
    ]
    file = LabelledFile(repo="r", path="a.ts", language="typescript", code=code, labels=labels)
    at = code.index("größe =>")
    changes = [at, 0, "(", at + 5, 0, ": number)", code.index("a)") + 1, 0, ": any"]
    node = tmp_path / "node"
    node.write_text(
        f"#!{sys.executable}\nimport json, sys\nassert list(json.load(sys.stdin)) == ['a.ts']\n"
        f"print(json.dumps({{'file': 'a.ts', 'changes': {changes!r}}}))\n"
    )
    node.chmod(0o755)
    monkeypatch.setattr(
        compiler, "find_typescript", lambda *_, **__: (str(node), tmp_path, "5.9.9")
    )
    said = compiler.usage_types([file], tmp_path)
    assert {label.name: type for label, type in zip(labels, said, strict=True) if type} == {
        "größe": "number"
    }


def test_names_are_compared_with_the_most_frequent_subtoken():
    items = [NameItem("", "getUser", "a"), NameItem("", "setUser", "b")]
    report = evaluate_names(items, {"model": ["getUser", "getUser"]}, ["getName", "getId", "run"])
    assert report.value("most frequent", "precision") == 50
    assert report.value("most frequent", "recall") == 25
    assert report.value("model", "F1") == 75
    assert report.value("model", "exact") == 50


def test_nearest_neighbour_names_a_function():
    known = [
        NameItem(source, name, "a")
        for source, name in (("a b c", "first"), ("d e f", "second"), ("d e f", "third"))
    ]
    asked = [NameItem(source, "?", "b") for source in ("a b", "f e d d", "zz")]
    words = TfIdf(str.split)
    # ties, also at similarity 0, go to the first training function
    assert nearest_names(words, known, asked) == ["first", "second", "first"]
    assert nearest_names(words, [], asked) == ["", "", ""]
    many = [NameItem(f"w{number}", f"n{number}", "a") for number in range(600)]
    assert nearest_names(words, many, [many[599], many[3]]) == ["n599", "n3"]


def test_own_name_is_replaced_everywhere_in_a_function():
    source = "function fact(n) { const fact2 = n; return n ? n * fact(n - 1) : this.fact; }"
    assert (
        hidden(source, "fact")
        == "function f(n) { const fact2 = n; return n ? n * f(n - 1) : this.f; }"
    )
    assert hidden("grow(x) { return x }", "grow") == "f(x) { return x }"
    assert hidden("1 + 1", "f") is None
    assert hidden("function (", "f") is None


def test_names_have_paired_differences_and_examples():
    items = [NameItem("f", "getUser", "a"), NameItem("g", "setUser", "b")]
    report = evaluate_names(items, {"model": ["getUser", "getUser"]}, ["get"], models=["model"])
    (exact,) = [one for one in report.differences if one.metric == "exact"]
    assert (exact.other, exact.value, exact.low, exact.high) == ("most frequent", 50, 0, 100)
    assert [(one.right, one.text) for one in report.examples] == [
        (True, "getUser, named getUser"),
        (False, "setUser, named getUser"),
    ]


def test_views_are_retrieved_by_similarity():
    def by_first_letter(sources: Sequence[str]) -> np.ndarray:
        return np.stack([np.eye(26)[ord(source[0]) - ord("a")] for source in sources])

    def constant(sources: Sequence[str]) -> np.ndarray:
        return np.ones((len(sources), 1))

    pairs = [ViewPair(a, b, a) for a, b in (("ab", "ac"), ("bb", "bc"), ("cb", "cc"))]
    report = evaluate_views(pairs, {"letter": by_first_letter, "constant": constant})
    assert (report.value("letter", "P@1"), report.value("letter", "AUROC")) == (100, 100)
    assert (report.value("constant", "P@1"), report.value("constant", "AUROC")) == (0, 50)
