"""Tables of rules: one file a rule, entered by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from augment import Node
from contracode.usage.evidence import Fact
from contracode.usage.expression_types import ExpressionTypes

if TYPE_CHECKING:
    from contracode.usage.rules.context import UsageContext
    from contracode.usage.subjects import Subject

UseRule = Callable[[Node, Node, ExpressionTypes], Iterable[Fact]]
"""From an expression that reads a subject, and its parent, to facts about the subject."""

SourceRule = Callable[["Subject", "UsageContext"], Iterable[Fact]]
"""From a subject to facts about it."""

USES: dict[str, list[UseRule]] = {}
"""Rules about uses, by the type of the parent that they look at."""

SOURCES: list[SourceRule] = []
"""Rules about what a subject is given."""


def on_use(*parents: str) -> Callable[[UseRule], UseRule]:
    """Enter a rule about uses whose parent is of one of these types of syntax."""

    def enter(rule: UseRule) -> UseRule:
        for parent in parents:
            USES.setdefault(parent, []).append(rule)
        return rule

    return enter


def on_source(rule: SourceRule) -> SourceRule:
    """Enter a rule about what a subject is given."""
    SOURCES.append(rule)
    return rule
