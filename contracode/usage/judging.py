"""From evidence to ranked types: combination of rules, and types that evidence contradicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from contracode.usage.confidence import CERTAIN, PRECISION
from contracode.usage.evidence import ANY_KIND, Evidence, Finding
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.type_text import bare, generic, join, tag, union

WIDEST = 3
"""Maximum number of members of a union type."""

PROVING = frozenset(
    """assigned callback contract documented jsx jsx-handler loop-key returned returned-from-call
    returned-nothing""".split()
)
"""Rules whose type excludes types of other kinds."""


_UNGUARDED = frozenset(
    """assigned assigned-partly call callback contract default destructured documented error-name
    instanceof loop loop-key namesake returned returned-from-call returned-nothing returned-partly
    typeof""".split()
)
"""Rules that hold even if the code tests the type of the value."""


class Exclusion(NamedTuple):
    """Types that the evidence about a subject excludes.

    Attributes:
        kinds: kinds of values that it can have; others are excluded.
        needs: members that it must have, and whether each is only assigned to.
        proven: kinds of its proven type; empty without one.
    """

    kinds: frozenset[str]
    needs: frozenset[tuple[str, bool]]
    proven: frozenset[str]


class Verdict(NamedTuple):
    """A type that the evidence suggests.

    Attributes:
        type: type as text, possibly with tags; see `type_text`.
        confidence: combined precision of the rules that found it.
        reason: the reason in words.
        rule: the strongest rule.
        import_type: spelling of a type from a module, `import('fs').Stats`.
    """

    type: str
    confidence: float
    reason: str
    rule: str
    import_type: str = ""


def judge(evidence: Evidence, types: ExpressionTypes) -> list[Verdict]:
    """Rank the types that evidence suggests, best first."""
    findings = [*evidence.findings, *_of_members(evidence, types)]
    if not findings:
        return []
    if "string" in evidence.kinds:  # strings can be indexed and iterated too
        findings = [one for one in findings if one.rule not in ("indexed", "iterated")]
    if evidence.guarded:
        findings = [one for one in findings if one.rule in _UNGUARDED]
    else:
        findings = _allowed(findings, evidence, types)
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    candidates: dict[str, list[tuple[str, str]]] = {}
    for rule, some in by_rule.items():
        type = join(one.type for one in some)
        if rule in ("argument", "argument-here", "compared", "compared-with-name", "typeof"):
            counted = Counter(one.type for one in some)
            type = counted.most_common(1)[0][0] if len(counted) > 1 and rule[0] == "a" else type
        if type == "any" or "any" in union(type) or len(union(bare(type))) > WIDEST:
            continue
        candidates.setdefault(type, []).append((rule, _reason(some)))
    candidates = _merge_into_narrower(candidates, types)
    verdicts: list[Verdict] = []
    for type, rules in candidates.items():
        doubt = 1.0
        for rule, _ in rules:
            doubt *= 1 - PRECISION[rule]
        best = max(rules, key=lambda one: (one[0] in CERTAIN, PRECISION[one[0]]))
        verdicts.append(Verdict(type, 1 - doubt, best[1], best[0]))
    verdicts.sort(key=lambda one: -one.confidence)
    return _discount_rivals(verdicts)


def _discount_rivals(verdicts: list[Verdict]) -> list[Verdict]:
    """Reduce the confidence of each type by the share of its rivals."""
    total = sum(one.confidence for one in verdicts)
    if total <= 1 or len(verdicts) < 2:
        return verdicts
    best = verdicts[0].confidence
    return [
        one._replace(
            confidence=one.confidence
            * (
                one.confidence / total
                if one.confidence < best
                else max(one.confidence / total, best - verdicts[1].confidence / 2)
            )
        )
        for one in verdicts
    ]


def _allowed(findings: list[Finding], evidence: Evidence, types: ExpressionTypes) -> list[Finding]:
    """Return the findings of an allowed type; each type is looked at once."""
    verdicts = {type: allowed(type, evidence, types) for type in {one.type for one in findings}}
    return [one for one in findings if verdicts[one.type]]


def _reason(findings: list[Finding]) -> str:
    if len(findings) == 1:
        return findings[0].reason
    counted = Counter(one.reason for one in findings).most_common(2)
    reasons = [f"{reason} in {n} places" if n > 1 else reason for reason, n in counted]
    return ", ".join(reasons)


def _merge_into_narrower(
    candidates: dict[str, list[tuple[str, str]]], types: ExpressionTypes
) -> dict[str, list[tuple[str, str]]]:
    """Move the rules of each general type to the only narrower candidate, if there is one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for type, rules in candidates.items():
        narrower = [one for one in candidates if one != type and _is_narrower(one, type, types)]
        target = narrower[0] if len(narrower) == 1 else type
        found.setdefault(target, []).extend(rules)
    return found


