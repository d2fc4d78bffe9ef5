"""Convert between `indexOf` and `includes`."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.analysis.plain_data import MethodCall, method_call
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Template, expression
from augment.syntax.tree import Node

_INCLUDES: Final = expression("$list.includes($item)")
_EXCLUDES: Final = expression("!$list.includes($item)")
_FOUND: Final = (
    expression("$list.indexOf($item) !== -1"),
    expression("$list.indexOf($item) >= 0"),
    expression("$list.indexOf($item) > -1"),
)
_MISSING: Final = (
    expression("$list.indexOf($item) === -1"),
    expression("$list.indexOf($item) < 0"),
)

# Comparisons of an index with a number, and whether they hold for an item that is there.
_COMPARED: Final = {
    ("!==", "-1"): True,
    ("!=", "-1"): True,
    (">", "-1"): True,
    (">=", "0"): True,
    ("===", "-1"): False,
    ("==", "-1"): False,
    ("<", "0"): False,
}


@transform(
    "convert-membership-tests",
    family="membership",
    phase="structure",
    level=Semantics.PLAIN_DATA,
    probability=0.2,
    strength=0.7,
)
def convert_membership_tests(program: Program) -> Iterator[Site]:
    """Write `a.indexOf(x) !== -1` as `a.includes(x)`, and back.

    Both arrays and strings have the two methods. They differ for NaN and in holes of arrays.

    Source: ECMA-262 §23.1.3.16, §23.1.3.17.
    """
    for node in program.nodes("binary_expression"):
        left, operator, right = node.children
        found = _COMPARED.get((operator.type, program.text(right).replace(" ", "")))
        call = method_call(program, unwrap(left)) if found is not None else None
        if call is not None and _looks_up(program, call, "indexOf"):
            template = _INCLUDES if found else _EXCLUDES
            yield _written(node, call, (template,))[0]
    for node in program.nodes("call_expression"):
        call = method_call(program, node)
        if call is None or not _looks_up(program, call, "includes"):
            continue
        parent = node.parent
        if parent is not None and parent.type == "unary_expression" and parent.has("!"):
            yield _written(parent, call, _MISSING)
        else:
            yield _written(node, call, _FOUND)


def _looks_up(program: Program, call: MethodCall, name: str) -> bool:
    """Whether a call looks for one item in something other than a class of the program."""
    if call.name != name or len(call.arguments) != 1 or call.receiver.type in ("this", "new"):
        return False
    item = unwrap(call.arguments[0])
    return item.type != "identifier" or program.text_of[item.first] != "NaN"


def _written(node: Node, call: MethodCall, templates: tuple[Template, ...]) -> tuple[Rewrite, ...]:
    return tuple(
        Rewrite(
            (replace(node, template, list=call.receiver, item=call.arguments[0]),),
            level=Semantics.PLAIN_DATA,
        )
        for template in templates
    )
