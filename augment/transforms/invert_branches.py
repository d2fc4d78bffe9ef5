"""Swap the branches of `if` statements."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.flow import declares
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import is_negative, negated
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import statements

_INVERTED: Final = statements("if ($test) $no; else $yes;")


@transform(
    "invert-branches",
    family="branches",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.4,
)
def invert_branches(program: Program) -> Iterator[Site]:
    """Write `if (c) a(); else b();` as `if (!c) b(); else a();`.

    Source: ECMA-262 §14.6.
    """
    for node in program.nodes("if_statement"):
        condition, yes, otherwise = (
            node.field("condition"),
            node.field("consequence"),
            node.field("alternative"),
        )
        if condition is None or yes is None or otherwise is None:
            continue
        no = otherwise.named[0]
        if not declares(yes) and not declares(no):
            test = negated(program, unwrap(condition), tested=True)
            yield Rewrite((replace(node, _INVERTED, test=test, no=no, yes=yes),))


@invert_branches.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `if (!c) a(); else b();` as `if (c) b(); else a();`, and the negative equalities
    likewise.
    """
    for node in program.nodes("if_statement"):
        condition, yes, otherwise = (
            node.field("condition"),
            node.field("consequence"),
            node.field("alternative"),
        )
        if (
            condition is None
            or yes is None
            or otherwise is None
            or not is_negative(unwrap(condition))
        ):
            continue
        no = otherwise.named[0]
        if not declares(yes) and not declares(no):
            test = negated(program, unwrap(condition), tested=True)
            yield Rewrite((replace(node, _INVERTED, test=test, no=no, yes=yes),))
