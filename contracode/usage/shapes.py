"""Object types from the members that are used: `{ host: string, port: number }`."""

from __future__ import annotations

from contracode.usage.evidence import Evidence
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.judging import allowed, judge
from contracode.usage.rules import USES
from contracode.usage.subjects import Subject, outermost
from contracode.usage.type_text import union

MAX_MEMBERS = 4
"""Maximum number of members of a shown object type."""

_OTHERS = ("string", "number", "boolean", "any[]", "Function")

_SURE = 0.7


def shape(subject: Subject, evidence: Evidence, types: ExpressionTypes) -> str | None:
    """Return an object type with the used members of a subject.

    Returns:
        `object` if members are called, too many, or of unknown types; None if the subject may not
        be a plain object.
    """
    names = evidence.members.keys() | evidence.probes
    if evidence.guarded or not names:
        return None
    if any(allowed(other, evidence, types) for other in _OTHERS):
        return None
    if (
        len(names) > MAX_MEMBERS
        or evidence.probes
        or any(one.called for one in evidence.members.values())
    ):
        return "object"
    found = {name: _member_type(subject, name, types) for name in evidence.members}
    if all(type is None for type in found.values()):
        return "object"
    return "{ " + ", ".join(f"{name}: {type or 'any'}" for name, type in found.items()) + " }"


def _member_type(subject: Subject, name: str, types: ExpressionTypes) -> str | None:
    """Return the type that follows from the uses of a member."""
    evidence = Evidence()
    for use in subject.uses:
        member = outermost(use).parent
        property = member.field("property") if member is not None else None
        if member is None or property is None or types.text(property) != name:
            continue
        whole = outermost(member)
        if whole.parent is None:
            continue
        for rule in USES.get(whole.parent.type, ()):
            for fact in rule(whole, whole.parent, types):
                evidence.add(fact)
    verdicts = judge(evidence, types)
    if not verdicts or verdicts[0].confidence < _SURE:
        return None
    type = types.shown(verdicts[0].type)
    return None if "any" in union(type) or type == "object" else type
