"""Usage inference of one program: evidence about all of its subjects, to a bounded fixpoint."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from augment import Node, Program
from contracode.usage.confidence import PRECISION
from contracode.usage.declared.declarations import Declarations, shipped
from contracode.usage.evidence import Evidence, Finding, Need
from contracode.usage.expression_types import ExpressionTypes
from contracode.usage.judging import Exclusion, Verdict, contradicted, exclusion, judge
from contracode.usage.resolving import resolves
from contracode.usage.rules import SOURCES, USES
from contracode.usage.rules.context import UsageContext
from contracode.usage.rules.uses.member_reads import is_probe
from contracode.usage.shapes import shape
from contracode.usage.subjects import Subject, Subjects, outermost
from contracode.usage.type_text import short, spelled, union

ROUNDS = 3
"""Maximum rounds of the fixpoint: the number of calls and assignments that types flow across."""

SURE = 0.65
"""Minimum confidence of a type that is reported as evident."""

KNOWN = 0.55
"""Minimum confidence of a type that flows to the uses of its subject."""


class Usage:
    """Types of a program that follow from its code.

    Args:
        program: the source.
        declarations: declared types; by default the shipped ones.

    Attributes:
        subjects: parameters, variables, fields and returns.
        types: the types of the program's expressions.
    """

    def __init__(self, program: Program, declarations: Declarations | None = None) -> None:
        subjects = Subjects(program)
        self.subjects: Sequence[Subject] = subjects.all
        self.types = ExpressionTypes(program, subjects, declarations or shipped())
        self._context = UsageContext(program, subjects, self.types)
        self._evidence: dict[int, Evidence] = {}
        self._verdicts: dict[int, list[Verdict]] = {}
        self._exclusions: dict[int, Exclusion] = {}
        self._excluded: dict[tuple[str, Exclusion], bool] = {}
        self._run()
        self._share_between_namesakes()

    def _run(self) -> None:
        """Apply all rules until no type changes, at most `ROUNDS` times."""
        types = self.types
        read: dict[int, tuple[set[int], int]] = {}
        for _ in range(ROUNDS):
            recalled = self._context.find_calls()
            started = types.clock
            for subject in self.subjects:
                key = subject.node.index
                around = subject.function.index if subject.function is not None else -1
                if key in read and around not in recalled and types.is_fresh(*read[key]):
                    continue
                types.reads, since = set(), types.clock
                evidence = self._collect(subject)
                verdicts = judge(evidence, types)
                read[key] = types.reads, since
                self._evidence[key], self._verdicts[key] = evidence, verdicts
                best = verdicts[0] if verdicts else None
                is_known = best is not None and best.confidence >= KNOWN
                types.learn(key, best.type if best is not None and is_known else None)
            if types.clock == started:
                break

    def _collect(self, subject: Subject) -> Evidence:
        evidence = Evidence()
        for source in SOURCES:
            for fact in source(subject, self._context):
                evidence.add(fact)
        for use in subject.uses:
            self._apply_use_rules(use, evidence)
        is_condition = evidence.conditions and not evidence.others and subject.kind != "return"
        if is_condition and not evidence.findings:
            evidence.add(Finding("boolean", "condition", "only used as a condition"))
        if subject.kind == "parameter" and subject.function is not None:
            calls = self._context.call_sites.get(subject.function.index, ())
            evidence.optional = subject.position is not None and any(
                len(call.arguments) <= subject.position for call in calls
            )
        return evidence

    def _apply_use_rules(self, use: Node, evidence: Evidence) -> None:
        whole = outermost(use)
        around = whole.parent
        if around is None:
            return
        if around.type == "unary_expression" and around.children[0].type == "typeof":
            evidence.guarded |= not _is_for_undefined(around, self.types)
        elif around.type == "binary_expression" and around.children[1].type == "instanceof":
            evidence.guarded |= around.children[0] is whole
        elif around.type == "arguments" and _is_guard(around, self.types):
            evidence.guarded = True
        if is_probe(whole, around):
            evidence.conditions += 1
        else:
            evidence.others += 1
        for rule in USES.get(around.type, ()):
            for fact in rule(whole, around, self.types):
                evidence.add(fact)

    def _share_between_namesakes(self) -> None:
        """Give parameters without evidence the type of parameters of the same name in the file."""
        named: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            if subject.kind == "parameter" and len(subject.name) > 1:
                named.setdefault(subject.name, []).append(subject)
        for subjects in named.values():
            best = [self._verdicts[one.node.index][:1] for one in subjects]
            types = {one[0].type for one in best if one and one[0].confidence >= KNOWN}
            if len(types) != 1 or len(subjects) < 2:
                continue
            (type,) = types
            for subject, own in zip(subjects, best, strict=True):
                evidence = self._evidence[subject.node.index]
                if not own:
                    finding = Finding(
                        type, "namesake", f"like `{subject.name}` elsewhere in the file"
                    )
                    evidence.add(finding)
                    self._verdicts[subject.node.index] = judge(evidence, self.types)

    # -- answers

    def verdicts(self, node: int) -> list[Verdict]:
        """Return the ranked types of the subject declared at a node, in TypeScript's syntax."""
        found: list[Verdict] = []
        for one in self._verdicts.get(node, ()):
            type = self.types.shown(one.type)
            if "any" not in union(type):
                module_type = spelled(type) if ":" in type else ""
                is_import = module_type.startswith("import(") or "<import(" in module_type
                found.append(
                    one._replace(type=short(type), import_type=module_type if is_import else "")
                )
        return found

    def evident(self, node: int) -> Verdict | None:
        """Return the type that follows from the code for the subject declared at a node: the best
        verdict if it is certain enough, otherwise an object type with the used members.

        The author may have another name for it.
        """
        evidence = self._evidence.get(node)
        if evidence is None:
            return None
        for verdict in self.verdicts(node)[:1]:
            is_sure = verdict.confidence >= SURE and verdict.type != "null"
            if is_sure and self.resolves(verdict.type):
                return verdict
        found = shape(self._subject_of[node], evidence, self.types)
        if found is None:
            return None
        names = ", ".join(f"`{name}`" for name in list(evidence.members)[:3])
        return Verdict(found, PRECISION["shape"], f"its {names} used", "shape")

    def resolves(self, type: str) -> bool:
        """Whether every name in a type is defined in the program or global."""
        return resolves(type, self.types)

    @cached_property
    def _subject_of(self) -> dict[int, Subject]:
        return {one.node.index: one for one in self.subjects}

    def subject_at(self, span: tuple[int, int], kind: str) -> int | None:
        """Return the node of the subject with this kind and span."""
        return self._at.get((kind, span))

    @cached_property
    def _at(self) -> dict[tuple[str, tuple[int, int]], int]:
        return {(one.kind, one.node.span): one.node.index for one in self.subjects}

    def contradicts(self, node: int, type: str) -> bool:
        """Whether the code excludes a type in TypeScript's syntax."""
        out = self._exclusion(node)
        if out is None:
            return False
        key = (type, out)
        if key not in self._excluded:
            self._excluded[key] = contradicted(type, out, self.types)
        return self._excluded[key]

    def _exclusion(self, node: int) -> Exclusion | None:
        if node not in self._exclusions:
            evidence = self._evidence.get(node)
            if evidence is None:
                return None
            best = self._verdicts[node][0] if self._verdicts.get(node) else None
            self._exclusions[node] = exclusion(evidence, best, self.types)
        return self._exclusions[node]

    def evidence(self, node: int) -> Evidence | None:
        """Return the facts about the subject declared at a node."""
        return self._evidence.get(node)


def _is_for_undefined(typeof: Node, types: ExpressionTypes) -> bool:
    around = typeof.parent
    if around is None or len(around.children) != 3:
        return False
    other = around.children[2] if around.children[0] is typeof else around.children[0]
    return types.text(other)[1:-1] == "undefined"


def _is_guard(arguments: Node, types: ExpressionTypes) -> bool:
    """Whether a call tests the type of its only argument: `Array.isArray(x)`, `isString(x)`."""
    if arguments.parent is None or len(arguments.named) != 1:
        return False
    name = types.text(arguments.parent.children[0]).rpartition(".")[2]
    return name.startswith("is") and name[2:3].isupper()


__all__ = ["Evidence", "Need", "Usage", "Verdict"]
