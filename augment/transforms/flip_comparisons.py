"""Swap the sides of comparisons."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.reads import stays_same
from augment.analysis.value_kinds import PRIMITIVE, is_constant, kinds
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.tree import Node

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


@transform(
    "flip-comparisons",
    family="logic",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def flip_comparisons(program: Program) -> Iterator[Site]:
    """Write `a < b` as `b > a` where nobody can tell which side was evaluated first.

    One side must be a constant, or a variable that the other side cannot change. All comparisons
    but `===` and `!==` also convert their sides in order, so that this side must be a primitive.

    Source: ECMA-262 §13.10.1, §13.11.1, §7.2.12 (LeftFirst).
    """
    for node in program.nodes("binary_expression"):
        rewrite = _flipped(program, node)
        if rewrite is not None:
            yield rewrite


@flip_comparisons.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `a > b` as `b < a`, and of two sides of an equality the constant, or else the shorter
    one, last.
    """
    for node in program.nodes("binary_expression"):
        left, operator, right = (
            unwrap(node.children[0]),
            node.children[1].type,
            unwrap(node.children[2]),
        )
        if operator in _ORDERED:
            wrong = operator in (">", ">=")
        else:
            wrong = _weight(program, left) < _weight(program, right)
        rewrite = _flipped(program, node) if wrong and operator in _FLIPPED else None
        if rewrite is not None:
            yield rewrite


def _weight(program: Program, side: Node) -> tuple[bool, int]:
    return (not is_constant(program, side), side.last - side.first)


def _flipped(program: Program, node: Node) -> Rewrite | None:
    operator = node.children[1].type
    template = _FLIPPED.get(operator)
    # In TypeScript a new `<` might open type arguments.
    if template is None or (operator in _ORDERED and program.language != "javascript"):
        return None
    left, right = unwrap(node.children[0]), unwrap(node.children[2])
    if _commutes(program, left, right, operator) or _commutes(program, right, left, operator):
        return Rewrite((replace(node, template, left=left, right=right),))
    return None


def _commutes(program: Program, side: Node, other: Node, operator: str) -> bool:
    """Whether `side` may be evaluated before or after `other` alike."""
    if is_constant(program, side):
        return True
    return stays_same(program, side, other) and (
        operator in _STRICT or not kinds(program, side) & ~PRIMITIVE
    )
