import re

import pytest

import augment
from augment.checking.verify import check


def test_nodes_are_numbered_in_source_order_and_nested() -> None:
    program = augment.parse("function f(a) { return `x ${a} y`; } // end")
    nodes = program.tree.nodes
    assert [node.index for node in nodes] == list(range(len(nodes)))
    for node in nodes[1:]:
        assert node.parent is not None
        assert node.parent.contains(node)
        assert node.parent.first <= node.first <= node.last <= node.parent.last
    assert [program.text(leaf) for leaf in program.tree.leaves] == program.text_of
    assert [program.text(comment) for comment in program.comments] == ["// end"]


def test_tokens_and_trivia_spell_the_source() -> None:
    source = (
        "#!/usr/bin/env node\n\ufeff'x';\r\nconst s = `a ${ b }c\n`, r = /[/]/g; // é 😀\n<a "
        "b='c'>t {x} </a>\n"
    )
    program = augment.parse(source)
    spelt = (
        "".join(a + b for a, b in zip(program.trivia, program.text_of, strict=True)) + program.tail
    )
    assert spelt == source
    assert program.newline == "\n"


@pytest.mark.parametrize(
    ("source", "line", "column", "words"),
    [
        ("a = ;", 1, 3, "does not parse"),
        ("function f( {", 1, 1, "does not parse"),
        ("class A {\n  async\n  x() {}\n}", 2, 3, "two ways"),
        ("var a = 1;\na <!--b", 2, 3, "HTML-like"),
        ("é = '\ud800'", 1, 6, "surrogate"),
        (b"ab\xff", 1, 3, "0xff"),
        ("}) ({", 1, 1, "does not parse"),
    ],
)
def test_what_does_not_parse_or_is_misread_is_refused(
    source: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(augment.ParseError) as refusal:
        augment.parse(source)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert words in str(refusal.value)


@pytest.mark.parametrize("source", ['a = "<!--";', "// <!-- x\nb", "x = `-->`", "f(/<!--/)"])
def test_html_like_comments_inside_text_are_fine(source: str) -> None:
    assert augment.parse(source).source == source.encode()


def test_every_html_like_comment_is_seen() -> None:
    for source in (
        'var s = "<!--"; var x = 3 <!--y',
        'f("-->"); /* --> */\n--> y',
        '// <!--\nx = "-->" <!-- y',
    ):
        with pytest.raises(augment.ParseError, match="HTML-like"):
            augment.parse(source)


@pytest.mark.parametrize(
    ("snippet", "kind", "name"),
    [
        ("foo(a) { return a }", "method", "foo"),
        ("async foo(a) { await a }", "method", "foo"),
        ("get size() { return 1 }", "getter", "size"),
        ("static make() { return new this }", "method", "make"),
        ("#hidden() { return this.#hidden }", "method", "#hidden"),
        ("constructor(a) { super(a) }", "constructor", "constructor"),
        ("function (a) { return a }", "function", None),
        ("async function* (a) { yield a }", "function", None),
        ("({ a }) => a", "arrow", None),
    ],
)
def test_bare_snippets_parse_and_come_back_without_their_wrapper(
    snippet: str, kind: str, name: str | None
) -> None:
    program = augment.parse(snippet)
    function = program.functions[0]
    if kind == "constructor":  # an object takes the method too: what matters is that it parses
        kind = function.kind
    assert (function.kind, function.name) == (kind, name)
    assert program.text(function.node) == snippet
    view = augment.Pipeline(["reformat"], probability=1).view(program, 3)
    assert augment.parse(view.text).functions[0].name == name


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("var a = 1", "script"),
        ("import a from 'a'", "module"),
        ("export default 1", "module"),
        ("const a = require('a')", "commonjs"),
        ("module.exports = 1", "commonjs"),
        ("var require", "script"),
    ],
)
def test_source_type_is_seen(source: str, expected: str) -> None:
    assert augment.parse(source).source_type == expected


def test_nesting_of_ten_thousand_levels_does_not_exhaust_the_stack() -> None:
    deep = 10_000
    for source in (
        "(" * deep + "a" + ")" * deep,
        "[" * deep + "]" * deep,
        "a" + "+a" * deep,
        "if (a) b; else " * deep + "c;",
    ):
        try:
            program = augment.parse(source)
        except augment.ParseError:
            continue
        assert len(program.scopes.bindings) == 0
        assert augment.Pipeline.everything().view(program, 0).text


def test_functions_know_their_parts() -> None:
    program = augment.parse(
        "const f = async ({ a, b: [c] }, d = 1, ...e) => a; class K { set v(x) { this.w = (y) => y "
        "} }"
    )
    arrow, setter, inner = program.functions
    assert (arrow.name, arrow.kind, arrow.is_async, arrow.expression_body) == (
        "f",
        "arrow",
        True,
        True,
    )
    assert [binding.name for binding in arrow.bindings] == ["a", "c", "d", "e"]
    assert program.source[: arrow.parameters_end].endswith(b"...e)")
    assert (setter.name, setter.kind) == ("v", "setter")
    assert (inner.name, inner.outer) == ("w", setter)
    assert program.source[: inner.parameters_end].endswith(b"(y)")


@pytest.mark.parametrize(
    "source",
    [
        "{length: 3000}/1/g;",
        "a = 1\u2028b = 2",
        "// c\u2028b()",
        "f = () => {}\n(1)",
        "f = () => { g }\n[h].i()",
        "{ using\nlet = 1 }",
        "var ",
        "x = { a, function };",
        "async function f() { for await (let /* one */ [x] of y) {} }",
        "var yield = 5; var x = yield * 2 + 1",
        "function f() { var yield = 5; return yield - 1 + 2 }",
        "function* g() { return function () { return yield [0] } }",
        "new new F(a).b.c",
        "new new F(a)[b]",
    ],
)
def test_more_misreadings_are_refused(source: str) -> None:
    with pytest.raises(augment.ParseError):
        augment.parse(source)


