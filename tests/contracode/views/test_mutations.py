"""Hard negatives: they compile, and in V8 most of them return other results."""

import json
from collections.abc import Iterator

import pytest
from py_mini_racer import MiniRacer

import augment
from augment.printing.render import render
from augment.rewriting.plan import Plan
from augment.rewriting.semantics import Semantics
from contracode.views.mutations import KINDS, hard_negative
from tests.v8 import run_calls

EXAMPLES = {
    "arguments": ("function f(a, b) { return Math.pow(a, b); }", "f(2, 3)"),
    "arithmetic": ("function f(a, b) { return a * b + 4; }", "f(2, 3)"),
    "boundary": ("function f(list) { return list.slice(1); }", "f([5, 6, 7])"),
    "comparison": ("function f(a, b) { return a < b || a === 9; }", "[f(2, 2), f(9, 0), f(1, 2)]"),
    "condition": (
        "function f(a) { if (!a) return 'none'; return a > 3 ? 'many' : 'few'; }",
        "[f(0), f(2), f(5)]",
    ),
    "connective": ("function f(a, b) { return a && b; }", "f(0, 1)"),
    "constant": ("function f(a) { return a === undefined ? true : a; }", "f()"),
    "operands": ("function f(a, b) { return (a - 1) / b; }", "f(7, 2)"),
    "step": (
        "function f(a) { let n = 0; for (const one of a) { n += one; n++; } return n; }",
        "f([1, 2])",
    ),
}

ALGORITHMS = [
    (
        "function search(list, wanted) { let low = 0, high = list.length - 1;"
        " while (low <= high) { const middle = (low + high) >> 1;"
        " if (list[middle] === wanted) return middle;"
        " if (list[middle] < wanted) low = middle + 1; else high = middle - 1; }"
        " return -1; }",
        "[1, 3, 4, 7, 9, 12, 0].map((wanted) => search([1, 3, 4, 7, 9], wanted))",
    ),
    (
        "function gcd(a, b) { while (b !== 0) { const rest = a % b; a = b; b = rest; } return a; }",
        "[gcd(12, 18), gcd(7, 3), gcd(5, 0)]",
    ),
    (
        "function count(text, min) { const seen = new Map();"
        " for (const one of text) { seen.set(one, (seen.get(one) || 0) + 1); }"
        " return [...seen].filter(([, times]) => times >= min && times < 10)"
        ".map(([one]) => one); }",
        "[count('abracadabra', 2), count('', 1), count('aa', 3)]",
    ),
    (
        "function clamp(x, low, high) { if (x < low) { return low; } return x > high ? high : x; }",
        "[clamp(1, 2, 5), clamp(3, 2, 5), clamp(9, 2, 5), clamp(2, 2, 5)]",
    ),
]


def edits(source: str, kind: str) -> Iterator[str]:
    """Yield the program with each edit of a kind."""
    program = augment.parse(source)
    for rewrite in KINDS[kind](program):
        assert rewrite.level == Semantics.CHANGED
        plan = Plan(program)
        if not plan.accept(rewrite):
            yield render(program, plan)[0]


def answer(source: str, call: str) -> object:
    """Return the result of a call; an endless loop ends with an exception."""
    guarded = source.replace("while (", "while (__tick() && ")
    tick = "function __tick() { if (!__left--) throw new Error('long'); return true; }"
    return run_calls(f"var __left = 1000; {tick} {guarded}", [call])


def test_every_kind_has_an_example():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_edit_changes_the_result_of_its_example(kind: str):
    source, call = EXAMPLES[kind]
    changed = list(edits(source, kind))
    assert changed
    for text in changed:
        assert answer(text, call) != answer(source, call), text


def test_most_hard_negatives_change_the_result():
    different: list[bool] = []
    for source, call in ALGORITHMS:
        program, expected = augment.parse(source), answer(source, call)
        drawn = [hard_negative(program, seed) for seed in range(20)]
        assert all(drawn)
        different += [answer(negative.text, call) != expected for negative in drawn if negative]
        # Views are equivalent to the function and return equal results.
        for copy in range(5):
            assert answer(augment.Pipeline.default().view(program, 0, copy).text, call) == expected
    # Some edits are equivalent: `x <= low` instead of `x < low` in `clamp`.
    assert 0.75 < sum(different) / len(different) < 1


def test_every_edit_of_the_sample_compiles(sources: list[str]):
    context = MiniRacer()
    seen: dict[str, int] = dict.fromkeys(KINDS, 0)
    for source in sources[::4]:
        program = augment.parse(source)
        functions = [
            program.text(function.node)
            for function in program.functions
            if function.node.type == "arrow_function"
        ]
        for text in [text for text in functions if "#" not in text][
            :4
        ]:  # private names need their class
            for kind in KINDS:
                for changed in list(edits(text, kind))[:3]:
                    augment.parse(changed)
                    body = json.dumps(f"return async () => ({changed}\n)")
                    context.eval(f"new Function({body}); 0")
                    seen[kind] += 1
    assert all(seen.values()), seen


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("function f(a) { return a - --a }", "step", ["function f(a) { return a - ++a }"]),
        ("function f(a, b) { return (a, b) - 2 ** -b }", "operands", None),
        ("function f(a, b) { return a-+b }", "arithmetic", ["function f(a, b) { return a + +b }"]),
        ("function f(a, b, c) { return a ?? (b || c) }", "connective", None),
        (
            "function f(a) { return g(...a, 1) + h?.(1, 2) + new X(1, 2) + g(a, a) }",
            "arguments",
            [],
        ),
        ("function f(a) { return 'no place' }", "boundary", []),
        ("class A { constructor(a, b) { super(a, b) } }", "arguments", []),
    ],
)
def test_edge_cases_of_edits(source: str, kind: str, expected: list[str] | None):
    found = list(edits(source, kind))
    assert expected is None or found == expected
    for text in found:
        MiniRacer().eval(f"new Function({json.dumps(text)}); 0")


def test_hard_negative_depends_on_the_seed_alone():
    program = augment.parse(ALGORITHMS[0][0])
    drawn = [hard_negative(program, seed) for seed in range(30)]
    assert drawn == [hard_negative(augment.parse(ALGORITHMS[0][0]), seed) for seed in range(30)]
    assert len({negative.text for negative in drawn if negative}) > 10
    assert len({negative.kind for negative in drawn if negative}) >= 4
    negative = drawn[0]
    assert negative is not None
    assert negative.span[0] < negative.span[1] <= len(ALGORITHMS[0][0])


def test_function_without_sites_has_no_hard_negative():
    assert hard_negative(augment.parse("function f(a) { return a }"), 0) is None
