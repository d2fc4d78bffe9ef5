"""Rules about single uses of a subject."""

from contracode.usage.rules.uses import (
    arguments,
    called,
    comparisons,
    filled,
    indexing,
    iteration,
    member_reads,
    operators,
    regexps,
)

__all__ = [
    "arguments",
    "called",
    "comparisons",
    "filled",
    "indexing",
    "iteration",
    "member_reads",
    "operators",
    "regexps",
]
