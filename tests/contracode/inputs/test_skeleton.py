"""What a shape leaves out, and what it keeps; and the fragments of one."""

import pytest

import augment
from augment.checking.verify import check
from contracode.inputs.fragments import KINDS, fragments
from contracode.inputs.input_forms import LONGEST
from contracode.inputs.skeleton import SkeletonNode, skeleton
from tests.augment.cases import all_cases
from tests.contracode.inputs.spelling import normal


def shape_of(source: str) -> object:
    return spelt(skeleton(augment.parse(source)))


def spelt(part: SkeletonNode) -> object:
    return part.label, [spelt(inner) for inner in part.parts]


def kinds_of(source: str) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(KINDS)]
    for kind, fragment in fragments(normal(source)):
        found[kind].add(fragment)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("function f(a) { return a + 1; }", "const g = (b) => b + 1"),
        ("function f(a) { return a + 1; }", "var h = function (c) {\n  return (c + 1)\n}"),
        ("let i = 0; while (i < 9) { i++; }", "for (var k = 0; k < 9; k += 1) ;"),
        ("x => x > 1", "y => 1 < y"),
        ("(x, y) => !(x === y)", "(a, b) => a != b"),
        ("x => { if (x) g(x); else h(); }", "y => { if (y) { g(y) } else { h() } }"),
        ("x => x ? g(x) : 'no'", 'z => z ? g(z) : "no"'),
        ("s => s + '!'", "t => `${t}!`"),
        ("({ a = 1 }) => a", "({ a: other = 1 }) => other"),
        (
            "const { length } = require('x'), n = length;",
            "const { length } = require('x'); let m = length",
        ),
    ],
)
def test_spelling_names_and_layout_are_no_part_of_a_shape(one: str, other: str) -> None:
    if "`" not in other:  # the pieces of a template are told apart from strings, joined in any case
        assert shape_of(one) == shape_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x => x + 1", "x => x - 1"),
        ("x => x.map(g)", "x => x.filter(g)"),
        ("x => x + 1", "x => x + 2"),
        ("x => Math.max(x)", "x => Math.min(x)"),
        ("(a, b) => a - b(1)", "(a, b) => b(1) - a"),
        ("x => { if (x) g(); }", "x => { while (x) g(); }"),
        ("a => g(a)", "a => h(a)"),
    ],
)
def test_what_a_program_does_is_part_of_its_shape(one: str, other: str) -> None:
    assert shape_of(one) != shape_of(other)


def test_renaming_and_layout_keep_every_shape() -> None:
    pipeline = augment.Pipeline(
        ["rename-variables", "reformat", "drop-comments", "toggle-braces"], probability=1
    )
    for case in all_cases():
        if case.language != "javascript" or "import " in case.source or "export " in case.source:
            continue  # `import {a}` becomes `import {a as b}`
        program = augment.parse(case.source, source_type="commonjs")
        view = pipeline.view(program, 1)
        assert check(program, view) == []
        ours, theirs = (sorted(fragments(normal(one))) for one in (case.source, view.text))
        assert [word for word in ours if "s:" not in word[1]] == [
            word for word in theirs if "s:" not in word[1]
        ], case


def test_each_kind_of_fragment_tells_what_it_is_for() -> None:
    within, beside, used, runs, *_ = kinds_of("function f(a, b) { return a[b] - b; }")
    assert {"fun(params,return)", "return>b:-", "b:-([](v,v),v)"} <= within
    assert {"params~return", "v~v", "[]~v"} <= beside
    assert {"params->[]0", "params->[]1", "[]1->b:-1", "[]1&b:-1", "[]1|b:-1|params"} <= used
    assert {"function v", "v v", "return v", "v [ v", "] - v"} <= runs
    turned = kinds_of("function f(a, b) { return b - a[b]; }")[2]
    assert "[]1->b:-1" not in turned


def test_what_the_normal_form_spells_alike_has_the_same_fragments() -> None:
    plain = (
        "function f(list) { let n = 0; for (let i = 0; i < list.length; i++) { if (list[i]) n += "
        "1; } return n; }"
    )
    other = (
        "var f = function (l) { var c = 0, k = 0; while (l['length'] > k) { if (l[k]) { c = c + (2 "
        "- 1) } k++ } return c }"
    )
    ours, theirs = (kinds_of(source)[0] for source in (plain, other))
    assert len(ours & theirs) > 0.8 * len(ours | theirs)
    assert len(
        ours & kinds_of("function f(a) { return a.map((x) => x + 1).join(); }")[0]
    ) < 0.3 * len(ours)


@pytest.mark.parametrize(
    "source",
    [
        "function (a, b) { return a + b; }",
        "(a, b) => a + b",
        "(function (a, b) { return a + b; })",
        "f(a, b) { return a + b; }",
    ],
)
def test_a_function_without_a_name_of_its_own_has_its_fragments(source: str) -> None:
    assert "return>b:+" in kinds_of(source)[0]


def test_no_depth_is_too_deep() -> None:
    assert sum(1 for kind, _ in fragments(normal("(" * 5000 + "a" + ")" * 5000)) if kind < 3) < 9
    deep = [fragment for _, fragment in fragments(normal("typeof " * 5000 + "a"))]
    assert deep.count("u:typeof") == 5000


def test_a_long_file_is_counted_as_it_is_written() -> None:
    long = "g(1 + 1);\n" * (LONGEST // 10 + 1)
    assert (0, "b:+") in set(fragments(normal(long)))
    assert (0, "b:+") not in set(fragments(normal(long[:1000])))
