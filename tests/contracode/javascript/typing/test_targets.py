"""Names and returns that can carry a type, their occurrences, and where an editor hints."""

import pytest

import augment
from contracode.javascript.records import KINDS
from contracode.javascript.typing.jsdoc import parse_jsdoc
from contracode.javascript.typing.targets import TypeTarget, find_targets


def targets(source: str, language="javascript") -> dict[tuple[str, str], TypeTarget]:
    program = augment.parse(source, language=language)
    found = find_targets(program)
    assert [t.span for t in found] == sorted(t.span for t in found)
    size = len(source.encode())
    for target in found:
        assert target.occurrences
        assert all(0 <= start < end <= size for start, end in target.occurrences)
        assert 0 < target.hint_offset <= size
        assert KINDS[target.kind_index] == target.kind
    return {(target.kind, target.name): target for target in found}


def texts(source: str, spans) -> list[str]:
    return [source.encode()[start:end].decode() for start, end in spans]


def test_parameters_of_every_form():
    source = "function f(a, b = 1, {c, d: [e = g()]}, ...r) { return a + e }"
    found = targets(source)
    forms = {name: target.form for (kind, name), target in found.items() if kind == "parameter"}
    assert forms == {
        "a": "simple",
        "b": "default",
        "c": "destructured",
        "e": "destructured",
        "r": "rest",
    }
    assert found["parameter", "b"].obvious
    assert not found["parameter", "a"].obvious
    assert texts(source, found["parameter", "a"].occurrences) == ["a", "a"]
    assert found["parameter", "a"].function == (0, len(source))
    assert source[: found["parameter", "a"].hint_offset] == "function f(a"


def test_return_occurs_at_its_name_and_at_the_returned_expressions():
    source = "function f(n) { if (n) return g(() => { return 2 }); return n } f(1)"
    found = targets(source)
    assert texts(source, found["return", "f"].occurrences) == [
        "f",
        "g(() => { return 2 })",
        "n",
        "f",
    ]
    assert texts(source, found["return", ""].occurrences) == ["()", "2"]
    assert source[: found["return", "f"].hint_offset] == "function f(n)"


def test_arrow_with_expression_body():
    source = "const twice = x => x * 2; twice(4)"
    found = targets(source)
    assert ("variable", "twice") not in found
    assert texts(source, found["return", "twice"].occurrences) == ["twice", "x * 2", "twice"]
    assert source[: found["return", "twice"].hint_offset] == "const twice = x"


def test_async_functions_and_generators_are_marked():
    found = targets("async function a() {} function* g() {}")
    assert (found["return", "a"].is_async, found["return", "a"].is_generator) == (True, False)
    assert (found["return", "g"].is_async, found["return", "g"].is_generator) == (False, True)


def test_returns_of_constructors_and_setters_are_left_out():
    found = targets("class A { constructor(a) {} set v(x) {} get v() { return 1 } m() {} }")
    assert {name for kind, name in found if kind == "return"} == {"v", "m"}
    assert {name for kind, name in found if kind == "parameter"} == {"a", "x"}


def test_fields_of_a_class_body_and_of_its_constructor():
    source = (
        "class A { size = f(); #x; static size = 1; constructor(q) { this.name = q; this.size = 3 }"
        " get() { return this.name + this.size + (() => this.#x)() + function () { return "
        "this.name } } }"
    )
    program = augment.parse(source)
    fields = [t for t in find_targets(program) if t.kind == "field"]
    assert [(t.name, len(t.occurrences), t.obvious) for t in fields] == [
        ("size", 3, False),
        ("#x", 2, False),
        ("size", 1, True),
        ("name", 2, False),  # `this` of the inner function is a different object
    ]


@pytest.mark.parametrize(
    ("source", "obvious"),
    [
        ("let x = 1", True),
        ("let x = -1", True),
        ("let x = `a${b}`", True),
        ("let x = /a/", True),
        ("let x = new Map()", True),
        ("let x = require('fs')", True),
        ("let x = !y", True),
        ("for (const x in y);", True),
        ("for (const x of y);", False),
        ("let x = f()", False),
        ("let x = requires('fs')", False),
        ("let x", False),
    ],
)
def test_obvious_initial_values(source, obvious):
    assert targets(source)["variable", "x"].obvious is obvious


def test_function_valued_names_and_imports_are_left_out():
    found = targets(
        "import a from 'a'; const f = function () {}, g = class {}; let h = f; try {} catch (e) {}"
    )
    assert {name for kind, name in found if kind == "variable"} == {"h"}


