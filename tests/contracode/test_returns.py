"""What the syntax of a function rules out of its return type: never what the annotation says, and always what it cannot say."""

from pathlib import Path

import pytest

import augment
from contracode.datasets import read_typed
from contracode.inference import Model, load
from contracode.returns import Gives, ruled_out
from contracode.targets import TypeTarget, find_targets

SHIPPED = Path(__file__).parents[2] / "data" / "models" / "editor"
SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "typescript"


@pytest.fixture(scope="module")
def shipped() -> Model:
    return load(SHIPPED)


def returns(source: str, language: augment.Language = "javascript") -> list[TypeTarget]:
    return [one for one in find_targets(augment.parse(source, language=language)) if one.kind == "return"]


STORED = ("return a", "return a.b[0]")


@pytest.mark.parametrize("body", STORED)
def test_an_async_function_may_return_a_promise_of_nothing(body: str):
    assert next(one for one in returns(f"async function f(a) {{ {body} }}")).gives == "unknown"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "nothing"),
        ("return", "nothing"),
        ("return undefined", "nothing"),
        ("return (void 0)", "nothing"),
        ("if (a) return; g(a)", "nothing"),
        ("a.map(function () { return 1 })", "nothing"),
        ("a.map(() => 1)", "nothing"),
        ("a.map(function () { throw 1 })", "nothing"),
        ("while (true) g()", "nothing"),
        ("throw new Error('abstract')", "unknown"),
        ("if (a) throw a", "unknown"),
        ("return g(a)", "unknown"),
        ("return a && g(a)", "unknown"),
        ("return a ? g(a) : h(a)", "unknown"),
        ("return (0, g)(a)", "unknown"),
        ("return a, g(a)", "unknown"),
        ("return a", "value"),
        ("return this", "value"),
        ("return a.b[0]", "value"),
        ("return '!' + a", "value"),
        ("return a ? g(a) : null", "value"),
        ("return g(a) || []", "value"),
        ("return !g(a)", "value"),
        ("return `${a}`", "value"),
        ("return (a, { b: 1 })", "value"),
        ("return a = 1", "value"),
        ("return a += g()", "value"),
        ("return new Map", "value"),
        ("if (a) return; return 1", "value"),
        ("if (a) throw a; return 1", "value"),
    ],
)
def test_what_a_function_gives(body: str, expected: Gives):
    for source in (f"function f(a) {{ {body} }}", f"const f = (a) => {{ {body} }}", f"class C {{ f(a) {{ {body} }} }}"):
        assert next(one for one in returns(source) if one.name == "f").gives == expected
    if body not in STORED:
        assert next(one for one in returns(f"async function f(a) {{ {body} }}")).gives == expected


def test_an_arrow_gives_its_expression():
    assert [one.gives for one in returns("f = () => 1; g = () => h(); k = () => ({}); l = () => undefined")] == [
        "value",
        "unknown",
        "value",
        "nothing",
    ]


TYPES = ["void", "string", "undefined", "Promise<void>", "Promise<string>", "Promise", "Generator<number>", "never"]


@pytest.mark.parametrize(
    ("given", "kind", "left"),
    [
        ("value", "", {"string", "Promise<void>", "Promise<string>", "Promise", "Generator<number>"}),
        ("nothing", "", {"void", "undefined", "never"}),
        ("unknown", "", set(TYPES)),
        ("value", "async", {"Promise<string>", "Promise"}),
        ("nothing", "async", {"Promise<void>"}),
        ("unknown", "async", {"Promise<void>", "Promise<string>", "Promise"}),
        ("unknown", "generator", {"Generator<number>"}),
    ],
)
def test_what_is_left(given: Gives, kind: str, left: set[str]):
    out_S = ruled_out(given, TYPES, is_async=kind == "async", is_generator=kind == "generator")
    assert {type for type, out in zip(TYPES, out_S, strict=True) if not out} == left


def test_where_nothing_would_be_left_all_is():
    assert not ruled_out("nothing", ["string", "number"], is_async=False, is_generator=False).any()


def test_no_annotation_of_real_programs_is_ruled_out():
    """And the check sees one that is: every annotated return is asked again as what it is not."""
    seen = caught = 0
    for labelled in read_typed([str(SAMPLE)]):
        targets = {one.span: one for one in returns(labelled.code, labelled.language)}
        for label in labelled.labels:
            target = targets.get(label.span)
            if target is None or label.kind != "return":
                continue
            seen += 1
            facts = {"is_async": target.is_async, "is_generator": target.is_generator}
            assert not ruled_out(target.gives, [label.type, "x"], **facts)[0] or label.type == "any", (
                labelled.path,
                target.name,
            )
            wrong = {"value": "void", "nothing": "string", "unknown": ""}[target.gives]
            caught += bool(wrong) and bool(ruled_out(target.gives, [wrong, label.type], **facts)[0])
    assert seen > 200
    assert caught > 0.5 * seen


def test_what_is_ruled_out_is_not_hinted(shipped: Model):
    source = """
module.exports = function (ignore, monitor) {
  const rules = ignore.map(function (rule) { return '!' + rule; });
  monitor.forEach(function (rule) { rules.push(rule); });
  async function save(path) { await monitor.write(path, rules); }
  function* each() { yield* rules; }
  return rules;
};"""
    found = {one.name: one for one in shipped.predict_types(source) if one.kind == "return" and one.name}
    assert found["save"].candidates[0].type == "Promise<void>"
    assert all("Iter" in one.type or "Generator" in one.type for one in found["each"].candidates)
    unnamed = [one for one in shipped.predict_types(source) if one.kind == "return" and not one.name]
    said = [{candidate.type for candidate in one.candidates} for one in unnamed]
    assert [("void" in types) for types in said] == [False, True] or [("void" in types) for types in said][-2:] == [
        False,
        True,
    ]
    assert unnamed[-1].candidates[0].probability > 0.9
