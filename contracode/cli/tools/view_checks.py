"""Checks of rewritten programs, for commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from augment import Program, View
    from augment.checking.verify import Problem


def problems_of(program: Program, view: View) -> Iterator[Problem]:
    """Yield what the checkers find wrong with a view.

    Besides the checks of the engine, a view must parse with esprima, an independent parser, if the
    source does. It reads ES2017; other sources are not compared.
    """
    from augment.checking.verify import Problem, check, esprima_reads

    yield from check(program, view)
    kind = program.source_type
    compared = program.language == "javascript" and esprima_reads(program.source.decode(), kind)
    if compared and not esprima_reads(view.text, kind):
        yield Problem("esprima", "the second parser reads the source, but not the variant")
