"""Put statements in a block of their own, or take them out of it."""

from collections.abc import Iterator

from augment.edits import Rewrite, Semantics, replace, replace_run
from augment.flow import declares, is_directive_like, is_plain_block, lists
from augment.program import Program
from augment.registry import Draw, transform
from augment.templates import Body, Run, statements

_WRAPPED = statements("{\n  $run;\n}")
_BARE = statements("$body;")


@transform("wrap-blocks", phase="structure", level=Semantics.PRESERVED, probability=0.2, strength=0.3)
def wrap_blocks(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Write `a(); b();` as `{ a(); b(); }`, and back, where no names are declared that end with the block.

    Source: ECMA-262 §14.2.
    """
    for _, statements_of_list in lists(program):
        number = 0
        while number < len(statements_of_list):
            first = statements_of_list[number]
            number += 1
            if first.type == "statement_block":
                if is_plain_block(first) and not (first.named and is_directive_like(first.named[0])) and draw.site():
                    yield Rewrite((replace(first, _BARE, body=Body(first)),))
                continue
            if declares(first) or not draw.site():
                continue
            last = first
            for other in statements_of_list[number : number + draw.randrange(3)]:
                if declares(other):
                    break
                last = other
                number += 1
            yield Rewrite((replace_run(first, last, _WRAPPED, run=first if last is first else Run(first, last)),))
