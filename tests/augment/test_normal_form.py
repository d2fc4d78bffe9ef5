"""The normal form does what the program did, stays as it is, and is one for many spellings."""

import json
from pathlib import Path

import pytest

import augment
from augment.normal_form.normalize import normalize
from augment.normal_form.simplifications import SIMPLIFICATIONS
from augment.rewriting.registry import registry
from tests.augment.cases import Case, all_cases
from tests.augment.differential import CALLS, answers
from tests.augment.generated import generate
from tests.v8 import run_calls

FOLDER = Path(__file__).parents[2] / "data" / "sample"
ENTRIES = json.loads((FOLDER / "calls.json").read_text())


def normal(source: str, *, names: bool = False) -> str:
    """Return the normal form of a module."""
    return normalize(augment.parse(source, source_type="module"), names=names)


def body(source: str) -> str:
    """Return the normal form of statements in a function of which nothing is known."""
    text = normal(f"export function f(a, b, c) {{ {source} }}", names=True)
    return text[text.index("{") + 1 : text.rindex("}")].strip()


@pytest.mark.parametrize("seed", range(16))
def test_generated_programs_keep_their_answers_and_stay_as_they_are(seed: int) -> None:
    source = generate(seed)
    for names in (False, True):
        text = normalize(augment.parse(source), names=names)
        assert run_calls(text, CALLS) == answers(seed), text
        assert normalize(augment.parse(text), names=names) == text


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: f"{case.transform}/{case.path.stem}")
def test_cases_keep_their_answers_and_stay_as_they_are(case: Case) -> None:
    program = case.parse()
    text = normalize(program, names=True)
    again = augment.parse(text, language=program.language, source_type=program.source_type)
    assert normalize(again, names=True) == text
    if case.runs:
        kind = "commonjs" if program.source_type == "commonjs" else "script"
        assert run_calls(text, case.runs, source_type=kind) == run_calls(
            case.source, case.runs, source_type=kind
        ), text


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_sample_keeps_its_answers(entry: dict) -> None:
    source = (FOLDER / "javascript" / entry["file"]).read_text()
    kind = entry["source_type"]
    text = normalize(augment.parse(source, source_type=kind), names=True)
    assert run_calls(text, entry["calls"], source_type=kind) == run_calls(
        source, entry["calls"], source_type=kind
    )
    assert normalize(augment.parse(text, source_type=kind), names=True) == text


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "return a ? b : c;",
            "if (a) { return b } else { return c }",
            "if (!a) return c; return b",
        ),
        ("a && b()", "if (a) b();", "if (!a) {} else { b() }"),
        ("if (a) { if (b) c() }", "a && b && c();", "if (a && b) { c(); } else {}"),
        ("if (a) return; b(); c();", "if (!a) { b(), c() }"),
        ("let i = 0, s = 'x'; i++; b(s, i)", 'let i = 0x0; let s = "\\x78"; i = i + 1; b(s, i);'),
        ("if (a > 3) b(void 0)", "3 < a && b(undefined)"),
        ("const k = 2 * 30; b(k); /* why */", "b(60); { var unused = 1 } ; if (false) { c(); }"),
        ("for (let i = 0; i < 9; ++i) b(i)", "{ let j = 0; for (; j < 0x9; j = j + 1) { b(j); } }"),
        ("for (; a; ) b()", "while (a) { b() }"),
        ("return [b].map(function (x) { return x.p })", "return [b].map(x => x['p']);"),
        (
            "if (a === 1) return true; else return false",
            "return a === 1",
            "return 1 === a ? !0 : !1",
        ),
        ("b({ a, 'c': `d` })", 'b({ a: a, c: "d" })'),
        ("if (!(a && b)) c(-1 / 0)", "if (!a || !b) c(-Infinity)"),
        ("if (a === 1) return; if (b) return; c()", "if (!(a === 1 || b)) c()"),
        ("async (a) => b", "async a => { return b };\n\n"),
        ("if (a = c, a.p) b()", "a = c; if (a.p) { b() }"),
    ],
)
def test_spellings_have_one_normal_form(spellings: tuple[str, ...]) -> None:
    forms = [body(spelling) for spelling in spellings]
    assert len(set(forms)) == 1, "\n---\n".join(forms)


def test_methods_count_as_standard_by_name_only_where_nobody_runs_the_form() -> None:
    program = augment.parse("export const f = b => b.map(function (x) { return x.p });\n")
    assert "function" in normalize(program)
    assert b"function" not in augment.normalized(program, by_name=True).source


def test_labels_of_nothing_go_where_the_grammar_reads_what_is_left() -> None:
    assert body("if (a) b(); else { l: { 1; } }") == body("if (a) b()")
    assert body("while (a) l: { void 0; }") == body("while (a) {}")
    assert body("c(); l: ;") == body("c()")
    for source in ("if (a) l: {}", "if (a) { l: { if (false) b(); } }"):
        text = normal(f"export function f(a, b) {{ {source} }}")
        assert "l:" in text
        assert normal(text) == text


def test_a_declaration_gives_a_script_no_value() -> None:
    assert normalize(augment.parse("var x = (5, 6);", source_type="script")) == "var x = (5, 6);\n"
    assert body("let x = (c, b(), 6); x++; b(x)") == body("b(); let x = (6); x++; b(x)")


def test_what_differs_stays_different() -> None:
    pairs = [
        ("a < b", "a <= b"),
        ("a.b", "a.c"),
        ("a + b", "b + a"),
        ("x => x", "function () { return this }"),
    ]
    for one, other in pairs:
        assert body(f"return {one}") != body(f"return {other}")


def test_normal_form_is_returned_parsed() -> None:
    program = augment.parse("if (a) { b(1 + 1) } else c()", source_type="commonjs")
    found = augment.normalized(program)
    assert found.source.decode() == normalize(program)
    assert found.source_type == program.source_type
    assert augment.normalized(found) is found


def test_numbered_names_come_with_the_offsets_of_tokens() -> None:
    program = augment.parse("  /* é */ const { größe, b: [c] } = x; f(größe)", source_type="module")
    text, offsets = augment.number_names_with_offsets(program)
    assert text == augment.number_names(program)
    assert len(offsets) == len(program.tree.leaves)
    begins = {program.text_of[number]: text.encode()[at:] for number, at in enumerate(offsets)}
    assert begins["const"].startswith(b"const {")
    assert begins["f"].startswith(b"f(v0)")
    assert begins["c"].startswith(b"v1]")


def test_names_are_numbered_around_those_that_must_stay() -> None:
    text = normal("export function f(x) { return v0(x, y => x + y + v2) }", names=True)
    assert (
        text
        == "export function f(v1) {\n  return v0(v1, (v3) => {\n    return v1 + v3 + v2;\n  });\n}\n"
    )


def test_names_of_functions_are_kept_where_asked_for() -> None:
    source = "export function f() { const g = function () { return 1 }; return g; }"
    assert "return () =>" not in normalize(augment.parse(source), level=augment.Semantics.PRESERVED)
    assert "let g" in normalize(
        augment.parse(source), names=True, level=augment.Semantics.PRESERVED
    )
    assert "let" not in normalize(augment.parse(source))


def test_every_canonical_direction_is_applied() -> None:
    table = registry()
    assert sum(item.rule is not None for item in table.values()) >= 25
    assert not any(item.rule is not None and item.simplifies for item in table.values())
    assert all(item.sites is not None for item in table.values() if item.simplifies)
    assert len({rule.__name__ for rule in SIMPLIFICATIONS}) == len(SIMPLIFICATIONS)
