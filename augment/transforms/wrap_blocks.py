"""Put statements in a block of their own, or take them out of it."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from augment.analysis.flow import declares, is_directive_like, is_plain_block, lists
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace, replace_run
from augment.rewriting.registry import Draw, Site, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import Body, Run, statements
from augment.syntax.tree import Node

_WRAPPED: Final = statements("{\n  $run;\n}")
_BARE: Final = statements("$body;")
# Statements that one new block holds.
_MOST: Final = 3


@transform(
    "wrap-blocks",
    family="statements",
    phase="structure",
    level=Semantics.PRESERVED,
    probability=0.1,
    strength=0.3,
)
def wrap_blocks(program: Program) -> Iterator[Site]:
    """Write `a(); b();` as `{ a(); b(); }`, and back, where no names are declared that end with the
    block.

    Source: ECMA-262 §14.2.
    """
    for _, statements_of_list in lists(program):
        for number, first in enumerate(statements_of_list):
            if first.type == "statement_block":
                if is_plain_block(first) and not (
                    first.named and is_directive_like(first.named[0])
                ):
                    yield Rewrite((replace(first, _BARE, body=Body(first)),))
                continue
            # in a block of its own, the grammar would take a label for the key of an object
            if not declares(first) and first.type != "labeled_statement":
                yield partial(_wrapped, statements_of_list[number : number + _MOST])


def _wrapped(behind: list[Node], draw: Draw) -> Rewrite:
    """Return the rewrite that puts the first of these statements in a block, with some of those
    behind it.
    """
    first = last = behind[0]
    for other in behind[1 : 1 + int(draw.random() * _MOST)]:
        if declares(other):
            break
        last = other
    run = first if last is first else Run(first, last)
    return Rewrite((replace_run(first, last, _WRAPPED, run=run),))


@wrap_blocks.canonical
def canonical(program: Program) -> Iterator[Rewrite]:
    """Write `{ a(); b(); }` as `a(); b();`."""
    for _, statements_of_list in lists(program):
        for first in statements_of_list:
            if is_plain_block(first) and not (first.named and is_directive_like(first.named[0])):
                yield Rewrite((replace(first, _BARE, body=Body(first)),))
