"""Convert between logical operators and conditional expressions."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_tested
from augment.analysis.effects import unwrap
from augment.analysis.reads import reads_quietly
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.negation import is_negation
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, expression
from augment.syntax.tree import Node

_TERNARIES: Final = {
    "&&": expression("$name ? $other : $again"),
    "||": expression("$name ? $again : $other"),
    "??": expression("$name !== null && $again !== void 0 ? $third : $other"),
}
_AND: Final = expression("$left && $right")
_OR: Final = expression("$left || $right")
_AND_NOT: Final = expression("!$left && $right")
_OR_NOT: Final = expression("!$left || $right")
_TRUTH: Final = expression("$value ? true : false")
_FALSEHOOD: Final = expression("$value ? false : true")
_TWICE: Final = expression("!!$value")
_ONCE: Final = expression("!$value")


@transform(
    "convert-short-circuits",
    family="logic",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.12,
    strength=0.4,
)
def convert_short_circuits(program: Program) -> Iterator[Site]:
    """Write `a && b` as `a ? b : a`, `!!a` as `a ? true : false`, and back.

    An operand that is read twice must be a variable whose reading cannot be noticed.

    Source: ECMA-262 §13.13, §13.14.
    """
    for node in program.nodes("binary_expression", "unary_expression", "ternary_expression"):
        if node.type == "ternary_expression":
            rewrite = _logical(program, node)
        elif node.type == "unary_expression":
            inner = unwrap(node.children[1])
            rewrite = None
            if is_negation(node) and is_negation(inner):
                rewrite = Rewrite((replace(node, _TRUTH, value=unwrap(inner.children[1])),))
        else:
            rewrite = _conditional(program, node)
        if rewrite is not None:
            yield rewrite


def _conditional(program: Program, node: Node) -> Rewrite | None:
    operator = node.children[1].type
    name = unwrap(node.children[0])
    if operator not in _TERNARIES or not reads_quietly(program, name):
        return None
    binding = program.scopes.of_node[name.index]
    other = unwrap(node.children[2])
    fills: dict[str, Fill] = {"name": name, "again": binding, "other": other}
    if operator == "??":
        fills["third"] = binding
    return Rewrite((replace(node, _TERNARIES[operator], **fills),))


def _logical(program: Program, node: Node) -> Rewrite | None:
    """Return the rewrite of `condition ? yes : no` without a conditional, if there is one."""
    condition, yes, no = (
        unwrap(node.children[0]),
        unwrap(node.children[2]),
        unwrap(node.children[4]),
    )
    if (yes.type, no.type) == ("true", "false"):
        return Rewrite((replace(node, _TWICE, value=condition),))
    if (yes.type, no.type) == ("false", "true"):
        return Rewrite((replace(node, _ONCE, value=condition),))
    # of the two uses the branch is kept: the condition may be rewritten where it is only tested
    if _same(program, condition, no):
        return Rewrite((replace(node, _AND, left=no, right=yes),))
    if _same(program, condition, yes):
        return Rewrite((replace(node, _OR, left=yes, right=no),))
    if not is_tested(node):
        return None
    if no.type == "false":
        return Rewrite((replace(node, _AND, left=condition, right=yes),))
    if yes.type == "true":
        return Rewrite((replace(node, _OR, left=condition, right=no),))
    if yes.type == "false":
        return Rewrite((replace(node, _AND_NOT, left=condition, right=no),))
    if no.type == "true":
        return Rewrite((replace(node, _OR_NOT, left=condition, right=yes),))
    return None


def _same(program: Program, condition: Node, branch: Node) -> bool:
    """Whether both are the same quiet variable."""
    if (
        condition.type != "identifier"
        or branch.type != "identifier"
        or not reads_quietly(program, condition)
    ):
        return False
    return program.scopes.of_node.get(branch.index) is program.scopes.of_node[condition.index]


@convert_short_circuits.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `a ? b : a` as `a && b`, `a ? true : false` as `!!a`."""
    for node in program.nodes("ternary_expression"):
        rewrite = _logical(program, node)
        if rewrite is not None:
            yield rewrite
