"""Lay the program out in another style."""

from collections.abc import Iterator
from typing import Final

from augment.printing.style import AS_WRITTEN
from augment.program.program import Program
from augment.rewriting.edits import Rewrite
from augment.rewriting.registry import Draw, transform
from augment.rewriting.semantics import Semantics
from augment.syntax import tokens as t

# Compressed to one line, as minifiers print; the other views get a style drawn from what formatters
# and people use.
_COMPRESS: Final = 0.2
_TIGHT: Final[frozenset[int]] = frozenset()


@transform("reformat", family="layout", phase="layout", level=Semantics.PRESERVED, probability=0.35)
def reformat(program: Program, draw: Draw) -> Iterator[Rewrite]:
    """Print in a drawn style: indentation, braces, quotes, semicolons, spacing, line width; or
    compressed to one line.

    Source: ContraCode §4.1 (reformatting, beautification, compression).
    """
    if program.core[0] == program.core[1]:
        return
    if draw.random() < _COMPRESS:
        yield Rewrite(
            style={
                "lines": "one",
                "before": _TIGHT,
                "after": _TIGHT,
                "quote": draw.choice(("", '"', "'")),
            }
        )
        return
    before, after = set(AS_WRITTEN.before), set(AS_WRITTEN.after)
    if draw.random() < 0.3:
        after.add(t.FUNCTION)
    if draw.random() < 0.15:
        after.add(t.NAME)
    if draw.random() < 0.3:
        before.discard(t.OBJECT)
        after.discard(t.OBJECT)
    if draw.random() < 0.1:
        before |= {t.ARRAY}
        after |= {t.ARRAY}
    if draw.random() < 0.1:
        before |= {t.PAREN}
        after |= {t.PAREN}
    if draw.random() < 0.1:
        before.discard(t.OPERATOR)
        after.discard(t.OPERATOR)
    if draw.random() < 0.15:
        after.discard(t.CONTROL)
    if draw.random() < 0.1:
        before.discard(t.BLOCK)
    yield Rewrite(
        style={
            "lines": "lines",
            "indent": draw.choice(("  ", "  ", "    ", "    ", "\t", "   ")),
            "brace": "next" if draw.random() < 0.2 else "same",
            "follow": "next" if draw.random() < 0.25 else "same",
            "semicolons": draw.random() < 0.75,
            "before": frozenset(before),
            "after": frozenset(after),
            "quote": draw.choice(("", '"', "'")),
            "width": draw.choice((0, 60, 80, 100)),
        }
    )
