"""Labelled files: TypeScript files as code without types, with the types as labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import msgspec

from augment import Language
from contracode.javascript.records import Kind, Span

Spelling = Literal["javascript", "typescript", "both"]
"""What files are left as: JavaScript without types, TypeScript that lacks the annotations of what
is labelled, or both.
"""

Source = Literal["written", "checker"]
"""Who says it: an annotation or the compiler."""


class TypeLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """The type that one target had; spans are bytes of the file's `code`, as in `TypeTarget`."""

    kind: Kind
    name: str
    span: Span
    hint_offset: int
    occurrences: tuple[Span, ...]
    type: str
    source: Source = "written"


class IdentifierType(msgspec.Struct, frozen=True, array_like=True):
    """The compiler's type of the name at a span of the file's `code`; of a function, the type of
    what it returns.
    """

    start: int
    end: int
    type: str


class LabelledFile(msgspec.Struct, kw_only=True):
    """A TypeScript file as JavaScript, or without its annotations, with the types that were written
    in it.

    Attributes:
        repo: repository.
        path: of the TypeScript file in it.
        sha: commit, "" where unknown.
        partition: train, valid or test; "" before the corpus is split.
        language: of the code; "tokens" stands for the tokens of a file with spaces between, as
            DeepTyper's lines have them, which need not parse (see
            `contracode.corpus.labels.deeptyper`).
        code: what is left of the file.
        labels: in the order of their spans.
        identifiers: the compiler's type at each name, in source order, `any` left out; none without
            a compiler.
    """

    repo: str
    path: str
    sha: str = ""
    partition: str = ""
    language: Language | Literal["tokens"] = "javascript"
    code: str
    labels: list[TypeLabel]
    identifiers: list[IdentifierType] = []


class Labelling(NamedTuple):
    """What is left of a file, and what `LabelledFile` has of its types."""

    code: str
    labels: list[TypeLabel]
    identifiers: list[IdentifierType]


@dataclass(slots=True)
class TypeCounts:
    """What was met while labelling.

    Attributes:
        left_out: number of files without labels, by reason; see `repositories` for most.
        labels: number of labels by kind; those of the compiler apart.
        unlabelled: annotations, and with a compiler targets and names, that give no label, by
            reason.
        agreement: of the targets with an annotation and a type of the compiler that is not `any`,
            how many have the same label from both.
    """

    left_out: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    unlabelled: Counter[str] = field(default_factory=Counter)
    agreement: Counter[str] = field(default_factory=Counter)
