"""Drawing two views of a function: equivalent texts that differ in more than white space."""

import random
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import augment
from contracode.javascript.syntax_hash import renamed_label

ATTEMPTS = 6
"""Maximum number of views that are rendered to find two that differ in more than white space."""

NEAR = 0.3
"""Share of pairs whose second view keeps names and structure. If both views were always renamed,
the encoder would learn to ignore names, the best evidence of types and purpose.
"""


class PairRefused(ValueError):
    """A function has no pair of views; the message gives the reason."""


class DrawnViews(NamedTuple):
    """Two views of a function.

    Attributes:
        first: source of one view.
        second: source of the other view.
        label: label of the function, equal for functions that are equal up to names of variables.
    """

    first: str
    second: str
    label: int


DrawViews = Callable[[str, int], DrawnViews]
"""Draws views of a source by a seed; raises `PairRefused` if there are none."""


def draw_views(source: str, seed: int) -> DrawnViews:
    """Draw two views of a function.

    Both are drawn by the default pipeline; for a share `NEAR` of the seeds, the second changes only
    layout and comments.

    Raises:
        PairRefused: the source does not parse, or no two of its views differ in more than white
            space.
    """
    program = _parsed(source)
    if not program.tree.leaves:
        raise PairRefused("there is no code")
    pipeline = _pipeline()
    first = pipeline.view(program, seed).text
    if random.Random(f"{seed}/near").random() < NEAR:
        second = _layout_pipeline().view(program, seed, 1).text
        if compact(second) != compact(first):
            return DrawnViews(first, second, renamed_label(program))
    others = (pipeline.view(program, seed, copy).text for copy in range(1, ATTEMPTS))
    second = next((view for view in others if compact(view) != compact(first)), None)
    if second is None:
        raise PairRefused("no two views differ")
    return DrawnViews(first, second, renamed_label(program))


def draw_written(source: str, seed: int) -> str:
    """Draw a new layout of a function. Its code is unchanged, except that comments are dropped.

    Raises:
        PairRefused: the source does not parse.
    """
    return _layout_pipeline().view(_parsed(source), seed).text


def compact(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _parsed(source: str) -> augment.Program:
    try:
        # As CommonJS, so that the function's own name is renamed too. In a script it would be
        # global and stay, and identify both views.
        return augment.parse(source, source_type="commonjs")
    except augment.ParseError as error:
        raise PairRefused(f"does not parse: {error}") from None


@cache
def _pipeline() -> augment.Pipeline:
    return augment.Pipeline.default()


@cache
def _layout_pipeline() -> augment.Pipeline:
    return augment.Pipeline(["drop-comments", "reformat"])
