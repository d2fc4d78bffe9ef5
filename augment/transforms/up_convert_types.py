"""Write truth values in other types."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_tested, is_value
from augment.program.program import Program
from augment.rewriting.edits import Replace, Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Code, expression

_NOT: Final = expression("!$number")
_BOOLEANS: Final = {"1": expression("true"), "0": expression("false")}


@transform(
    "up-convert-types",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.6,
)
def up_convert_types(program: Program) -> Iterator[Site]:
    """Write `true` and `false` as `!0` and `!1`, or as `1` and `0` where they are only tested.

    Where only its truth matters `1` also becomes `true`. A comparison is no test: `x === true`
    keeps its type.

    Source: ContraCode §4.1 (type up-conversion); ECMA-262 §7.1.2.
    """
    for node in program.nodes("true", "false", "number"):
        text = program.text_of[node.first]
        if node.type == "number":
            if text in _BOOLEANS and is_tested(node):
                yield Rewrite((Replace(node, Code(_BOOLEANS[text])),))
        elif is_value(node):
            negation = Rewrite(
                (Replace(node, Code(_NOT, {"number": "0" if text == "true" else "1"})),)
            )
            number = Rewrite((Replace(node, "1" if text == "true" else "0"),))
            yield (negation, number) if is_tested(node) else negation


@up_convert_types.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `1` and `0` as `true` and `false` where they are only tested."""
    for node in program.nodes("number"):
        text = program.text_of[node.first]
        if text in _BOOLEANS and is_tested(node):
            yield Rewrite((Replace(node, Code(_BOOLEANS[text])),))
