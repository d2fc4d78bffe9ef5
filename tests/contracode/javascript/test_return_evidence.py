"""Evidence of `return` statements."""

import pytest

import augment
from contracode.javascript.return_evidence import ReturnEvidence
from contracode.javascript.typing.targets import TypeTarget, find_targets


def returns(source: str, language: augment.Language = "javascript") -> list[TypeTarget]:
    return [
        one
        for one in find_targets(augment.parse(source, language=language))
        if one.kind == "return"
    ]


STORED = ("return a", "return a.b[0]")


@pytest.mark.parametrize("body", STORED)
def test_an_async_function_may_return_a_promise_of_nothing(body: str):
    assert (
        next(one for one in returns(f"async function f(a) {{ {body} }}")).return_evidence
        == "unknown"
    )


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
def test_evidence_of_a_body(body: str, expected: ReturnEvidence):
    for source in (
        f"function f(a) {{ {body} }}",
        f"const f = (a) => {{ {body} }}",
        f"class C {{ f(a) {{ {body} }} }}",
    ):
        assert next(one for one in returns(source) if one.name == "f").return_evidence == expected
    if body not in STORED:
        assert (
            next(one for one in returns(f"async function f(a) {{ {body} }}")).return_evidence
            == expected
        )


def test_an_arrow_returns_its_expression():
    assert [
        one.return_evidence
        for one in returns("f = () => 1; g = () => h(); k = () => ({}); l = () => undefined")
    ] == [
        "value",
        "unknown",
        "value",
        "nothing",
    ]