@pytest.mark.parametrize(
    ("keyword", "operand"),
    [
        ("return\n", "[a]"),
        ("return\r", "(a)"),
        ("return\n", "+a"),
        ("return\n", "/a/.source"),
        ("return\n", "`a`"),
        ("return\n", "<a/>"),
        ("yield\n", "[1]"),
        ("yield\n", "(1)"),
        ("yield // why\n", "+1"),
        ("a = async /*\n*/ ", "function () {}"),
    ],
)
def test_an_operand_on_the_line_behind_a_keyword_is_refused(keyword: str, operand: str) -> None:
    augment.parse(f"function* f(a) {{ {re.sub('/.*|[^a-z= ]', '', keyword)} {operand} }}")
    with pytest.raises(augment.ParseError, match="line break that ends a statement"):
        augment.parse(f"function* f(a) {{ {keyword}{operand} }}")


@pytest.mark.parametrize("operand", ["function () {}", "class {}", "<a/>", "a", "!a", "'a'"])
def test_a_comment_behind_a_keyword_ends_its_line(operand: str) -> None:
    for gap in ("// why\n", "/*\u2028*/ ", "/*\r*/ "):
        program = augment.parse(f"function f(a) {{ return {gap}{operand} }}")
        assert len(program.nodes("statement_block")[0].named) == 2


def test_a_line_break_before_an_operator_takes_it_from_its_operand() -> None:
    for source in (
        "a /* why */ ++\nb",
        "a\n++b",
        "++\na",
        "function f() { return\n}",
        "function f() { return\na }",
    ):
        augment.parse(source)
    with pytest.raises(augment.ParseError, match="line break that ends a statement"):
        augment.parse("a /*\n*/ ++\nb")


@pytest.mark.parametrize(
    "source",
    [
        "const a = yield b; c(yield* d)",
        "function* g() { const a = { [yield 1]() {} }; yield -1 }",
        "({ *[yield]() { yield [0] } })",
        "var yield; function f() { return yield }",
        "new new F(a)(b).c",
        "new (new F(a).b)",
        "new (new F(a)).b(c)",
        "(new new F(a)).b",
    ],
)
def test_what_is_read_in_one_way_is_not_refused(source: str) -> None:
    assert augment.parse(source).source == source.encode()


def test_a_pattern_of_let_in_an_asynchronous_loop_is_no_access() -> None:
    source = (
        "async function f(y) { for await (let [x] of y) g(x); for await (var [z] of y); return "
        "'for await (let [' }"
    )
    program = augment.parse(source)
    kinds = {
        binding.name: binding.kind
        for scope in program.scopes.all
        for binding in scope.bindings.values()
    }
    assert kinds == {"f": "function", "y": "parameter", "x": "let", "z": "var"}
    view = augment.Pipeline(["rename-variables"], probability=1).view(program)
    assert "for await (let [" in view.text
    assert "'for await (let ['" in view.text
    assert check(program, view) == []


@pytest.mark.parametrize(
    ("source", "awaited"),
    [
        ("async function f(x) { return await (x).y; }", ["await (x).y"]),
        (
            "f = async () => { await[1][0]; await (async () => 1)() }",
            ["await[1][0]", "await (async () => 1)()"],
        ),
        ("import x from 'x';\nawait (x)`y`", ["await (x)`y`"]),
        ("async g(é) { await (await (é).y).z }", ["await (await (é).y).z", "await (é).y"]),
        ("async function await() { function f(await) { return await(1).y } }", []),
        ("var await = f; await (x).y", []),
    ],
)
def test_what_is_awaited_may_stand_in_brackets(source: str, awaited: list[str]) -> None:
    program = augment.parse(source)
    assert [program.text(node) for node in program.nodes("await_expression")] == awaited
    assert [
        child.type for node in program.nodes("await_expression") for child in node.children[:1]
    ] == ["await"] * len(awaited)
    for seed in range(20):
        assert check(program, augment.Pipeline.everything().view(program, seed)) == []


def test_a_lone_carriage_return_ends_a_line() -> None:
    program = augment.parse("a: for (;;) { break\ra }")
    assert len(program.nodes("break_statement")[0].children) == 1
    assert (
        augment.Pipeline(["drop-comments"], probability=1).view(program).text
        == "a: for (;;) { break\ra }"
    )


def test_a_function_whose_text_is_looked_at_stays_as_it_is() -> None:
    source = (
        "function f(o, key) { return o[(x) => { return  x + 1 + 2; }] + `${function () {  return "
        "key }}`; }"
    )
    program = augment.parse(source)
    for seed in range(5):
        text = augment.Pipeline.everything().view(program, seed).text
        assert "(x) => { return  x + 1 + 2; }" in text
        assert "function () {  return key }" in text


def test_an_object_by_itself_is_a_snippet_in_every_spelling() -> None:
    for source in ("{ x = 1 } = a", "{ y: x = 1.0 } = a", "{ a: b, c }.d", '{ "a": b, c }["d"]'):
        assert augment.parse(source).wrapper == ("(\n", "\n)")
    with pytest.raises(augment.ParseError, match="starts like a block"):
        augment.parse("{ a: b }.c; d")


def test_a_reserved_word_is_a_name_in_imports_and_exports_alone() -> None:
    augment.parse(
        "import {default as x} from 'y'; export {x as default}; export * as default from 'z'"
    )
    with pytest.raises(augment.ParseError, match="reserved word"):
        augment.parse("for (;;) { catch = slow.next; }")
