"""What holds for every view: determinism, positions, conflicts, layout."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import augment
from augment import Insert, Pipeline, Program, Replace, Rewrite, Semantics, replace, transform
from augment.checking.verify import check, tokens_agree
from augment.printing.render import render
from augment.printing.style import AS_WRITTEN
from augment.rewriting.name_supply import NameSupply
from augment.rewriting.plan import Plan
from augment.rewriting.registry import Site, sometimes
from augment.rewriting.templates import expression, statements
from augment.syntax.tree import SourceType
from tests.augment.cases import all_cases

SOURCES = [case.source for case in all_cases() if case.language == "javascript"]

SCRIPT = """
import augment, sys
program = augment.parse(sys.stdin.read())
for view in augment.Pipeline.everything().views(program, 3, seed=9):
    sys.stdout.write(view.text)
"""


def test_two_processes_with_different_hash_seeds_give_the_same_bytes() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            input="\n".join(SOURCES[:8]).encode(),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0]


def test_views_differ_between_copies_and_seeds() -> None:
    program = augment.parse("function f(value) { const total = value + 1; return total }")
    texts = {view.text for view in Pipeline.everything().views(program, 10)}
    assert len(texts) >= 9
    assert (
        Pipeline.default().view(program, 1, 2).text == Pipeline.default().view(program, 1, 2).text
    )


def test_positions_follow_names_through_renaming_insertion_and_layout() -> None:
    source = "function f(größe, { b, c = 2 }) {\n  // 😀\n  return größe * b + c;\n}"
    program = augment.parse(source)
    for seed in range(20):
        view = Pipeline.everything().view(program, seed)
        text = view.text.encode()
        after = augment.parse(text)
        for binding in program.scopes.bindings[1:]:
            for span in binding.declarations:
                (start, end), *more = view.positions.spans(span)
                assert not more
                new = [
                    b
                    for b in after.scopes.bindings
                    if any(start <= s and e <= end for s, e in b.declarations)
                ]
                assert len(new) == 1, text[start:end]
        assert view.positions.spans((0, len(source.encode()))) != [] or view.applied


def test_a_span_that_is_replaced_is_nowhere() -> None:
    program = augment.parse("x = 1 + 2;")
    view = Pipeline(["fold-constants"], probability=1).view(program)
    assert view.text == "x = 3;"
    assert view.positions.spans((4, 9)) == []
    assert view.positions.spans((0, 1)) == [(0, 1)]


def test_edits_nest_in_kept_parts_and_clash_elsewhere() -> None:
    program = augment.parse("if (a + b) { f(); }")
    plan = Plan(program)
    statement = program.nodes("if_statement")[0]
    condition, block = statement.named[0].named[0], statement.named[1]
    flip = augment.statements("if (!$test) {} else { $body; }")
    assert (
        plan.accept(Rewrite((replace(statement, flip, test=condition, body=augment.Body(block)),)))
        == ""
    )
    call = block.named[0]
    assert (
        plan.accept(Rewrite((Insert(block, call, augment.Code(augment.statements("g();"))),))) == ""
    )
    assert plan.accept(Rewrite((Replace(condition.named[0], "c"),))) == ""
    clash = Rewrite((replace(statement, augment.statements("h();")),))
    assert "writes" in plan.accept(clash)
    assert render(program, plan)[0] == "if (!(c + b)) {} else { g(); f(); }"


@pytest.mark.parametrize(
    ("source", "node", "template", "expected"),
    [
        ("x = a * b;", "a", "$e + 1", "x = (a + 1) * b;"),
        ("x = a.b;", "a", "$e ?? c", "x = (a ?? c).b;"),
        ("a();", "a", "function () {}", "(function () {})();"),
        ("f(a);", "a", "$e, b", "f((a, b));"),
        ("for (var i = a; i; ) ;", "a", "$e in b", "for (var i = (a in b); i; ) ;"),
        ("x = () => a;", "a", "{ e: $e }", "x = () => ({ e: a });"),
        ("x = -a;", "a", "-$e", "x = - -a;"),
        ("x = a ** 2;", "a", "-$e", "x = (-a) ** 2;"),
        ("x = a || b;", "b", "$e ?? c", "x = a || (b ?? c);"),
        ("x = typeof a", "a", "$e, b", "x = typeof (a, b)"),
        ("x = a\n(b)", "b", "$e", "x = a\n(b)"),
        ("new (a)();", "a", "$e()", "new (a())();"),
        ("x = y ? a : b", "a", "$e = 1", "x = y ? a = 1 : b"),
        ("return a", "a", "$e, b", "return a, b"),
    ],
)
def test_the_renderer_adds_parentheses_where_they_are_needed(
    source: str, node: str, template: str, expected: str
) -> None:
    program = augment.parse(source)
    target = next(n for n in program.nodes("identifier") if program.text(n) == node)
    plan = Plan(program)
    code = augment.expression(template)
    fills = {"e": target} if "$e" in template else {}
    assert plan.accept(Rewrite((replace(target, code, **fills),))) == ""
    assert render(program, plan)[0] == expected


def test_a_statement_that_relied_on_a_line_break_gets_its_semicolon() -> None:
    program = augment.parse("a = b\nc()\n")
    call = program.nodes("call_expression")[0]
    plan = Plan(program)
    assert plan.accept(Rewrite((replace(call, augment.expression("[$e]"), e=call),))) == ""
    assert render(program, plan)[0] == "a = b;\n[c()]\n"


styles = st.fixed_dictionaries(
    {
        "lines": st.sampled_from(("keep", "lines", "one")),
        "indent": st.sampled_from(("", "  ", "\t")),
        "brace": st.sampled_from(("same", "next")),
        "follow": st.sampled_from(("same", "next")),
        "semicolons": st.booleans(),
        "before": st.frozensets(st.integers(1, 14)),
        "after": st.frozensets(st.integers(1, 14)),
        "quote": st.sampled_from(("", "'", '"')),
        "width": st.sampled_from((0, 1, 40)),
        "comments": st.sampled_from(("keep", "drop")),
    }
)


@given(st.sampled_from(SOURCES), styles)
@settings(max_examples=300, deadline=None)
def test_any_style_keeps_the_tokens(source: str, style: dict[str, object]) -> None:
    program = augment.parse(source)
    plan = Plan(program)
    plan.style.update(style)
    text, _ = render(program, plan)
    after = augment.parse(text, source_type=program.source_type)
    assert tokens_agree(program, after) == [], text
    comments = [program.text(comment).split() for comment in program.comments]
    kept = [after.text(comment).split() for comment in after.comments]
    assert kept == ([] if style["comments"] == "drop" else comments) or program.source.startswith(
        b"#!"
    )


def test_the_style_as_written_changes_nothing() -> None:
    for source in SOURCES:
        program = augment.parse(source)
        assert render(program, Plan(program))[0] == source
    assert AS_WRITTEN.lines == "keep"


def test_names_of_types_are_no_new_names_in_typescript() -> None:
    program = augment.parse(
        'import * as fs from "fs";\nlet found: fs.Stats;', language="typescript"
    )
    supply = NameSupply(program)
    assert not supply.take("string")
    assert NameSupply(augment.parse("a")).take("string")


def test_a_let_of_its_own_keeps_its_semicolon() -> None:
    program = augment.parse("let;\nf();\n")
    plan = Plan(program)
    plan.style.update(lines="lines", semicolons=False)
    assert render(program, plan)[0] == "let;\nf();\n"


# -- checkers must catch what is wrong


@transform("capture", family="test", phase="names", level=Semantics.PRESERVED, probability=1)
def capture(program: Program) -> Iterator[Rewrite]:
    """Rename every parameter to a name that is taken."""
    for binding in program.scopes.bindings:
        if binding.kind == "parameter":
            yield Rewrite(renames=((binding, "taken"),))


@transform("half", family="test", phase="structure", level=Semantics.PRESERVED, probability=1)
def half(program: Program) -> Iterator[Rewrite]:
    """Rename one use and forget the others."""
    for reference in program.scopes.references:
        if reference.binding is not None:
            yield Rewrite((Replace(reference.node, "forgotten"),))
            return


@transform("unbalance", family="test", phase="structure", level=Semantics.PRESERVED, probability=1)
def unbalance(program: Program) -> Iterator[Rewrite]:
    """Leave a bracket open."""
    yield Rewrite((Replace(program.nodes("identifier")[-1], "(("),))


@pytest.mark.parametrize(("broken", "checker"), [(capture, "scopes"), (unbalance, "parses")])
def test_each_checker_catches_a_transform_that_is_wrong(
    broken: augment.Transform, checker: str
) -> None:
    program = augment.parse(
        "const taken = 1, other = (value, more) => value + taken + more; module.exports = other;"
    )
    view = Pipeline([broken]).view(program)
    assert checker in {problem.checker for problem in check(program, view)}


def test_the_token_checker_catches_lost_and_changed_tokens() -> None:
    program = augment.parse("f(a + b);")
    assert tokens_agree(program, augment.parse("f(a - b);"))
    assert tokens_agree(program, augment.parse("f(a + b, c);"))
    assert tokens_agree(program, augment.parse("f(a+b)")) == []


def test_levels_are_kept() -> None:
    program = augment.parse(
        "(function () { function f() {} const g = () => 1, h = 1; class K {} return [f, g, h, K] "
        "})()"
    )
    kept = Pipeline(
        ["rename-variables"], probability=1, strength=1, level=Semantics.PRESERVED
    ).view(program)
    assert kept.level == Semantics.PRESERVED
    assert len(kept.refused) == 3
    assert (
        Pipeline(["rename-variables"], probability=1, strength=1).view(program).level
        == Semantics.OBSERVABLE
    )


def test_unknown_transforms_are_named() -> None:
    with pytest.raises(ValueError, match="unknown transform 'nope'"):
        Pipeline(["nope"])


def test_rewrites_nest_only_so_deep_as_rendering_can_descend() -> None:
    program = augment.parse("x = " + "a ? b : " * 5000 + "c;")
    plan = Plan(program)
    flip = augment.expression("!$test ? $no : $yes")
    refused = 0
    for node in program.nodes("ternary_expression"):
        test, yes, no = node.named
        refused += bool(plan.accept(Rewrite((replace(node, flip, test=test, no=no, yes=yes),))))
    assert 4000 < refused < 5000
    assert augment.parse(render(program, plan)[0])


@pytest.mark.parametrize(
    "source",
    [
        "",
        "// nothing\n",
        "'use strict';",
        "function f() { 'use strict'; }",
        "function f() { /* nothing */ }",
        "class A { static {} }",
        "({ m() {}, get g() {} });",
        "{}",
        "if (a) {} else {}",
        "for (;;) {}",
        "switch (a) {}",
        "switch (a) { case 1: default: }",
        "try {} finally {}",
        "label: {}",
        "() => {};",
        "export {};",
        ";",
        "a => 'use strict';",
        "async function* f() { ; }",
    ],
)
@pytest.mark.parametrize("source_type", ["script", "module", "commonjs"])
def test_every_transform_takes_what_is_empty(source: str, source_type: SourceType) -> None:
    program = augment.parse(source, source_type=source_type)
    for name in augment.registry():
        view = augment.Pipeline([name], probability=1, strength=1).view(program, 0)
        augment.parse(view.text, source_type=source_type)


@transform("one-of-two", family="test", phase="structure", level=Semantics.PRESERVED, probability=1)
def one_of_two(program: Program) -> Iterator[Site]:
    """A site with two rewrites, one that is made by chance, and one that comes to nothing."""
    one, two, three = program.nodes("number")
    yield Rewrite((replace(one, expression("10")),)), Rewrite((replace(one, expression("20")),))
    yield lambda draw: Rewrite((replace(two, expression(str(draw.randrange(100, 200)))),))
    yield lambda draw: None
    yield ()
    yield sometimes(0.5, Rewrite((replace(three, expression("4")),)))


def test_a_view_draws_among_the_rewrites_of_a_site() -> None:
    program = augment.parse("f(1, 2, 3);")
    views = [view.text for view in Pipeline([one_of_two]).views(program, 200)]
    first, second, third = zip(*(view[2:-2].split(", ") for view in views), strict=True)
    assert set(first) == {"10", "20"}
    assert len(set(second)) > 50
    assert set(third) == {"3", "4"}
    assert views == [
        view.text for view in Pipeline([one_of_two]).views(augment.parse("f(1, 2, 3);"), 200)
    ]


def test_templates_do_not_grow_with_what_stands_in_a_row() -> None:
    """A template for each number of statements would take time and memory by the square of a long
    list.
    """
    before = statements.cache_info().currsize
    source = "".join(
        f"var a{number}; b({number});\nvar c{number}, d{number};\n" for number in range(300)
    )
    Pipeline.everything().view(augment.parse(f"function f() {{ {source * 2} }}"), 0)
    declared = "".join(f"var a{number};\n" for number in range(300))
    Pipeline.everything().view(
        augment.parse(f"function f() {{ {declared} var {', '.join('abcdefg' * 90)}; }}"), 0
    )
    assert statements.cache_info().currsize - before < 100


def test_a_question_mark_does_not_take_the_point_of_a_number() -> None:
    program = augment.parse("a = b() ? 0.8 : 1", language="typescript")
    pipeline = augment.Pipeline(["rewrite-numbers", "reformat"], probability=1)
    texts = [pipeline.view(program, seed).text for seed in range(60)]
    assert any(re.search(r"\? ?\.8", text) for text in texts)
    assert not any("?." in text for text in texts)


def test_a_block_behind_a_call_keeps_the_semicolon_between_them() -> None:
    program = augment.parse("for (;;) { f(); { break; } }")
    pipeline = augment.Pipeline(["reformat"], probability=1)
    views = [pipeline.view(program, seed) for seed in range(60)]
    assert any("break\n" in view.text for view in views)  # a style without semicolons is among them
    assert [problem for view in views for problem in check(program, view)] == []


def test_chains_of_comparisons_of_any_length_and_switches_of_many_cases() -> None:
    tests = " || ".join(f"x === {number}" for number in range(3000))
    chain = augment.parse(
        f"function f(x) {{ if ({tests}) return 1; else if (x === 5000) return 2; return 3; }}"
    )
    pipeline = augment.Pipeline(["convert-switch"], probability=1, strength=1)
    assert pipeline.view(chain).text.count("case") == 3001
    for count, changed in ((200, True), (201, False)):
        cases = " ".join(f"case {number}: f(); break;" for number in range(count))
        program = augment.parse(f"function f(x) {{ switch (x) {{ {cases} }} }}")
        assert (pipeline.view(program).text != program.source.decode()) == changed


def test_without_function_names_variables_are_renamed_all_the_same() -> None:
    program = augment.parse("export function f(first) { const g = () => 1; return first + g(); }")
    pipeline = Pipeline(probability=1, strength=1, level=Semantics.PRESERVED)
    for seed in range(3):
        view = pipeline.view(program, seed)
        assert any(step.transform == "rename-variables" for step in view.applied)
        assert "first" not in view.text
        assert view.level is Semantics.PRESERVED
