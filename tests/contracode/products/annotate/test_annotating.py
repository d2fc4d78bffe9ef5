"""Types written into sources: the texts, and for every source that nothing else changes and the
types are read back.
"""

import random

import pytest

import augment
from contracode.javascript.typing.targets import TypeTarget
from contracode.products.annotate.annotating import Annotator
from contracode.products.annotate.jsdoc_writing import CommentStyle, Tag, can_be_written, merge
from contracode.products.annotate.text_edits import TextEdit, apply_edits
from tests.contracode.products.annotate.annotation_oracle import check


def choose(program: augment.Program, names: dict[str, str]) -> list[tuple[TypeTarget, str]]:
    """The targets of these names; `f()` names what `f` returns."""
    chosen: list[tuple[TypeTarget, str]] = []
    for target in Annotator(program).targets.values():
        name = f"{target.name}()" if target.kind == "return" else target.name
        if name in names:
            chosen.append((target, names[name]))
    return chosen


def written(source: str, names: dict[str, str], language: augment.Language = "javascript") -> str:
    program = augment.parse(source, language=language)
    chosen = choose(program, names)
    assert len({target.name for target, _ in chosen}) > 0
    edits = Annotator(program).edits(chosen)
    edited = check(program, [pair for pair in chosen if Annotator(program).edits([pair])], edits)
    assert Annotator(edited).edits(choose(edited, names)) == [], (
        "a second time there is nothing to do"
    )
    return edited.source.decode()