def _is_narrower(narrow: str, wide: str, types: ExpressionTypes) -> bool:
    one, other = bare(narrow), bare(wide)
    if one == other:
        return narrow != one  # `T | null` is more specific than `T`
    kinds = {types.kind(part) for part in union(one)}
    if other == "any[]":
        return kinds == {"array"}
    if other == "object" or tag(other)[0] == "o":
        return kinds == {"object"} and not (tag(one)[0] == "o" or one == "object")
    if other == "Function":
        return kinds == {"function"} and not tag(one)[0]
    return generic(one)[0] == other and bool(generic(one)[1])


def _of_members(evidence: Evidence, types: ExpressionTypes) -> list[Finding]:
    """Return the only declared type, or class of the program, with all members that are read."""
    needs = [need for need in evidence.needs.values() if not need.written]
    if not needs or evidence.guarded:
        return []
    names = frozenset(need.name for need in needs)
    listed = ", ".join(f"`{need.name}`" for need in needs[:3])
    own = _own_classes(names, types)
    if len(own) == 1 and (len(names) > 1 or any(n.called and not n.name.islower() for n in needs)):
        return [Finding(f"#i{own[0]}", "own-members", f"the class with {listed}")]
    some = [
        name
        for name in types.declarations.having(names)
        if types.declarations.group(name) in ("es", "dom")
        and not name.endswith(("Constructor", "Init", "Options", "Params"))
        and all(_is_like(name, need.name, need.called, need.arguments, types) for need in needs)
    ]
    native = [name for name in some if types.declarations.group(name) == "es"]
    if not names & _OF_FUNCTIONS:
        native = [name for name in native if name != "Function"]
    if {"Array", "String"} <= set(native):
        return []
    if "ArrayLike" in native or len(native) > 1:
        native = [name for name in native if name in _COMMON]
    chosen = native if len(native) == 1 else some if len(some) == 1 else []
    if not chosen or (chosen[0] not in _COMMON and not _is_distinctive(names)):
        return []
    if chosen[0] in ("Map", "Set") and len(names) == 1:  # models and caches have `get` too
        return []
    type = _UNBOXED.get(chosen[0], _MIXINS.get(chosen[0], chosen[0]))
    if type.startswith("Canvas") and type in _PARTS_OF_CONTEXT:
        type = "CanvasRenderingContext2D"
    rule = "members-native" if native else "members-dom"
    if names == {"push"}:  # routers, streams and queues have it too
        rule = "pushed"
    return [Finding(type, rule, f"{'its' if len(names) == 1 else ''} {listed} used".strip())]


_COMMON = frozenset({"Array", "Date", "Function", "Map", "Promise", "RegExp", "Set", "String"})

_UNBOXED = {
    "Array": "any[]",
    "Number": "number",
    "Promise": "Promise<any>",
    "String": "string",
}


_MIXINS = {
    "ARIAMixin": "Element",
    "Animatable": "Element",
    "ChildNode": "Element",
    "ElementCSSInlineStyle": "HTMLElement",
    "ElementContentEditable": "HTMLElement",
    "GlobalEventHandlers": "HTMLElement",
    "HTMLOrSVGElement": "HTMLElement",
    "NonDocumentTypeChildNode": "Element",
    "NonElementParentNode": "Document",
    "ParentNode": "Element",
}
"""Mixins of the declarations, which programs do not name, and the first class with each."""

_PARTS_OF_CONTEXT = frozenset(
    f"Canvas{part}"
    for part in """Compositing DrawImage DrawPath FillStrokeStyles Filters ImageData ImageSmoothing
    Path PathDrawingStyles Rect ShadowStyles State Text TextDrawingStyles Transform
    UserInterface""".split()
)

_OF_FUNCTIONS = frozenset({"apply", "bind", "call"})


def _is_distinctive(names: frozenset[str]) -> bool:
    """Whether members identify their type: one has a name of two words."""
    return any(not name.islower() for name in names)


