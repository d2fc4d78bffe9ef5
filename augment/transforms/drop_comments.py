"""Drop all comments."""

from collections.abc import Iterator

from augment.edits import Rewrite, Semantics
from augment.program import Program
from augment.registry import Site, transform


@transform("drop-comments", phase="layout", level=Semantics.PRESERVED, probability=0.5)
def drop_comments(program: Program) -> Iterator[Site]:
    """Remove comments; line breaks that end a statement stay.

    Source: ContraCode §4.1 (comments are dropped by its reformatting).
    """
    if program.comments:
        yield Rewrite(style={"comments": "drop"})
