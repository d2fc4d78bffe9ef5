"""Evidence about a subject: findings, limits and needs, each with a reason in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

ANY_KIND = frozenset(
    {"array", "bigint", "boolean", "function", "nothing", "number", "object", "string", "symbol"}
)


class Finding(NamedTuple):
    """A type that the code suggests.

    Attributes:
        type: type as text, possibly with tags; see `type_text`.
        rule: name of the rule that found it.
        reason: the reason in words that complete a sentence "it is ...": "called with a string".
    """

    type: str
    rule: str
    reason: str


class Limit(NamedTuple):
    """The kinds of values that a use allows.

    Attributes:
        kinds: kinds of values as `type_text.kind` names them.
        reason: the reason in words.
    """

    kinds: frozenset[str]
    reason: str


class Need(NamedTuple):
    """A member that the subject must have.

    Attributes:
        name: name of the member.
        called: it is called.
        written: it is assigned to, so that the declared type may lack it.
        arguments: maximum number of arguments of its calls.
    """

    name: str
    called: bool = False
    written: bool = False
    arguments: int = 0


class Probe(NamedTuple):
    """A member whose presence the code tests before using it, so that the subject may lack it."""

    name: str


Fact = Finding | Limit | Need | Probe


@dataclass(slots=True)
class Evidence:
    """All facts about one subject.

    Attributes:
        findings: types that the code suggests.
        limits: kinds of values that its uses allow.
        members: used members by name.
        probes: members whose presence is tested.
        conditions: number of uses as a condition.
        others: number of all other uses.
        nullable: it is compared with `null` or `undefined`, or assigned one of them.
        guarded: its type is tested, so that uses after the test do not apply to other types.
        optional: a call omits the argument.
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
        """Add a fact."""
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
        """The kinds of values that the subject can have."""
        if self.guarded:
            return ANY_KIND
        kinds = ANY_KIND
        for limit in self.limits:
            kinds &= limit.kinds
        return kinds or ANY_KIND  # limits that exclude each other come from different branches
