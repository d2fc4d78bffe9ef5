"""Write compound assignments and increments in full, and back."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_unused
from augment.analysis.effects import unwrap
from augment.analysis.reads import known_binding
from augment.analysis.value_kinds import BOOLEAN, NULL, NUMBER, UNDEFINED, kinds
from augment.program.program import Program
from augment.program.scope import Binding
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression
from augment.syntax.tree import Node

_ARITHMETIC: Final = ("+", "-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^")
_FULL: Final = {
    f"{operator}=": expression(f"$name = $old {operator} $value") for operator in _ARITHMETIC
} | {
    f"{operator}=": expression(f"$old {operator} ($name = $value)")
    for operator in ("&&", "||", "??")
}
_COMPOUND: Final = {operator: expression(f"$name {operator}= $value") for operator in _ARITHMETIC}
_STEP: Final = {"+=": expression("$name++"), "-=": expression("$name--")}
_STEPS: Final = {
    "++": (expression("$name += 1"), expression("$name = $old + 1")),
    "--": (expression("$name -= 1"), expression("$name = $old - 1")),
}


@transform(
    "expand-compound-assignments",
    family="statements",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def expand_compound_assignments(program: Program) -> Iterator[Site]:
    """Write `x += y` as `x = x + y`, `x++` as `x += 1`, and back, for variables.

    An increment keeps a BigInt one and adds to a string as a number; so its forms are only
    exchanged for variables that hold numbers and their like, and `x++` only where its value is not
    read.

    Source: ECMA-262 §13.15.2, §13.4.
    """
    for node in program.nodes(
        "augmented_assignment_expression", "update_expression", "assignment_expression"
    ):
        target = node.field("argument") if node.type == "update_expression" else node.children[0]
        if target is None or target.type != "identifier":
            continue
        binding = known_binding(program, target)
        if binding is None or _inside_with(program, node):
            continue
        if node.type == "update_expression":
            site = _stepped(program, node, target, binding)
        elif node.type == "assignment_expression":
            site = _compound(program, node, binding)
        else:
            site = _full(program, node, binding)
        if site is not None:
            yield site


def _inside_with(program: Program, node: Node) -> bool:
    return any(outer.contains(node) for outer in program.nodes("with_statement"))


def _full(program: Program, node: Node, binding: Binding) -> Rewrite | None:
    target, operator, value = node.children[0], node.children[1].type, node.children[2]
    if (
        operator in _STEP
        and program.text(value) == "1"
        and is_unused(node)
        and _counts(program, target)
    ):
        return Rewrite((replace(node, _STEP[operator], name=target),))
    return Rewrite((replace(node, _FULL[operator], name=target, old=binding, value=unwrap(value)),))


def _compound(program: Program, node: Node, binding: Binding) -> Rewrite | None:
    right = unwrap(node.children[-1])
    if right.type != "binary_expression" or right.children[1].type not in _COMPOUND:
        return None
    left = right.children[0]
    if left.type != "identifier" or program.scopes.of_node.get(left.index) is not binding:
        return None
    operator = right.children[1].type
    return Rewrite(
        (
            replace(
                node, _COMPOUND[operator], name=node.children[0], value=unwrap(right.children[2])
            ),
        )
    )


def _stepped(program: Program, node: Node, target: Node, binding: Binding) -> Site | None:
    prefix = node.children[0] is not target
    if not _counts(program, target) or not (prefix or is_unused(node)):
        return None
    operator = node.children[0].type if prefix else node.children[1].type
    short, full = _STEPS[operator]
    return (
        Rewrite((replace(node, short, name=target),)),
        Rewrite((replace(node, full, name=target, old=binding),)),
    )


def _counts(program: Program, target: Node) -> bool:
    """Whether the variable holds a value to which `++` and `+= 1` do the same."""
    return not kinds(program, target) & ~(UNDEFINED | NULL | BOOLEAN | NUMBER)


@expand_compound_assignments.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `x = x + y` as `x += y`, and `x++` as `x += 1`."""
    for node in program.nodes("update_expression", "assignment_expression"):
        target = node.field("argument") if node.type == "update_expression" else node.children[0]
        binding = (
            known_binding(program, target)
            if target is not None and target.type == "identifier"
            else None
        )
        if target is None or binding is None or _inside_with(program, node):
            continue
        if node.type == "assignment_expression":
            rewrite = _compound(program, node, binding)
            if rewrite is not None:
                yield rewrite
        elif _counts(program, target) and (node.children[0] is not target or is_unused(node)):
            operator = node.children[1 if node.children[0] is target else 0].type
            yield Rewrite((replace(node, _STEPS[operator][0], name=target),))
