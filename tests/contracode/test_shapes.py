"""What a shape leaves out, and what it keeps."""

import pytest

import augment
from augment.verify import check
from contracode.shapes import fragments, shape
from tests.augment.cases import all_cases


def shape_of(source: str) -> object:
    return shape(augment.parse(source))


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
        ("const { length } = require('x'), n = length;", "const { length } = require('x'); let m = length"),
    ],
)
def test_spelling_names_and_layout_are_no_part_of_a_shape(one: str, other: str) -> None:
    assert set(fragments(shape(augment.parse(one)))) & set(fragments(shape(augment.parse(other))))
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
    pipeline = augment.Pipeline(["rename-variables", "reformat", "drop-comments", "toggle-braces"], probability=1)
    for case in all_cases():
        if case.language != "javascript" or "import " in case.source or "export " in case.source:
            continue  # `import {a}` becomes `import {a as b}`
        program = augment.parse(case.source, source_type="commonjs")
        view = pipeline.view(program, 1)
        assert check(program, view) == []
        renamed = augment.parse(view.text, source_type="commonjs")
        ours, theirs = (sorted(fragments(shape(one))) for one in (program, renamed))
        assert [word for word in ours if "s:" not in word] == [word for word in theirs if "s:" not in word], case


def test_no_depth_is_too_deep() -> None:
    assert sum(1 for _ in fragments(shape(augment.parse("(" * 5000 + "a" + ")" * 5000)))) == 4
    deep = list(fragments(shape(augment.parse("!" * 5000 + "a"))))
    assert deep.count("u:!") == 5000
