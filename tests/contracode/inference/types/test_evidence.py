"""Types that a source excludes: never the annotated one, always impossible ones."""

from collections.abc import Sequence

import numpy as np
import pytest

import augment
from contracode.corpus.labels.datasets import read_typed
from contracode.inference.model import Model, load
from contracode.inference.types.evidence import ShownEvidence, contradicted, unless_all
from contracode.javascript.return_evidence import ReturnEvidence
from contracode.javascript.typing.targets import find_targets
from tests.paths import ROOT, SAMPLE

SHIPPED = ROOT / "data" / "models" / "editor"
SAMPLE_TYPES = SAMPLE / "typescript"


def ruled_out(types: Sequence[str], shown: ShownEvidence) -> np.ndarray:
    return unless_all(contradicted(types, shown))


@pytest.fixture(scope="module")
def shipped() -> Model:
    return load(SHIPPED)


TYPES = [
    "void",
    "string",
    "undefined",
    "Promise<void>",
    "Promise<string>",
    "Promise",
    "Generator<number>",
    "never",
]


@pytest.mark.parametrize(
    ("given", "kind", "left"),
    [
        (
            "value",
            "",
            {"string", "Promise<void>", "Promise<string>", "Promise", "Generator<number>"},
        ),
        ("nothing", "", {"void", "undefined", "never"}),
        ("unknown", "", set(TYPES)),
        ("value", "async", {"Promise<string>", "Promise"}),
        ("nothing", "async", {"Promise<void>"}),
        ("unknown", "async", {"Promise<void>", "Promise<string>", "Promise"}),
        ("unknown", "generator", {"Generator<number>"}),
    ],
)
def test_what_is_left(given: ReturnEvidence, kind: str, left: set[str]):
    out_S = ruled_out(TYPES, ShownEvidence(None, given, kind == "async", kind == "generator"))
    assert {type for type, out in zip(TYPES, out_S, strict=True) if not out} == left


def test_where_nothing_would_be_left_all_is():
    assert not ruled_out(["string", "number"], ShownEvidence(return_evidence="nothing")).any()


@pytest.mark.parametrize(
    ("sort", "left"),
    [
        ("string", "string number|string 'a'|'b' Name any string|null"),
        ("number", "number number|string Name any"),
        ("boolean", "Name any"),
        ("array", "string[] any[] Array<Foo> [number,string] Name any"),
        ("number[]", "any[] Array<Foo> [number,string] Name any"),
        ("function", "Function ()=>void Name any"),
        ("object", "Name any"),
        ("Map", "Map<string,number> Name any"),
        ("RangeError", "Error Name any"),
        ("Promise", "Promise<void> Name any"),
        ("Name", "Name any"),
        ("nothing", ""),
        (None, ""),
    ],
)
def test_what_shows_its_sort_has_no_other(sort: str | None, left: str):
    types = """string number number|string string[] any[] Array<Foo> [number,string] Function ()=>void Map<string,number> Error
        Promise<void> 'a'|'b' Name any string|null void""".split()
    kept = {
        type
        for type, out in zip(types, ruled_out(types, ShownEvidence(sort)), strict=True)
        if not out
    }
    assert kept == (set(left.split()) or set(types))


def test_an_async_function_promises_what_it_returns():
    types = ["Promise<string>", "Promise<number>", "string", "Promise<Name>", "Promise<void>"]
    out_S = ruled_out(types, ShownEvidence("string", "value", is_async=True))
    assert out_S.tolist() == [False, True, True, False, True]


def test_what_is_called_may_be_a_function():
    types = [
        "string",
        "Function",
        "string|Function",
        "()=>void",
        "boolean",
        "Name",
        "any",
        "number[]",
        "Date",
    ]
    out_S = ruled_out(types, ShownEvidence(called=True))
    assert [type for type, out in zip(types, out_S, strict=True) if not out] == [
        "Function",
        "string|Function",
        "()=>void",
        "Name",
        "any",
    ]


def test_hardly_any_annotation_of_real_programs_is_ruled_out():
    """And the check sees one that is: everything annotated whose text tells something is asked
    again as what it is not.
    """
    seen = wrong = caught = 0
    for labelled in read_typed([str(SAMPLE_TYPES)]):
        targets = {
            (one.kind, one.span): one
            for one in find_targets(augment.parse(labelled.code, language=labelled.language))
        }
        for label in labelled.labels:
            target = targets.get((label.kind, label.span))
            if target is None or label.type == "any":
                continue
            given = target.return_evidence if target.kind == "return" else None
            if target.value_kind is None and given in (None, "unknown") and not target.called:
                continue
            other = (
                "bigint"
                if target.value_kind not in (None, "bigint") or given == "nothing"
                else "void"
            )
            shown = ShownEvidence(
                target.value_kind, given, target.is_async, target.is_generator, target.called
            )
            out_S = ruled_out([label.type, other, "Name"], shown)
            seen += 1
            wrong += bool(out_S[0])
            caught += bool(out_S[1])
    assert seen > 400
    assert wrong == 0
    assert caught > 0.9 * seen


def test_what_is_ruled_out_is_not_hinted(shipped: Model):
    source = """
module.exports = function (ignore, monitor) {
  const rules = ignore.map(function (rule) { return '!' + rule; });
  monitor.forEach(function (rule) { rules.push(rule); });
  async function save(path) { await monitor.write(path, rules); }
  function* each() { yield* rules; }
  return rules;
};"""
    found = {
        one.name: one for one in shipped.predict_types(source) if one.kind == "return" and one.name
    }
    assert found["save"].candidates[0].type == "Promise<void>"
    assert all("Iter" in one.type or "Generator" in one.type for one in found["each"].candidates)
    assert not [
        one
        for one in shipped.predict_types("const { Buffer } = require('buffer');")
        if any(candidate.type == "Buffer" for candidate in one.candidates)
    ]
    first, second = (
        one for one in shipped.predict_types(source) if source[slice(*one.span)] == "(rule)"
    )
    assert "void" not in {candidate.type for candidate in first.candidates}
    assert second.candidates[0].type == "void"
    assert second.candidates[0].probability > 0.9


DEEP = {
    "sums": "const x = "
    + " + ".join(["'a'"] * 3000)
    + "; function f(a) { return "
    + " + ".join(["a"] * 3000)
    + " }",
    "fallbacks": "const x = "
    + " || ".join(["a"] * 3000)
    + "; function f(a) { return a && "
    + " && ".join(["a()"] * 3000)
    + " }",
    "choices": "function f(a) { return " + "a ? g() : " * 1500 + "2 }",
    "lists": "const x = " + "[" * 1500 + "]" * 1500,
    "brackets": "function f(a) { return " + "(" * 900 + "a" + ")" * 900 + " }",
    "signs": "const x = " + "!" * 3000 + "a",
    "assignments": "const x = " + "a = " * 1500 + "1; const f = () => " + "a = " * 1500 + "1",
}


@pytest.mark.parametrize("kind", DEEP)
def test_generated_sources_may_be_deep(kind: str, shipped: Model):
    assert shipped.predict_types(DEEP[kind])
