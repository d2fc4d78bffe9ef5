"""Drop the comments that only people read."""

from collections.abc import Iterator

from augment.printing.comments import is_for_tools
from augment.program.program import Program
from augment.rewriting.edits import Rewrite
from augment.rewriting.registry import Site, transform
from augment.rewriting.semantics import Semantics


@transform(
    "drop-comments", family="layout", phase="layout", level=Semantics.PRESERVED, probability=0.5
)
def drop_comments(program: Program) -> Iterator[Site]:
    """Remove comments but those that bundlers, compilers, linters and licence checks read.

    Line breaks that end a statement stay.

    Source: ContraCode §4.1 (comments are dropped by its reformatting).
    """
    if any(not is_for_tools(program.text(comment)) for comment in program.comments):
        yield Rewrite(style={"comments": "tools"})
