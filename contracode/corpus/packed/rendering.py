"""Views rendered ahead: all that the default pipeline does but renaming, which is drawn when a view
is used.
"""

from __future__ import annotations

from functools import cache

import augment
from augment import Program
from augment.rewriting.semantics import Semantics


def render_views(program: Program, *, seed: int, copies: int) -> list[Program]:
    """Return views of a function that differ from each other.

    Args:
        program: the function.
        seed: with it and the text of the function alone all is drawn.
        copies: how many to render.

    Returns:
        First the function as written but for comments and layout, then at most `copies` views of
        the default pipeline, local names as they are; all parsed. What the parser refuses is left
        out.
    """
    written = _as_written().view(program, seed).text
    texts = dict.fromkeys(
        _unrenamed().view(program, seed, copy).text for copy in range(1, copies + 1)
    )
    texts.pop(written, None)
    views = (_parsed(text, program) for text in texts)
    return [_parsed(written, program) or program, *(view for view in views if view is not None)]


def _parsed(text: str, program: Program) -> Program | None:
    """Return a view of a program, parsed; None where the parser refuses it, as it refuses what its
    grammar is known to misread.
    """
    try:
        return augment.parse(text, language=program.language, source_type=program.source_type)
    except augment.ParseError:
        return None


@cache
def _unrenamed() -> augment.Pipeline:
    """The default pipeline without renaming."""
    return augment.Pipeline(
        name
        for name, item in augment.registry().items()
        if item.level <= Semantics.OBSERVABLE and item.phase != "names"
    )


@cache
def _as_written() -> augment.Pipeline:
    return augment.Pipeline(["drop-comments", "reformat"])
