"""Keys of functions: by tokens, and up to renaming."""

import pytest

import augment
from contracode.javascript.syntax_hash import function_key, program_key, renamed_key


@pytest.mark.parametrize(
    ("code", "key"),
    [  # from the definition: SHA-256 over leaves joined by NUL, 16 digits
        ("function add(a, b) { return a + b; } // sum", "d2a8536bfa5a1e89"),
        ("foo(x) { return `grüß ${x}` + /a\\/b/g + 'it' }", "e8af9a073137f40d"),
        ("function (", "53095e9c8a970899"),
        ("", "e3b0c44298fc1c14"),
        ("const f = <a href='x'>y</a>", "071d5c56a996707a"),
    ],
)
def test_function_key_matches_lists_of_exclusions(code, key):
    assert function_key(code) == key


def test_function_key_ignores_layout_and_comments():
    assert function_key("f ( a )\n/* b */ ;") == function_key("f(a);")
    assert function_key("f(a)") != function_key("f(b)")
    assert function_key("f('a')") != function_key('f("a")')
    assert len(function_key("\ud800")) == 16


@pytest.mark.parametrize(
    "code",
    [
        "function f(a) { return `b ${a} c` + /d/g } // e",
        "#!/usr/bin/env node\nfunction f() {}",
        "function f() {\r  // a\r  return 1 }",
        "function f() {\r\n  return `\r\n`\r\n}",
        "method(a) { return <p>{a} \u00e4 </p> }",
        "(a) => a",
        "function () { return 1 }",
        "\ufefff('\u2028')",
        "",
    ],
)
def test_the_key_of_a_program_is_that_of_its_source(code):
    assert program_key(augment.parse(code)) == function_key(code)


def key(code: str) -> str:
    return renamed_key(augment.parse(code))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("function f(a, b) { return a - b }", "function g(x, y) { return x - y }"),
        ("(a) => { let b = a; return b + c }", "(x) => { /* */ let y = x; return y + c }"),
        ("function f({ a }) { return a }", "function f({ a }) { return  a }"),
        ("function f(n) { return f(n - 1) }", "function g(m) { return g(m - 1) }"),
        (
            "function f() { return function g() { return g } }",
            "function a() { return function b() { return b } }",
        ),
    ],
)
def test_functions_equal_up_to_renaming_share_a_key(one, two):
    assert key(one) == key(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("function f(a, b) { return a - b }", "function f(a, b) { return b - a }"),
        ("function f(a) { return a + g }", "function f(a) { return a + h }"),
        ("function f(a) { return a.x }", "function f(a) { return a.y }"),
        ("function f({ a }) { return a }", "function f({ b }) { return b }"),
        ("function f(a) { return { a } }", "function f(b) { return { b } }"),
        ("function f(a) { { let a = 1; return a } }", "function f(a) { { let b = 1; return a } }"),
        ("function f(a) { return a }", "function f(a) { return f }"),
    ],
)
def test_functions_not_equal_up_to_renaming_have_different_keys(one, two):
    assert key(one) != key(two)


def test_a_function_has_the_same_key_in_its_file_and_alone():
    code = "function f(a) { const b = g(a); return { a, b, h } }"
    program = augment.parse(f"let g, h;\n{code}\nf(g);")
    function = next(f for f in program.functions if f.name == "f")
    assert renamed_key(program, function.node, function.name_span) == key(code)


def test_the_name_of_a_method_does_not_count():
    program = augment.parse(
        "class A { first(a) { return a } second(b) { return b } third(b) { return this } }"
    )
    keys = [renamed_key(program, f.node, f.name_span) for f in program.functions]
    assert keys[0] == keys[1] != keys[2]
