"""Convert between `else` branches, early returns and guards."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import (
    declares,
    following,
    in_list,
    is_function_body,
    is_lexical,
    jumps,
    value_shows,
)
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace, replace_run
from augment.rewriting.negation import negated
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Run, statements
from augment.syntax.tree import Node

_WITHOUT_ELSE: Final = statements("if ($test) $yes;\n$rest;")
_WITH_ELSE: Final = statements("if ($test) $yes; else {\n  $rest;\n}")
_GUARD: Final = statements("if ($test) return;\n$rest;")
_UNGUARDED: Final = statements("if ($test) {\n  $rest;\n}")


@transform(
    "convert-early-returns",
    family="branches",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_early_returns(program: Program) -> Iterator[Site]:
    """Write `if (c) return a; else b();` as `if (c) return a; b();`, and back; put guards at the
    end of functions.

    Source: ECMA-262 §14.6, §14.10.
    """
    for node in program.nodes("if_statement"):
        condition, yes, otherwise = (
            node.field("condition"),
            node.field("consequence"),
            node.field("alternative"),
        )
        assert condition is not None
        assert yes is not None
        if value_shows(program, node) or declares(yes):
            continue
        test = unwrap(condition)
        if otherwise is not None:
            rewrite = _without_else(node)
            if rewrite is not None:
                yield rewrite
            continue
        if not in_list(node):
            continue
        behind = following(node)
        if not behind:
            if (
                _ends_function(node)
                and yes.type == "statement_block"
                and yes.named
                and not is_lexical(yes)
            ):
                opposite = negated(program, test, tested=True)
                yield Rewrite((replace(node, _GUARD, test=opposite, rest=Body(yes)),))
            continue
        if not jumps(yes) or any(declares(statement) for statement in behind):
            continue
        run = Run(behind[0], behind[-1])
        with_else = Rewrite(
            (replace_run(node, behind[-1], _WITH_ELSE, test=test, yes=yes, rest=run),)
        )
        if _returns_nothing(yes) and _ends_function(behind[-1]):
            opposite = negated(program, test, tested=True)
            yield (
                with_else,
                Rewrite((replace_run(node, behind[-1], _UNGUARDED, test=opposite, rest=run),)),
            )
        else:
            yield with_else


@convert_early_returns.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `if (c) return a; else b();` as `if (c) return a; b();`, and what a guard guards as a
    branch.
    """
    for node in program.nodes("if_statement"):
        condition, yes = node.field("condition"), node.field("consequence")
        if condition is None or yes is None or value_shows(program, node) or declares(yes):
            continue
        if node.field("alternative") is not None:
            rewrite = _without_else(node)
            if rewrite is not None:
                yield rewrite
            continue
        behind = following(node) if in_list(node) and _returns_nothing(yes) else []
        if (
            behind
            and _ends_function(behind[-1])
            and not any(declares(statement) for statement in behind)
        ):
            opposite = negated(program, unwrap(condition), tested=True)
            run = Run(behind[0], behind[-1])
            yield Rewrite((replace_run(node, behind[-1], _UNGUARDED, test=opposite, rest=run),))


def _without_else(node: Node) -> Rewrite | None:
    condition, yes, otherwise = (
        node.field("condition"),
        node.field("consequence"),
        node.field("alternative"),
    )
    assert condition is not None
    assert yes is not None
    assert otherwise is not None
    no = otherwise.named[0]
    if not jumps(yes) or declares(no) or (no.type == "statement_block" and is_lexical(no)):
        return None
    rest = Body(no) if no.type == "statement_block" else no
    return Rewrite((replace(node, _WITHOUT_ELSE, test=unwrap(condition), yes=yes, rest=rest),))


def _ends_function(statement: Node) -> bool:
    """Whether the function returns when `statement` is done."""
    parent = statement.parent
    return parent is not None and is_function_body(parent) and parent.named[-1] is statement


def _returns_nothing(statement: Node) -> bool:
    if statement.type == "statement_block" and len(statement.named) == 1:
        statement = statement.named[0]
    return statement.type == "return_statement" and not statement.named
