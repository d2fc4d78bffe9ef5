"""Convert between forms of loops."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import (
    declares,
    is_labeled,
    is_lexical,
    is_plain_block,
    leaving,
    value_shows,
)
from augment.analysis.purity import closes_over
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import negated
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Fill, Run, statements
from augment.syntax.tree import Node

_FOR: Final = statements("for (; $test; ) $body;")
_FOR_EVER: Final = statements("for (;;) $body;")
_WHILE: Final = statements("while ($test) $body;")
_WHILE_TRUE: Final = statements("while (true) $body;")
_FOR_UPDATE: Final = statements("for (; $test; $update) {\n  $rest;\n}")
_FOR_ONLY_UPDATE: Final = statements("for (; $test; $update) ;")
_DO_FOR: Final = statements("for (;;) {\n  $body;\n  if ($stop) break;\n}")
_DO_WHILE_TRUE: Final = statements("while (true) {\n  $body;\n  if ($stop) break;\n}")


@transform(
    "convert-loops",
    family="loops",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_loops(program: Program) -> Iterator[Site]:
    """Write `for (i = 0; i < n; i++) f();` as `i = 0; while (i < n) { f(); i++; }`, and between
    `for`, `while` and `do`.

    Source: ECMA-262 §14.7.
    """
    for node in program.nodes("for_statement", "while_statement", "do_statement"):
        body = node.field("body")
        if body is None or is_labeled(node) or declares(body):
            continue
        if node.type == "for_statement":
            rewrite = _from_for(program, node, body)
            if rewrite is not None:
                yield rewrite
        elif node.type == "while_statement":
            yield _from_while(program, node, body)
        else:
            yield _from_do(program, node, body)


def _from_while(program: Program, node: Node, body: Node) -> tuple[Rewrite, ...]:
    condition = node.field("condition")
    assert condition is not None
    test = unwrap(condition)
    last = body.named[-1] if is_plain_block(body) and body.named else None
    plain = (
        replace(node, _FOR_EVER, body=body)
        if test.type == "true"
        else replace(node, _FOR, test=test, body=body)
    )
    if (
        last is None
        or last.type != "expression_statement"
        or value_shows(program, node)
        or leaving(program, body, "continue_statement")
    ):
        return (Rewrite((plain,)),)
    if last is body.named[0]:
        stepped = replace(node, _FOR_ONLY_UPDATE, test=test, update=last.named[0])
    else:
        rest = Run(body.named[0], body.named[-2])
        stepped = replace(node, _FOR_UPDATE, test=test, update=last.named[0], rest=rest)
    return (Rewrite((plain,)), Rewrite((stepped,)))


def _from_do(program: Program, node: Node, body: Node) -> tuple[Rewrite, ...]:
    condition = node.field("condition")
    assert condition is not None
    if value_shows(program, node) or leaving(program, body, "continue_statement"):
        return ()
    stop = negated(program, unwrap(condition), tested=True)
    forms = (_DO_FOR, _DO_WHILE_TRUE)
    return tuple(
        Rewrite((replace(node, template, body=_inner(body), stop=stop),)) for template in forms
    )


def _from_for(program: Program, node: Node, body: Node) -> Rewrite | None:
    start, test, update = (
        node.field("initializer"),
        node.field("condition"),
        node.field("increment"),
    )
    assert start is not None
    if start.type == "using_declaration":
        return None  # what it holds is disposed of at the end of the loop
    if test is not None and not test.is_named:
        test = None
    if test is not None and test.type == "empty_statement":
        test = None
    if start.type == "empty_statement" and update is None:
        if test is None:
            return Rewrite((replace(node, _WHILE_TRUE, body=body),))
        return Rewrite((replace(node, _WHILE, test=unwrap(test), body=body),))
    if value_shows(program, node) or (
        update is not None and leaving(program, body, "continue_statement")
    ):
        return None
    fills: dict[str, Fill] = {"body": _inner(body)}
    source = (
        f"while ({'true' if test is None else '$test'}) "
        f"{{\n  $body;{'' if update is None else f'{chr(10)}  $update;'}\n}}"
    )
    if test is not None:
        fills["test"] = unwrap(test)
    if update is not None:
        fills["update"] = update
    if start.type != "empty_statement":
        fills["start"] = start
        source = f"$start;\n{source}"
        if start.type == "lexical_declaration":
            if closes_over(program, node):
                return None
            source = "{\n  " + source.replace("\n", "\n  ") + "\n}"
    return Rewrite((replace(node, statements(source), **fills),))


def _inner(body: Node) -> Node | Body:
    """Return what stands for `body` inside a larger block: names that it declares stay its own."""
    return Body(body) if body.type == "statement_block" and not is_lexical(body) else body


@convert_loops.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `for (; c; ) f();` as `while (c) f();`."""
    for node in program.nodes("for_statement"):
        body, start = node.field("body"), node.field("initializer")
        if (
            body is None
            or start is None
            or start.type != "empty_statement"
            or node.field("increment") is not None
        ):
            continue
        rewrite = None if is_labeled(node) or declares(body) else _from_for(program, node, body)
        if rewrite is not None:
            yield rewrite