JAVASCRIPT = [
    pytest.param(
        "function f(x, y) {}",
        {"x": "string"},
        "/** @param {string} x */\nfunction f(x, y) {}",
        id="one-tag",
    ),
    pytest.param(
        "function f(x, y) {}",
        {"x": "string", "y": "{a: number}", "f()": "void"},
        "/**\n * @param {string} x\n * @param {{a: number}} y\n * @returns {void}\n */\nfunction "
        "f(x, y) {}",
        id="declaration",
    ),
    pytest.param(
        "export const f = (x) => g(x)",
        {"x": "string", "f()": "number"},
        "/**\n * @param {string} x\n * @returns {number}\n */\nexport const f = (x) => g(x)",
        id="exported-arrow",
    ),
    pytest.param(
        "export default async x => g(x)",
        {"x": "T"},
        "/** @param {T} x */\nexport default async x => g(x)",
        id="default",
    ),
    pytest.param(
        "return g(x => x, function (y) {})",
        {"x": "string", "()": "void", "y": "number"},
        "return g(/** @param {string} x @returns {void} */ x => x, /** @param {number} y @returns "
        "{void} */ function (y) {})",
        id="arguments",
    ),
    pytest.param(
        "class A {\n\tm(x) {}\n\tq = f()\n\tstatic s = (y) => y\n}",
        {"x": "string", "m()": "void", "q": "T", "y": "number"},
        "class A {\n\t/**\n\t * @param {string} x\n\t * @returns {void}\n\t */\n\tm(x) {}\n\t/** "
        "@type {T} */\n\tq = f()\n"
        "\t/** @param {number} y */\n\tstatic s = (y) => y\n}",
        id="members-with-tabs",
    ),
    pytest.param(
        "class A {\r\n  constructor(x) {\r\n    this.x = x\r\n  }\r\n}\r\n",
        {"x": "T"},
        "class A {\r\n  /** @param {T} x */\r\n  constructor(x) {\r\n    /** @type {T} */\r\n    "
        "this.x = x\r\n  }\r\n}\r\n",
        id="constructor-with-crlf",
    ),
    pytest.param(
        "o = {\n  f: function (x) {},\n  g(y) {}, h: (z) => z }",
        {"x": "A", "y": "B", "z": "C"},
        "o = {\n  /** @param {A} x */\n  f: function (x) {},\n  /** @param {B} y */\n  g(y) {}, "
        "h: /** @param {C} z */ (z) => z }",
        id="properties",
    ),
    pytest.param(
        "module.exports = exports.f = function (x) {}",
        {"x": "A"},
        "/** @param {A} x */\nmodule.exports = exports.f = function (x) {}",
        id="assignments",
    ),
    pytest.param(
        "function f(a = 1, b = g(x), ...c) {}",
        {"a": "number", "b": "T", "c": "string[]"},
        "/**\n * @param {number} [a=1]\n * @param {T} [b]\n * @param {...string} c\n */\nfunction "
        "f(a = 1, b = g(x), ...c) {}",
        id="defaults-and-rest",
    ),
    pytest.param(
        "function f(...c) {}",
        {"c": "(a | b)[]"},
        "/** @param {...(a | b)} c */\nfunction f(...c) {}",
        id="rest-union",
    ),
    pytest.param(
        "function f(a, {b, c: d, e: {g = 2}}, h) {}",
        {"b": "string", "g": "number"},
        "/**\n * @param a\n * @param {Object} param1\n * @param {string} param1.b\n * @param "
        "param1.c\n * @param {Object} param1.e\n"
        " * @param {number} [param1.e.g=2]\n */\nfunction f(a, {b, c: d, e: {g = 2}}, h) {}",
        id="destructured",
    ),
    pytest.param(
        "/**\n * Does.\n * @param a first\n * @param options how\n * @returns {T} x\n "
        "*/\nfunction f(a, {b}) {}",
        {"b": "string"},
        "/**\n * Does.\n * @param a first\n * @param {Object} options how\n * @param {string} "
        "options.b\n * @returns {T} x\n */\n"
        "function f(a, {b}) {}",
        id="destructured-with-a-name",
    ),
    pytest.param(
        "function f({a}, b, c) {}",
        {"a": "A", "c": "C"},
        "/**\n * @param {Object} param0\n * @param {A} param0.a\n * @param {C} c\n */\nfunction "
        "f({a}, b, c) {}",
        id="destructured-before-a-gap",
    ),
    pytest.param(
        "/**\n * @param {A} ... all\n * @api public\n */\nfunction f(...args) {}",
        {"args": "A[]", "f()": "R"},
        "/**\n * @param {A} ... all\n * @param {...A} args\n * @returns {R}\n * @api public\n "
        "*/\nfunction f(...args) {}",
        id="behind-another-name",
    ),
    pytest.param(
        "function f([a], b) {}",
        {"a": "A", "b": "B"},
        "/** @param {B} b */\nfunction f([a], b) {}",
        id="array",
    ),
    pytest.param(
        "let a = f(), b\nfor (let i = f(); ;) for (const x of y) {}",
        {"a": "A", "b": "B", "i": "I", "x": "X"},
        "let /** @type {A} */ a = f(), /** @type {B} */ b\nfor (let /** @type {I} */ i = f(); ;) "
        "for (const x of y) {}",
        id="variables",
    ),
    pytest.param("f(([a], [b]) => {})", {"b": "B"}, "f(([a], [b]) => {})", id="arrays"),
    pytest.param(
        "  const {a} = f(), b = g()",
        {"a": "A"},
        "  const {a} = f(), b = g()",
        id="destructured-variable",
    ),
    pytest.param(
        "/** Adds. */\nfunction f(x) {}",
        {"x": "T"},
        "/**\n * Adds.\n * @param {T} x\n */\nfunction f(x) {}",
        id="one-line-comment",
    ),
    pytest.param(
        "g(/** Adds. */ function (x) {})",
        {"x": "T"},
        "g(/** Adds. @param {T} x */ function (x) {})",
        id="inner-comment",
    ),
    pytest.param(
        "/**\r\n\t* Adds.\r\n\t*\r\n\t* @param {B} b the second,\r\n\t*   of course\r\n\t*\r\n\t* "
        "@return the sum\r\n\t* @example f(1)"
        "\r\n\t*/\r\nfunction f(a, b, c) {}",
        {"a": "A", "b": "NO", "c": "C", "f()": "R"},
        "/**\r\n\t* Adds.\r\n\t*\r\n\t* @param {A} a\r\n\t* @param {B} b the second,\r\n\t*   of "
        "course\r\n\t* @param {C} c\r\n\t*\r\n"
        "\t* @return {R} the sum\r\n\t* @example f(1)\r\n\t*/\r\nfunction f(a, b, c) {}",
        id="merged",
    ),
    pytest.param(
        "/**\n  Adds\n  @param x */\nfunction f(x) {}",
        {"x": "T", "f()": "R"},
        "/**\n  Adds\n  @param {T} x\n  @returns {R}\n */\nfunction f(x) {}",
        id="without-asterisks",
    ),
    pytest.param(
        "/** @param b\n */\nfunction f(a, b) {}",
        {"a": "A"},
        "/** @param {A} a\n * @param b\n */\nfunction f(a, b) {}",
        id="first-line",
    ),
    pytest.param(
        "/** @license MIT */\n// eslint-disable-next-line no-empty\nfunction f(x) {}",
        {"x": "T"},
        "/** @license MIT */\n/** @param {T} x */\n// eslint-disable-next-line no-empty\nfunction "
        "f(x) {}",
        id="not-its-comment",
    ),
    pytest.param(
        "/** @type {F} */\nconst f = (x) => x",
        {"x": "T"},
        "/** @type {F} */\nconst f = (x) => x",
        id="typed-function",
    ),
    pytest.param(
        "var some = _.some = function (x) {}",
        {"some": "T", "x": "X"},
        "/** @param {X} x */\nvar some = _.some = function (x) {}",
        id="function-by-assignment",
    ),
    pytest.param(
        "/* 😀\u2028 */ let é", {"é": "T"}, "/* 😀\u2028 */ let /** @type {T} */ é", id="astral"
    ),
    pytest.param("(x => x)(1)", {"x": "T"}, "(/** @param {T} x */ x => x)(1)", id="called-at-once"),
    pytest.param("\ufefflet a", {"a": "T"}, "\ufeff/** @type {T} */\nlet a", id="byte-order-mark"),
]

