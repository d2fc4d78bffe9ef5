"""Renaming a function at all places of a file, and when that is refused."""

import pytest

import augment
from contracode.products.annotate.text_edits import apply_edits
from contracode.products.rename_edits import Refusal, Renamer

REFUSED = [
    ("class A { area(x) { return x } }", "a property"),
    ("const a = {area: x => x}", "a property"),
    ("module.exports.area = function (x) { return x }", "a property"),
    ("export function area(x) { return x }", "exported"),
    ("function area(x) { return x }", "global"),  # of a script
    ("export {}; function f() { eval('area()'); function area(x) { return x } }", "eval"),
    (
        "export {}; function area(x) { return x } const multiply = 1",
        "multiply already means something",
    ),
    ("export {}; function area(x) { return multiply(x) }", "multiply already means something"),
    (
        "export {}; const area = x => { let multiply = x; return area(multiply) }",
        "multiply already means something",
    ),
    ("export {}; (x => x)(1)", "no name"),
]

RENAMED = [
    ("export {}; function area(x) { return x } area(area.area)", "export {}; function multiply(x) { return x } multiply(multiply.area)"),
    ("const area = x => x; export {area}", "const multiply = x => x; export {multiply as area}"),
    ("export {}; const area = x => x; f({area})", "export {}; const multiply = x => x; f({area: multiply})"),
    ("module.exports = {area}\nfunction area(x) { return x }", "module.exports = {area: multiply}\nfunction multiply(x) { return x }"),
    ("const f = function area(n) { return n && area(n - 1) }", "const f = function multiply(n) { return n && multiply(n - 1) }"),
    ("export {}; let area = x => x; { let area = 1; area } area", "export {}; let multiply = x => x; { let area = 1; area } multiply"),
    ("export {}; const area = x => x.multiply; multiply: area()", "export {}; const multiply = x => x.multiply; multiply: multiply()"),
    ("export {}; /* 😀 */ function \\u0061rea() { return 'area' }", "export {}; /* 😀 */ function multiply() { return 'area' }"),
]  # fmt: skip


def renamed(
    source: str, name: str = "multiply", language: augment.Language = "javascript"
) -> str | Refusal:
    program = augment.parse(source, language=language)
    functions = [
        function for function in program.functions if function.name == "area"
    ] or program.functions
    edits = Renamer(program).edits(functions[0], name)
    return edits if isinstance(edits, Refusal) else apply_edits(source.encode(), edits).decode()


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_refused(source: str, reason: str) -> None:
    found = renamed(source)
    assert isinstance(found, Refusal)
    assert reason in found.reason


@pytest.mark.parametrize(("source", "expected"), RENAMED)
def test_renamed_at_all_places(source: str, expected: str) -> None:
    assert renamed(source) == expected


@pytest.mark.parametrize("name", ["for", "await", "a b", "", "1a", "eval"])
def test_what_is_no_name(name: str) -> None:
    assert isinstance(renamed("export {}; function area(x) { return x }", name), Refusal)


def test_typescript() -> None:
    source = "export {}; const area = (x: number): number => x; type T = typeof area; area(1)"
    expected = (
        "export {}; const multiply = (x: number): number => x; type T = typeof multiply; "
        "multiply(1)"
    )
    assert renamed(source, language="typescript") == expected
    assert isinstance(renamed(source.replace("T", "multiply"), language="typescript"), Refusal)
