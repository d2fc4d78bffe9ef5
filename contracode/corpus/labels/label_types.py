"""Type labels of one parsed TypeScript file, from its annotations and from the compiler."""

from __future__ import annotations

from collections.abc import Mapping

from augment import Node, Program
from contracode.corpus.labels.checker import CheckedFile
from contracode.corpus.labels.labelled_file import (
    IdentifierType,
    Labelling,
    Source,
    TypeCounts,
    TypeLabel,
)
from contracode.javascript.records import Span
from contracode.javascript.typing.strip_types import (
    ANNOTATIONS,
    Stripped,
    remove_annotations,
    strip_types,
)
from contracode.javascript.typing.targets import TypeTarget, find_targets
from contracode.javascript.typing.type_labels import label_of_text, type_label


def label_types(
    program: Program,
    counts: TypeCounts | None = None,
    checked: CheckedFile | None = None,
    *,
    typescript: bool = False,
) -> Labelling:
    """Return a TypeScript program as JavaScript, or without its annotations, with labels of what
    was written or the compiler infers.

    Args:
        program: parsed as "typescript" or "tsx".
        counts: counts what gives no label.
        checked: what the compiler says of it.
        typescript: remove the annotations of what is labelled alone.

    Raises:
        augment.ParseError: it does not parse when its types are removed.
    """
    counts = counts or TypeCounts()
    stripped = remove_annotations(program) if typescript else strip_types(program)
    annotations = {node.span: node for node in program.nodes(*ANNOTATIONS)}
    bodies = {function.node.span: function.body.start for function in program.functions}
    targets = {(target.kind, target.span): target for target in find_targets(stripped.program)}
    labels: list[TypeLabel] = []
    for typed in find_targets(program):
        source: Source = "written" if typed.annotation is not None else "checker"
        if typed.annotation is None and checked is None:
            continue
        label = None
        if typed.annotation is not None:
            label = type_label(program, _type_of(annotations[typed.annotation]))
        if checked is not None:
            inferred = _inferred(typed, bodies, checked)
            if source == "written" and label is not None and inferred not in (None, "any"):
                counts.agreement["the same" if inferred == label else "another"] += 1
            if label is None and inferred is not None:
                label, source = inferred, "checker"
        start, end = typed.span
        target = targets.get(
            (typed.kind, (stripped.to_javascript(start), stripped.to_javascript(end)))
        )
        if label is None:
            counts.unlabelled["has no label"] += 1
        elif target is None:
            counts.unlabelled["not in the JavaScript"] += 1
        elif label == "any" and source == "checker":
            counts.unlabelled["any, of the compiler"] += 1
        else:
            labels.append(_label(target, label, source))
    identifiers = _identifiers(stripped, checked, counts) if checked is not None else []
    return Labelling(stripped.program.source.decode(), labels, identifiers)


def _type_of(annotation: Node) -> Node:
    return annotation.named[0] if annotation.type == "type_annotation" else annotation


def _label(target: TypeTarget, label: str, source: Source) -> TypeLabel:
    return TypeLabel(
        target.kind, target.name, target.span, target.hint_offset, target.occurrences, label, source
    )


def _inferred(typed: TypeTarget, bodies: Mapping[Span, int], checked: CheckedFile) -> str | None:
    """Return the compiler's label for a target of the TypeScript."""
    if typed.kind == "return":
        assert typed.function is not None
        text = checked.returns.get(bodies[typed.function])
    else:
        text = checked.identifiers.get(typed.span)
    return label_of_text(text) if text else None


_NAMES = (
    "identifier",
    "private_property_identifier",
    "property_identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
)


def _identifiers(
    stripped: Stripped, checked: CheckedFile, counts: TypeCounts
) -> list[IdentifierType]:
    """Return the compiler's label for each name of the JavaScript that has one."""
    left = {node.span for node in stripped.program.nodes(*_NAMES)}
    found: list[IdentifierType] = []
    for (start, end), text in sorted(checked.identifiers.items()):
        # By its last byte: behind it something may have been inserted.
        span = (stripped.to_javascript(start), stripped.to_javascript(end - 1) + 1)
        if span not in left or span[1] - span[0] != end - start:
            continue  # a name of a type, gone with it
        label = label_of_text(text) if text else None
        if label is None:
            counts.unlabelled["name has no label"] += 1
        elif label == "any":
            counts.unlabelled["name any, of the compiler"] += 1
        else:
            found.append(IdentifierType(*span, label))
    return found
