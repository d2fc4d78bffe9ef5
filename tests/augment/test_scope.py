import pytest

import augment


def bindings(source: str, **options: str) -> dict[str, augment.Binding]:
    program = augment.parse(source, **options)
    return {f"{binding.name}:{binding.kind}": binding for binding in program.scopes.bindings}


def uses(source: str, name: str) -> list[list[int]]:
    """For each binding of `name` the byte offsets of all its occurrences."""
    program = augment.parse(source)
    return [
        [node.start for node in b.occurrences] for b in program.scopes.bindings if b.name == name
    ]


@pytest.mark.parametrize(
    ("source", "name", "groups"),
    [
        ("function f(a) { return a + (a => a)(1) }", "a", [[11, 23], [28, 33]]),
        ("x = 1; var x; function x() {}", "x", [[0, 11, 23]]),
        ("function f(a, a) { return a }", "a", [[11, 14, 26]]),
        ("try {} catch (e) { e } e", "e", [[14, 19]]),
        ("var f = function g() { g = 1; return g }; g", "g", [[17, 23, 37]]),
        ("{ let a = 1; { a } let b } a", "a", [[6, 15]]),
        ("for (let i = 0; i < 2; i++) { i } i", "i", [[9, 16, 23, 30]]),
        ("for (const k of k) k", "k", [[11, 16, 19]]),
        ("switch (a) { case 1: let b; default: b }", "b", [[25, 37]]),
        ("class A { m() { return A } } A", "A", [[6, 23, 29]]),
        ("(class A { m() { return A } }); A", "A", [[7, 24]]),
        ("f(function a({ b: c = a }) { return c })", "c", [[18, 36]]),
        ("({ a, b: [c = d] } = o); var a, c", "a", [[3, 29]]),
        ("a: for (var a of b) continue a", "a", [[12]]),
        ("var \\u0061bc; abc", "abc", [[4, 14]]),
        ("function f(x = () => y) { var y; return y }", "y", [[30, 40]]),
        ("import a, { b as c } from 'm'; export { a as d, c }; b", "c", [[17, 48]]),
        ("({ [k]: k, k, k() {}, get k() { return 1 } }); var k", "k", [[4, 8, 11, 51]]),
        ("var Tag; <Tag a={Tag}><b/></Tag>", "Tag", [[4, 10, 17, 28]]),
    ],
)
def test_names_are_bound_where_the_language_binds_them(
    source: str, name: str, groups: list[list[int]]
) -> None:
    assert uses(source, name) == groups


@pytest.mark.parametrize(
    ("source", "key", "reason"),
    [
        ("function f(a) { eval('a') }", "a:parameter", "eval"),
        ("function f(a) { (0, eval)('a') }", "a:parameter", ""),
        ("function f(a, o) { with (o) { a } }", "a:parameter", "with"),
        ("function f(o) { with (o) { var g = x => x } }", "x:parameter", ""),
        ("function f(o) { with (o) { var x = 1 } }", "x:var", "with"),
        ("var a", "a:var", "global"),
        ("let a; module.exports = 1", "a:let", ""),
        ("export const a = 1", "a:const", "exported"),
        ("export default function a() {}", "a:function", ""),
        ("function f() { { function g() {} } return g }", "g:function", "block"),
        ("'use strict'; function f() { { function g() {} } }", "g:function", ""),
        ("function f(e) { try {} catch (e) { var e = 1 } }", "e:catch", "redeclared"),
        ("(function (undefined) {})", "undefined:parameter", "undefined"),
        ("function f(arguments) {}", "arguments:parameter", "meaning"),
        ("function f() { const A = 1; return <A/> }", "A:const", "JSX"),
    ],
)
def test_names_that_must_stay_are_frozen_with_a_reason(source: str, key: str, reason: str) -> None:
    frozen = bindings(source)[key].frozen
    assert (reason in frozen) if reason else not frozen


def test_access() -> None:
    program = augment.parse(
        "let a; a = a + 1; a += 1; a++; [a] = [a]; ({ a, b: a } = { a }); for (a of a) ; typeof a"
    )
    binding = program.scopes.bindings[0]
    assert [use.access for use in binding.references] == [
        "write", "read", "readwrite", "readwrite", "write", "read", "write", "write", "read", "write", "read", "read",
    ]  # fmt: skip
    assert [use.shorthand for use in binding.references if use.shorthand] == [
        "property",
        "property",
    ]


def test_unresolved_names_are_globals() -> None:
    program = augment.parse("function f(a) { return a + b + window.c + { d: 1 }.d }")
    assert [program.text(use.node) for use in program.scopes.unresolved] == ["b", "window"]


def test_typescript_types_bind_nothing_that_could_be_renamed() -> None:
    program = augment.parse(
        "interface I { m(x: number): void } type T = (y: I) => T; enum E { A } function f<U>(a: "
        "U, b?: T): a is U { return a && E.A }",
        language="typescript",
    )
    free = [binding.name for binding in program.scopes.bindings if not binding.frozen]
    assert free == ["b"]
