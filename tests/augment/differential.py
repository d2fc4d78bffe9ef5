"""Differential runs: a generated program and its rewrites answer the same in V8."""

from __future__ import annotations

from functools import cache

import augment
from augment import ParseError, Pipeline, View
from augment.checking.minimize import minimize
from tests.augment.generated import generate
from tests.v8 import run_calls

CALLS = ("main()",)


@cache
def answers(seed: int) -> list[str]:
    """Return what the program of `seed` answers."""
    return run_calls(generate(seed), CALLS)


def disagreement(
    source: str, pipeline: Pipeline, seed: int, expected: list[str] | None = None
) -> tuple[View, str]:
    """Rewrite `source` and return the view, and "" or how its answers differ."""
    view = pipeline.view(augment.parse(source), seed)
    if view.text == source:
        return view, ""
    before = run_calls(source, CALLS) if expected is None else expected
    after = run_calls(view.text, CALLS)
    return view, "" if before == after else f"{before} became {after}"


def minimized(source: str, pipeline: Pipeline, seed: int) -> str:
    """Return the smallest program found for which the rewrite still changes what runs without a
    syntax error.
    """

    def fails(text: str) -> bool:
        try:
            if "main" not in text or run_calls(text, CALLS)[0].startswith("loading"):
                return False
            return bool(disagreement(text, pipeline, seed)[1])
        except ParseError:
            return False

    return minimize(source, fails)