def test_jsdoc_counts_as_written():
    source = """
    /**
     * @param {{x: number}} o options
     * @param {string} [name='a'] a name
     * @returns {Promise<
     *   string>} later
     */
    exports.f = function ({x}, name, rest) { /** @type {number} */ let k = g(); let l = g(); }
    """
    found = targets(source)
    written = {key for key, target in found.items() if target.written}
    assert written == {
        ("parameter", "x"),
        ("parameter", "name"),
        ("return", "f"),
        ("variable", "k"),
    }


def test_jsdoc_of_the_first_declarator_is_not_that_of_the_second():
    found = targets("/** @returns {number} */\nconst a = function () {}, b = function () {};")
    assert found["return", "a"].written
    assert not found["return", "b"].written


def test_parse_jsdoc():
    doc = parse_jsdoc(
        "/** @param {{a: {b: c}}} [o.p=1] x\n * @return {A\n *  |B} y\n * @type {broken */"
    )
    assert doc.parameters == {"o.p": "{a: {b: c}}"}
    assert doc.returns == "A |B"
    assert doc.type is None


def test_white_space_in_malformed_jsdoc_is_read_in_linear_time():
    wide = " " * 200_000
    doc = parse_jsdoc(f"/** @param{wide}- @param {{a{wide}b}}{wide}- @param {{T}} c */")
    assert doc.parameters == {"c": "T"}


def test_tags_that_never_close_are_read_in_linear_time():
    assert parse_jsdoc(f"/** @type {{T}} {'@param {a ' * 100_000} */").type == "T"
    nested = parse_jsdoc(f"/** {'@param {' * 50_000}{'} a' * 50_000} @type {{T}} */")
    assert (list(nested.parameters), nested.type) == (["a"], "T")


def test_typescript_annotations():
    source = (
        "class A { private readonly x?: number; declare z: string; constructor(public p: string, "
        "q?) {} }\n"
        "declare const G: string; interface I { m(x: number): void }\n"
        "abstract class B { abstract w: number } declare class C { w: number }\n"
        "function f({c}: {c: string}, d: D): number { let k!: string; for (const e of d) k = e }"
    )
    found = targets(source, "typescript")
    annotations = {
        key: texts(source, [t.annotation])[0] for key, t in found.items() if t.annotation
    }
    assert annotations == {
        ("field", "x"): ": number",
        ("parameter", "p"): ": string",
        ("parameter", "d"): ": D",
        ("return", "f"): ": number",
        ("variable", "k"): ": string",
    }
    assert found["parameter", "c"].written
    assert found["parameter", "c"].annotation is None
    assert not found["variable", "e"].written
    assert ("field", "z") not in found
    assert ("field", "w") not in found
    assert ("variable", "G") not in found
    assert source[: found["parameter", "q"].hint_offset].endswith("q?")


def test_bare_snippets_have_no_targets_in_their_wrapper():
    source = "grüß(a, b) { return a.map(x => x * b) }"
    found = targets(source)
    assert list(found) == [
        ("return", "grüß"),
        ("parameter", "a"),
        ("parameter", "b"),
        ("parameter", "x"),
        ("return", ""),
    ]
    assert found["return", "grüß"].function == (0, len(source.encode()))


def test_statements_with_a_top_level_return():
    assert targets("let k = f(); return k")["variable", "k"].function is None


def test_called_names_are_marked():
    source = """
const { join } = require("path"), made = new Map(), plain = join("a");
function f(callback, Kind, bound, other) { callback?.(plain); new Kind(); bound.call(null); other.apply; other.join(); }
class A { constructor(go) { this.go = go; this.stay = 1; } run() { this.go(); return this.stay; } }
"""
    called = {name for (kind, name), target in targets(source).items() if target.called}
    assert called == {"join", "callback", "Kind", "bound", "go"}
    assert not targets(source)["parameter", "go"].called


def test_array_methods_determine_the_kinds_of_callback_parameters():
    source = """
const signals = ["SIGINT", "SIGTERM"], mixed = [1, "a"];
signals.forEach((signal, number) => listen(signal, number));
mixed.map(function (one, place) { return one; });
unknown.forEach((thing, index) => thing);
signals.reduce((sum, part) => sum);
"""
    found = targets(source)
    shown = {
        name: target.value_kind for (kind, name), target in found.items() if kind == "parameter"
    }
    assert shown == {
        "signal": "string",
        "number": "number",
        "one": None,
        "place": "number",
        "thing": None,
        "index": None,
        "sum": None,
        "part": None,
    }


def test_constructor_functions_get_no_return_hint():
    source = """
function Scanner(text) { this.text = text; }
Scanner.prototype.eos = function eos() { return this.text === ""; };
var View = function (options) { this.options = options; };
new View({});
function log(text) { print(text); }
"""
    found = targets(source)
    assert [found["return", name].obvious for name in ("Scanner", "View", "log")] == [
        True,
        True,
        False,
    ]
