"""Negate the condition of conditional expressions and swap their branches."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import is_negative, negated
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression

_TERNARY: Final = expression("$condition ? $yes : $no")


@transform(
    "invert-ternaries",
    family="logic",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def invert_ternaries(program: Program) -> Iterator[Site]:
    """Write `c ? a : b` as `!c ? b : a`.

    Source: ECMA-262 §13.14.
    """
    for node in program.nodes("ternary_expression"):
        condition, yes, no = node.children[0], node.children[2], node.children[4]
        code = negated(program, condition, tested=True)
        yield Rewrite((replace(node, _TERNARY, condition=code, yes=no, no=yes),))


@invert_ternaries.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `!c ? a : b` as `c ? b : a`, and the negative equalities likewise."""
    for node in program.nodes("ternary_expression"):
        condition, yes, no = node.children[0], node.children[2], node.children[4]
        if is_negative(unwrap(condition)):
            code = negated(program, condition, tested=True)
            yield Rewrite((replace(node, _TERNARY, condition=code, yes=no, no=yes),))
