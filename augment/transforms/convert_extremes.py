"""Convert between `Math.max` and conditional expressions."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.plain_data import calls_global, method_call
from augment.analysis.reads import known_binding
from augment.analysis.value_kinds import NUMBER, kinds
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Fill, expression
from augment.syntax.tree import Node

_CHOICES: Final = {
    "max": expression("$a0 > $b0 ? $a1 : $b1"),
    "min": expression("$a0 < $b0 ? $a1 : $b1"),
}
_CALLS: Final = {"max": expression("Math.max($a, $b)"), "min": expression("Math.min($a, $b)")}
_ABOVE: Final = frozenset({">", ">="})
_BELOW: Final = frozenset({"<", "<="})


@transform(
    "convert-extremes",
    family="extremes",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.6,
)
def convert_extremes(program: Program) -> Iterator[Site]:
    """Write `Math.max(a, b)` as `a > b ? a : b`, and back; likewise `Math.min`.

    One of the two is known to be a number, so that no strings are compared. NaN and -0 differ.

    Source: ECMA-262 §21.3.2.24, §21.3.2.25.
    """
    if "Math" in {binding.name for binding in program.scopes.bindings}:
        return
    for node in program.nodes("call_expression"):
        call = method_call(program, node)
        if call is None or len(call.arguments) != 2:
            continue
        for name, template in _CHOICES.items():
            if calls_global(program, call, "Math", name):
                one, other = (_copied(program, argument) for argument in call.arguments)
                if one is not None and other is not None:
                    fills: dict[str, Fill] = {"a0": one, "a1": one, "b0": other, "b1": other}
                    yield Rewrite((replace(node, template, **fills),), level=Semantics.PLAIN_DATA)
    for node in program.nodes("ternary_expression"):
        rewrite = _called(program, node)
        if rewrite is not None:
            yield rewrite


def _copied(program: Program, node: Node) -> Fill | None:
    """Return a fill that can stand twice: a variable or a number."""
    node = unwrap(node)
    if node.type == "identifier":
        return known_binding(program, node)
    return program.text(node) if node.type == "number" else None


def _called(program: Program, node: Node) -> Rewrite | None:
    test = unwrap(node.children[0])
    if test.type != "binary_expression":
        return None
    yes, no = unwrap(node.children[2]), unwrap(node.children[4])
    left, operator, right = (
        unwrap(test.children[0]),
        test.children[1].type,
        unwrap(test.children[2]),
    )
    if operator in _ABOVE:
        name, opposite = "max", "min"
    elif operator in _BELOW:
        name, opposite = "min", "max"
    else:
        return None
    if _same(program, left, no) and _same(program, right, yes):
        name = opposite
    elif not (_same(program, left, yes) and _same(program, right, no)):
        return None
    if kinds(program, left) != NUMBER and kinds(program, right) != NUMBER:
        return None
    return Rewrite((replace(node, _CALLS[name], a=yes, b=no),), level=Semantics.PLAIN_DATA)


def _same(program: Program, one: Node, other: Node) -> bool:
    """Whether two nodes are one variable or one number."""
    if one.type != other.type:
        return False
    if one.type == "identifier":
        binding = known_binding(program, one)
        return binding is not None and known_binding(program, other) is binding
    return one.type == "number" and program.text(one) == program.text(other)
