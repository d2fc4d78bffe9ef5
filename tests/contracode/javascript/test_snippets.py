"""Syntactic facts of functions, compared with counts over their tokens."""

import pytest

import augment
from contracode.corpus.storage.readers import read_functions
from contracode.javascript.snippets import NO_FUNCTION, NO_SYNTAX, Snippet, describe
from tests.paths import SAMPLE


@pytest.mark.parametrize(
    ("code", "kind", "is_async"),
    [
        ("function f(a) { return a }", "function", False),
        ("function (a) { return a }", "function", False),
        ("async function f() {}", "function", True),
        ("  function f() {}\n", "function", False),
        ("function* g() { yield 1 }", "generator", False),
        ("*g() { yield 1 }", "generator", False),
        ("async *[Symbol.iterator]() {}", "generator", True),
        ("(a) => a", "arrow function", False),
        ("async x => x", "arrow function", True),
        ("x => async () => x", "arrow function", False),
        ("foo(a) { return a; }", "method", False),
        ("async foo() {}", "method", True),
        ("static foo() {}", "method", False),
        ("#hidden(a) {}", "method", False),
        ("'quoted'(a) {}", "method", False),
        ("get(a) { return a; }", "method", False),
        ("constructor(a) { super(a) }", "method", False),
        ("get x() { return 1 }", "getter or setter", False),
        ("static set x(v) {}", "getter or setter", False),
        ("(function () {})()", NO_FUNCTION, False),
        ("const a = 1", NO_FUNCTION, False),
        ("function f( {", NO_SYNTAX, False),
        ("'\ud800", NO_SYNTAX, False),
    ],
)
def test_kinds(code, kind, is_async):
    found = describe(code)
    assert (found.kind, found.is_async) == (kind, is_async)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (
            "function f() { for (var i = 0; i < 3; i++) { let x = i } for (const a of b) ; }",
            {"declarations": (1, 1, 1), "statements": 1, "semicolons": 0},
        ),
        ("function f() { g(); return 1 }", {"statements": 2, "semicolons": 1, "names": 2}),
        ("function () { return 1; }", {"statements": 1, "semicolons": 1, "names": 0}),
        ("x => y => x", {"functions": 2, "arrows": 2, "statements": 0, "names": 2}),
        ("m() { if (a) { b() } }", {"statements": 1, "semicolons": 0, "functions": 1, "arrows": 0}),
        ("m(a, { b, c: d }) { this.#e = a.f; }", {"names": 7}),
    ],
)
def test_facts(code, expected):
    found = describe(code)
    assert {name: getattr(found, name) for name in expected} == expected


def test_facts_agree_with_tokens_and_with_the_engine() -> None:
    totals = Snippet("")
    for row in read_functions(
        [SAMPLE / f"javascript_{split}_0.jsonl.gz" for split in ("train", "valid", "test")]
    ):
        found, program = describe(row.code), augment.parse(row.code)
        tokens = [
            program.text(leaf)
            for leaf in program.tree.leaves
            if leaf.type in ("var", "let", "const", "=>")
        ]
        assert found.kind not in (NO_FUNCTION, NO_SYNTAX)
        assert found.declarations == tuple(map(tokens.count, ("var", "let", "const")))
        assert found.arrows == tokens.count("=>")
        assert found.functions == sum(
            1 for function in program.functions if function.node.start >= 0
        )
        assert 0 <= found.semicolons <= found.statements
        totals = totals._replace(
            functions=totals.functions + found.functions, arrows=totals.arrows + found.arrows
        )
    assert totals.functions > totals.arrows > 100  # the sample covers both
