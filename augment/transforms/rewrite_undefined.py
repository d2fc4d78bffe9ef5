"""Write `undefined` as `void 0`, and back."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.contexts import is_value
from augment.analysis.reads import is_standard
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression

_VOID: Final = expression("void 0")
_UNDEFINED: Final = expression("undefined")


@transform(
    "rewrite-undefined",
    family="literals",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.7,
)
def rewrite_undefined(program: Program) -> Iterator[Site]:
    """Write `undefined` as `void 0`, and `void` of a number as `undefined`.

    Not in a program that declares a variable of that name, or where `eval` or `with` might bring
    one.

    Source: ECMA-262 §19.1.4 (the global property is not writable), §13.5.2.
    """
    if not is_standard(program, "undefined"):
        return
    for node in program.nodes("undefined", "unary_expression"):
        if not is_value(node):
            continue
        if node.type == "undefined":
            yield Rewrite((replace(node, _VOID),))
        elif node.children[0].type == "void" and node.children[1].type == "number":
            yield Rewrite((replace(node, _UNDEFINED),))


@rewrite_undefined.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `void 0` as `undefined`."""
    if is_standard(program, "undefined"):
        for node in program.nodes("unary_expression"):
            if (
                is_value(node)
                and node.children[0].type == "void"
                and node.children[1].type == "number"
            ):
                yield Rewrite((replace(node, _UNDEFINED),))
