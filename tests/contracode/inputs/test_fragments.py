"""Signatures, words and operations: what they tell, and what they do not see."""

from contracode.inputs.fragments import OPERATIONS, SIGNATURE, WORDS, fragments
from tests.contracode.inputs.spelling import normal


def found(source: str, kinds: tuple[int, ...]) -> set[str]:
    return {fragment for kind, fragment in fragments(normal(source)) if kind in kinds}


def test_a_signature_is_that_of_the_first_function_whatever_its_body_is_like() -> None:
    loop = (
        "function has(list, value) { for (const item of list) { if (item === value) return true; } "
        "return false; }"
    )
    recursion = (
        "const f = (a, b) => { if (!a.length) { return false; } const g = (x) => x.y; return a[0] "
        "=== b || g(a); };"
    )
    for source in (loop, recursion):
        told = found(source, SIGNATURE)
        assert {"takes 2", "takes at most 2", "gives truth"} <= told
        assert not any(
            fragment.startswith("gives .") for fragment in told
        )  # what another function gives
    assert "0:each of" in found(loop, SIGNATURE)
    assert "takes 1" in found("function f(a, { b }, c = 1) {}", SIGNATURE)
    assert "takes at most 3" in found("function f(a, { b }, c = 1) {}", SIGNATURE)
    assert "gives nothing" in found("function f(a) { a(); }", SIGNATURE)
    assert not found("let a = 1;", SIGNATURE)


def test_words_are_of_the_language_and_its_libraries_not_the_programs_own() -> None:
    source = (
        'function f(list) { const total = Math.max(list.length, 26); return /x/.test("ab") ? total '
        ": list.size; }"
    )
    assert found(source, WORDS) == {
        ".length",
        ".max",
        ".size",
        ".test",
        "g:Math",
        "n:26",
        "re",
        "s:ab",
    }


def test_operations_that_stand_for_one_another_are_the_same_and_know_their_loops() -> None:
    told = [
        found(f"function f(a, b) {{ for (const x of a) {{ b.push({half}); }} }}", OPERATIONS)
        for half in ("Math.floor(x / 2)", "x / 2 >> 0", "parseInt(x / 2)")
    ]
    assert all(
        {"whole number@1", ".push@1", "b:/@1", "each@0"} <= fragments_ for fragments_ in told
    )
    nested = found(
        "function f(a) { for (const x of a) for (const y of x) if (y) y.pop(); }", OPERATIONS
    )
    assert {".pop@2", ".pop?", "each@1"} <= nested
    assert "each?" not in nested
