"""Swap the sides of comparisons."""

from collections.abc import Iterator
from typing import Final

from augment.edits import Rewrite, Semantics, replace
from augment.effects import unwrap
from augment.program import Program
from augment.reads import stays_same
from augment.registry import Site, transform
from augment.syntax import Node
from augment.templates import expression
from augment.values import PRIMITIVE, is_constant, kinds

_FLIPPED: Final = {
    "===": expression("$right === $left"),
    "!==": expression("$right !== $left"),
    "==": expression("$right == $left"),
    "!=": expression("$right != $left"),
    "<": expression("$right > $left"),
    ">": expression("$right < $left"),
    "<=": expression("$right >= $left"),
    ">=": expression("$right <= $left"),
}
_STRICT: Final = frozenset({"===", "!=="})
_ORDERED: Final = frozenset({"<", ">", "<=", ">="})


@transform("flip-comparisons", phase="structure", level=Semantics.PRESERVED, probability=0.15, strength=0.5)
def flip_comparisons(program: Program) -> Iterator[Site]:
    """Write `a < b` as `b > a` where nobody can tell which side was evaluated first.

    One side must be a constant, or a variable that the other side cannot change. All comparisons but `===` and `!==` also convert
    their sides in order, so that this side must be a primitive.

    Source: ECMA-262 §13.10.1, §13.11.1, §7.2.12 (LeftFirst).
    """
    for node in program.nodes("binary_expression"):
        operator = node.children[1].type
        template = _FLIPPED.get(operator)
        # In TypeScript a new `<` might open type arguments.
        if template is None or (operator in _ORDERED and program.language != "javascript"):
            continue
        left, right = unwrap(node.children[0]), unwrap(node.children[2])
        if _commutes(program, left, right, operator) or _commutes(program, right, left, operator):
            yield Rewrite((replace(node, template, left=left, right=right),))


def _commutes(program: Program, side: Node, other: Node, operator: str) -> bool:
    """Whether `side` may be evaluated before or after `other` alike."""
    if is_constant(program, side):
        return True
    return stays_same(program, side, other) and (operator in _STRICT or not kinds(program, side) & ~PRIMITIVE)
