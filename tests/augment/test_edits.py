"""Rewrites that meet: runs of statements, edits that keep their whole node, statements that lose
their braces.
"""

import augment
from augment.printing.render import render
from augment.program.program import Program
from augment.rewriting.edits import Edit, Insert, Rewrite, replace, replace_run
from augment.rewriting.plan import Plan
from augment.rewriting.templates import Body, Code, Run, expression, statements

SWAP = statements("$second;\n$first;")
WRAP = statements("{\n  $run;\n}")
BARE = statements("$body;")
BEFORE = statements("before();\n$statement;")


def _plan(program: Program, *edits: Edit) -> tuple[str, list[bool]]:
    plan = Plan(program)
    accepted = [not plan.accept(Rewrite((edit,))) for edit in edits]
    return render(program, plan)[0], accepted


def _swap(first: augment.Node, second: augment.Node) -> Edit:
    return replace_run(first, second, SWAP, first=first, second=second)


def test_runs_nest_but_do_not_cross() -> None:
    program = augment.parse("// top\na();\nb();\nc();\nd();\n")
    a, b, c, d = program.root.named
    text, accepted = _plan(
        program,
        _swap(a, b),
        _swap(b, c),
        replace_run(a, b, WRAP, run=Run(a, b)),
        replace_run(b, c, WRAP, run=Run(b, c)),
        _swap(c, d),
        Insert(program.root, b, Code(statements("never();"))),
        Insert(program.root, c, Code(statements("e();"))),
        Insert(program.root, c, Code(statements("f();"))),
    )
    assert accepted == [True, False, True, False, True, False, True, True]
    assert text == "// top\n{\n  b();\na();\n}\ne();\nf();\nd();\nc();\n"


def test_an_edit_that_writes_no_token_is_not_lost() -> None:
    program = augment.parse("a()\nb()\n")
    a, b = program.root.named
    around = replace(a, BEFORE, statement=a)
    sequence = replace_run(a, b, statements("$x, $y;"), x=a.named[0], y=b.named[0])
    assert _plan(program, around, sequence) == ("before();\na();\nb()\n", [True, False])
    assert _plan(program, sequence, around) == ("a(), b();\n", [True, False])
    inside = replace(a.named[0], expression("c"))
    text = "before();\nc;\nb()\n"
    assert _plan(program, inside, around) == (text, [True, True])
    assert _plan(program, around, inside) == (text, [True, True])


def test_braces_stay_where_what_is_inside_needs_them() -> None:
    def bare(source: str) -> list[str]:
        program = augment.parse(source)
        blocks = program.nodes("statement_block")
        return [_plan(program, replace(block, BARE, body=Body(block)))[0] for block in blocks]

    assert bare("if (a) { b; }") == ["if (a) b;"]
    assert bare("if (a) { b; c; }") == ["if (a) { b; c; }"]
    assert bare("if (a) { let b; }") == ["if (a) { let b; }"]
    assert bare("if (a) { if (b) c; } else d;") == ["if (a) { if (b) c; } else d;"]
    assert bare("if (a) for (;;) { if (b) c; } else d;") == [
        "if (a) for (;;) { if (b) c; } else d;"
    ]
    assert bare("if (a) if (b) c; else { while (d) if (e) f; } else g;") == [
        "if (a) if (b) c; else { while (d) if (e) f; } else g;"
    ]
    assert bare("if (a) if (b) c; else { while (d) if (e) f; }") == [
        "if (a) if (b) c; else while (d) if (e) f;"
    ]
    program = augment.parse("if (a) { b; }")
    block = program.nodes("statement_block")[0]
    drop = replace(block, BARE, body=Body(block))
    insert = Insert(block, None, Code(statements("let c;")))
    assert _plan(program, drop, insert) == ("if (a) { b; let c; }", [True, True])
