"""Write the body of an arrow function as an expression or as a block."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.effects import unwrap
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import expression, function_body

_BLOCK: Final = function_body("{ return $value; }")
_EXPRESSION: Final = expression("$value")


@transform(
    "convert-arrow-bodies",
    family="functions",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.15,
    strength=0.5,
)
def convert_arrow_bodies(program: Program) -> Iterator[Site]:
    """Write `x => y` as `x => { return y; }`, and back.

    Source: ECMA-262 §15.3.3.
    """
    for node in program.nodes("arrow_function"):
        body = node.field("body")
        assert body is not None
        stays = frozenset({("arrow", node.index)})
        if body.type != "statement_block":
            yield Rewrite((replace(body, _BLOCK, value=unwrap(body)),), needs=stays)
            continue
        statements = body.named
        if (
            len(statements) == 1
            and statements[0].type == "return_statement"
            and statements[0].named
        ):
            yield Rewrite(
                (replace(body, _EXPRESSION, value=unwrap(statements[0].named[0])),), needs=stays
            )


@convert_arrow_bodies.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `x => y` as `x => { return y; }`."""
    for node in program.nodes("arrow_function"):
        body = node.field("body")
        assert body is not None
        if body.type != "statement_block":
            yield Rewrite(
                (replace(body, _BLOCK, value=unwrap(body)),),
                needs=frozenset({("arrow", node.index)}),
            )