def _is_like(type: str, name: str, called: bool, count: int, types: ExpressionTypes) -> bool:
    found = types.declarations.member(type, name)
    if found is None:
        return True  # a member of all objects
    if called != (found.type is None):
        return False
    if not called:
        return True
    return any(
        len(one) > count or (len(one) > 1 and str(one[-1]).startswith("..."))
        for one in found.signatures
    )


def _own_classes(names: frozenset[str], types: ExpressionTypes) -> list[int]:
    members: dict[int, set[str]] = {}
    for body, name in (*types.subjects.fields, *types.subjects.methods):
        if types.program.tree.nodes[body].type == "class_body":
            members.setdefault(body, set()).add(name)
    return [body for body, some in members.items() if names <= some]


def allowed(type: str, evidence: Evidence, types: ExpressionTypes) -> bool:
    """Whether some member of a union has an allowed kind and the members that are used."""
    if evidence.guarded:
        return True
    kinds, needs = evidence.kinds, _needed(evidence)
    for part in union(type):
        if _kind_fits(types.kind(part), kinds) and not (needs and _lacks_one(part, needs, types)):
            return True
    return False


def _kind_fits(found: str, kinds: frozenset[str]) -> bool:
    return found == "any" or found in kinds


def lacks(part: str, evidence: Evidence, types: ExpressionTypes) -> bool:
    """Whether a type lacks a member of the subject that is used."""
    needs = _needed(evidence)
    return bool(needs) and _lacks_one(part, needs, types)


def _needed(evidence: Evidence) -> frozenset[tuple[str, bool]]:
    """Return the members that a subject needs, and whether they must be settable."""
    return frozenset((one.name, one.written) for one in evidence.needs.values())


def _lacks_one(part: str, needs: Iterable[tuple[str, bool]], types: ExpressionTypes) -> bool:
    if part.startswith("#"):
        return False
    return any(
        types.kind(part) not in _SETTABLE if is_set else _has(part, name, types) is False
        for name, is_set in needs
    )


_SETTABLE = frozenset({"any", "array", "function", "object"})


def _has(part: str, name: str, types: ExpressionTypes) -> bool | None:
    if types.kind(part) == "nothing":
        return False
    head = generic(types.boxed(part))[0]
    if head in _UTILITIES or head in types.own_names or head.startswith("{"):
        return None
    some = [head] if ":" in head else types.declarations.named(head.rpartition(".")[2])
    some = [one for one in some if one in types.declarations]
    if not some:
        return None
    return any(
        types.declarations.has(one, name) or types.declarations.group(one) in _OPEN_GROUPS
        for one in some
    )


_UTILITIES = frozenset(
    {"Object", "Omit", "Partial", "Pick", "Readonly", "Record", "Required", "object"}
)
"""Types whose members are not declared."""


_OPEN_GROUPS = frozenset({"express", "fastify", "jquery", "koa", "react", "mocha"})
"""Libraries whose objects are usually extended by programs."""


def exclusion(evidence: Evidence, best: Verdict | None, types: ExpressionTypes) -> Exclusion:
    """Return the types that the evidence about a subject, with its best verdict, excludes."""
    proven = frozenset[str]()
    if best is not None and best.rule in PROVING and best.confidence >= 0.5:
        proven = frozenset(types.kind(part) for part in union(best.type))
        proven = proven if "any" not in proven else frozenset()
    if evidence.guarded:
        return Exclusion(ANY_KIND, frozenset(), proven)
    needs = frozenset((one.name, one.written) for one in evidence.needs.values())
    return Exclusion(evidence.kinds, needs, proven)


def contradicted(type: str, out: Exclusion, types: ExpressionTypes) -> bool:
    """Whether a type in TypeScript's syntax is excluded."""
    parts = union(type)
    if type in ("any", "unknown", "complex"):
        return False
    if out.kinds != ANY_KIND and not any(_can_be(part, out.kinds, types) for part in parts):
        return True
    if out.needs and all(_lacks_one(part, out.needs, types) for part in parts):
        return True
    return bool(out.proven) and not any(_can_be(part, out.proven, types) for part in parts)


def _can_be(part: str, kinds: frozenset[str], types: ExpressionTypes) -> bool:
    found = types.kind(part)
    if found == "any" or found in kinds:
        return True
    if found == "nothing":
        return False
    # An undeclared name may stand for any type.
    return found == "object" and not types.is_declared(part)
