"""What code shows of a subject: findings, limits and needs, each with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

ANY_KIND = frozenset(
    {"array", "bigint", "boolean", "function", "nothing", "number", "object", "string", "symbol"}
)


class Finding(NamedTuple):
    """A type that the code speaks for.

    Attributes:
        type: as `type_text` has types, tags included.
        rule: name of the rule that found it.
        reason: why, in words that end a sentence "it is ...": "called with a string".
    """

    type: str
    rule: str
    reason: str


class Limit(NamedTuple):
    """What the subject can be at all.

    Attributes:
        kinds: of values, as `type_text.kind` names them.
        reason: why, in words.
    """

    kinds: frozenset[str]
    reason: str


class Need(NamedTuple):
    """A member that the subject has.

    Attributes:
        name: of the member.
        called: it is called.
        written: it is assigned to, so that no declared type must have it.
        arguments: of the call with most of them.
    """

    name: str
    called: bool = False
    written: bool = False
    arguments: int = 0


class Probe(NamedTuple):
    """A member that the code asks for before it uses it: the subject may lack it."""

    name: str


Fact = Finding | Limit | Need | Probe


@dataclass(slots=True)
class Evidence:
    """All facts about one subject.

    Attributes:
        findings: what speaks for a type.
        limits: what the subject can be.
        members: members that are used, by name.
        probes: members that are asked for first.
        conditions: places where only its truth is asked.
        others: places where it is used in any other way.
        nullable: it is compared with or given `null` or `undefined`.
        guarded: its type is tested, so that uses behind the test say nothing of others.
        optional: a call leaves the argument out.
    """

    findings: list[Finding] = field(default_factory=list[Finding])
    limits: list[Limit] = field(default_factory=list[Limit])
    members: dict[str, Need] = field(default_factory=dict[str, Need])
    probes: set[str] = field(default_factory=set[str])
    conditions: int = 0
    others: int = 0
    nullable: bool = False
    guarded: bool = False
    optional: bool = False

    def add(self, fact: Fact) -> None:
        """Take one fact in."""
        if isinstance(fact, Finding):
            self.findings.append(fact)
        elif isinstance(fact, Limit):
            self.limits.append(fact)
        elif isinstance(fact, Probe):
            self.probes.add(fact.name)
        else:
            known = self.members.get(fact.name, fact)
            self.members[fact.name] = Need(
                fact.name,
                known.called or fact.called,
                known.written and fact.written,
                max(known.arguments, fact.arguments),
            )

    @property
    def needs(self) -> dict[str, Need]:
        """The members that the subject must have."""
        if not self.probes:
            return self.members
        return {name: need for name, need in self.members.items() if name not in self.probes}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of values that the subject can be."""
        if self.guarded:
            return ANY_KIND
        kinds = ANY_KIND
        for limit in self.limits:
            kinds &= limit.kinds
        return kinds or ANY_KIND  # limits that exclude each other are of different uses
