"""Drop some statements: a lossy view."""

from collections.abc import Iterator
from typing import Final

from augment.analysis.flow import lists
from augment.program.program import Program
from augment.rewriting.edits import Rewrite, replace_run
from augment.rewriting.registry import Draw, transform
from augment.rewriting.semantics import Semantics
from augment.rewriting.templates import statements

_NOTHING: Final = statements("")

# Of the views that drop: so many keep one stretch of the longest list of statements only.
_CROP: Final = 0.3


@transform(
    "subsample-lines",
    family="lossy",
    phase="structure",
    level=Semantics.CHANGED,
    probability=0.3,
    strength=0.1,
)
def subsample_lines(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Drop statements, or all but a stretch of them. What is left parses, but does something else.

    Source: ContraCode §4.1 (line subsampling; the paper keeps each line with probability 0.9).
    """
    found = [statements_of_list for _, statements_of_list in lists(program) if statements_of_list]
    if not found:
        return
    if draw.random() < _CROP:
        longest = max(found, key=len)
        size = max(1, round(len(longest) * (1 - draw.strength * draw.random() * 4)))
        start = draw.randrange(0, len(longest) - size + 1)
        for dropped in (longest[:start], longest[start + size :]):
            if dropped:
                yield Rewrite(
                    (replace_run(dropped[0], dropped[-1], _NOTHING),), level=Semantics.CHANGED
                )
        return
    for statements_of_list in found:
        for statement in statements_of_list:
            if draw.site():
                yield Rewrite(
                    (replace_run(statement, statement, _NOTHING),), level=Semantics.CHANGED
                )
