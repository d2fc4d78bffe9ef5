"""Apply De Morgan's laws."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_tested
from augment.analysis.effects import unwrap
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import is_negation, negated
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.tree import Node

_SPREAD: Final = {"&&": expression("$left || $right"), "||": expression("$left && $right")}
_GATHERED: Final = {"&&": expression("!($left || $right)"), "||": expression("!($left && $right)")}


@transform(
    "apply-de-morgan",
    family="logic",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def apply_de_morgan(program: Program) -> Iterator[Site]:
    """Write `!(a && b)` as `!a || !b`, and back; likewise for `||`.

    A negation or comparison is a boolean whatever its parts are, so both forms have the same value
    everywhere.

    Source: ECMA-262 §13.13, §13.5.7.
    """
    for node in program.nodes("unary_expression", "binary_expression"):
        if is_negation(node):
            rewrite = _spread(program, node)
            if rewrite is not None:
                yield rewrite
            continue
        if node.type != "binary_expression" or node.children[1].type not in _GATHERED:
            continue
        left, right = unwrap(node.children[0]), unwrap(node.children[2])
        if not (_has_opposite(left) and _has_opposite(right)):
            continue
        code = {"left": negated(program, left, True), "right": negated(program, right, True)}
        yield Rewrite((replace(node, _GATHERED[node.children[1].type], **code),))


def _has_opposite(node: Node) -> bool:
    """Whether the negation of `node` is written without another `!`."""
    return is_negation(node) or (
        node.type == "binary_expression" and node.children[1].type in _EQUALITIES
    )


_EQUALITIES: Final = frozenset({"===", "!==", "==", "!="})


@apply_de_morgan.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `!(a && b)` as `!a || !b`."""
    for node in program.nodes("unary_expression"):
        rewrite = _spread(program, node) if is_negation(node) else None
        if rewrite is not None:
            yield rewrite


def _spread(program: Program, node: Node) -> Rewrite | None:
    inner = unwrap(node.children[1])
    operator = inner.children[1].type if inner.type == "binary_expression" else ""
    if operator not in _SPREAD:
        return None
    tested = is_tested(node)
    code = {
        side: negated(program, inner.children[at], tested)
        for side, at in (("left", 0), ("right", 2))
    }
    return Rewrite((replace(node, _SPREAD[operator], **code),))