TYPESCRIPT = [
    ("function f(a, b = g(), c?, ...d) {}", "function f(a: T, b: T = g(), c?: T, ...d: T[]): T {}"),
    ("const f = x => x", "const f = (x: T): T => x"),
    ("const f = async x => y => x", "const f = async (x: T) => (y: T): T => x"),
    ("const f = (x) => x, v = g()", "const f = (x: T): T => x, v: T = g()"),
    (
        "export default class A { q; #z = f(); m(a: U) {} }",
        "export default class A { q: T; #z: T = f(); m(a: U): T {} }",
    ),
    (
        "class A { constructor(private a) { this.b = a } }",
        "class A { constructor(private a: T) { this.b = a } }",
    ),
    ("function f({a}, [b], c) {}", "function f({a}, [b], c: T): T {}"),
    ("for (const a of b) { let c }", "for (const a of b) { let c: T }"),
    ("a ? (b) => c : d", "a ? (b: T) => c : d"),
]


@pytest.mark.parametrize(("source", "names", "expected"), JAVASCRIPT)
def test_javascript(source: str, names: dict[str, str], expected: str) -> None:
    assert written(source, names) == expected


@pytest.mark.parametrize(("source", "expected"), TYPESCRIPT)
@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_typescript(source: str, expected: str, language: augment.Language) -> None:
    program = augment.parse(source, language=language)
    names = {
        t.name + ("()" if t.kind == "return" else "") for t in Annotator(program).targets.values()
    }
    if " => y => " in source:
        names.remove("f()")
    assert written(source, dict.fromkeys(names, "T"), language) == expected


def test_parameter_that_a_call_leaves_out_is_optional() -> None:
    source = "function tag(name, css) {}\ntag('div');\n"
    after = written(source, {"name": "string", "css": "string"})
    assert "@param {string} name" in after
    assert "@param {string} [css]" in after
    source = "function tag(name, css) {}\ntag('div', '');\n"
    assert "@param {string} css" in written(source, {"name": "string", "css": "string"})


def test_a_bare_parameter_is_enclosed_for_either_of_its_types() -> None:
    assert written("const f = x => x", {"x": "T"}, "typescript") == "const f = (x: T) => x"
    assert written("const f = x => x", {"f()": "T"}, "typescript") == "const f = (x): T => x"


def test_any_choice_of_names_in_any_layout() -> None:
    generator = random.Random(0)
    sources: list[tuple[str, augment.Language]] = [
        (str(case.values[0]), "javascript") for case in JAVASCRIPT
    ]
    sources.extend((source, "tsx") for source, _ in TYPESCRIPT)
    for source, language in sources:
        for indent in ("", "  ", "\t"):
            text = indent + source.replace("\n", f"\n{indent}")
            program = augment.parse(
                f"'😀'; {{ {text}\n}}" if "export" not in text else text, language=language
            )
            annotator = Annotator(program)
            pairs = [
                (target, f"T{i} | string") for i, target in enumerate(annotator.targets.values())
            ]
            able = [pair for pair in pairs if annotator.edits([pair])]
            for _ in range(4):
                chosen = generator.sample(able, generator.randint(0, len(able)))
                check(program, chosen, annotator.edits(chosen))


WIDE = " " * 200_000


@pytest.mark.parametrize(
    "after",
    [
        f"{' ' * 16}\n" * 4 + " more",
        " *\n" * 50_000 + " more",
        f"{WIDE}x\n",
        f"\n{WIDE}x",
        f"\n * @param {WIDE}",
        f"\n * @param{WIDE}[{WIDE}=",
    ],
    ids=["four-lines", "many-lines", "behind", "before", "no-name", "bracket"],
)
def test_white_space_that_nothing_comes_of_takes_no_time(after: str) -> None:
    comment = f"/**\n * @param a the thing\n{after}\n */"
    style = CommentStyle(block=True, indent="", newline="\n")
    merged = merge(comment, [Tag("param", "T", "a"), Tag("returns", "T")], ["a"], style)
    assert merged.startswith("/**\n * @param {T} a the thing\n")
    assert "\n * @returns {T}\n" in merged
    words = f"a{WIDE}b"
    assert merge(f"/** {words} */", [], [], style) == f"/**\n * {words}\n */"


@pytest.mark.parametrize("type", ["", " ", "a */ b", "a\nb", "}", "{ a", "a } { b", "@x"])
def test_what_would_end_a_comment_is_not_written(type: str) -> None:
    assert not can_be_written(type)
    program = augment.parse("function f(x) {}")
    assert Annotator(program).edits(choose(program, {"x": type})) == []


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("javascript", "/** @param {T} y */ ", 0),  # another name
        ("javascript", "/** @param {T x */ ", 0),  # a brace that never closes
        ("javascript", "/** @param {U} x */ ", 0),  # another type
        ("javascript", "/* @param {T} x */ ", 0),  # no JSDoc
        ("javascript", "/** @param {T} x */ let z; ", 0),  # more than a comment
        ("javascript", "/** @param {T} x */ ", 11),  # not before the function
        ("typescript", ": U", 12),
        ("typescript", ": T", 13),  # a return
        ("typescript", " = T", 12),
    ],
)
def test_the_checker_refuses_a_wrong_edit(language: augment.Language, text: str, at: int) -> None:
    program = augment.parse("function f(x) {}", language=language)
    chosen = choose(program, {"x": "T"})
    right = Annotator(program).edits(chosen)
    check(program, chosen, right)
    assert apply_edits(program.source, right) != program.source
    with pytest.raises((AssertionError, KeyError, augment.ParseError)):
        check(program, chosen, [TextEdit(at, at, text)])


def test_the_checker_refuses_a_lost_word() -> None:
    program = augment.parse("/** Adds two. */ function f(x) {}")
    with pytest.raises(AssertionError, match="lost text"):
        check(program, choose(program, {"x": "T"}), [TextEdit(4, 12, "@param {T} x")])
