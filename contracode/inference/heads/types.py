"""The type head: types of parameters, returns, variables and fields."""

from typing import Annotated

import msgspec

from contracode.inference.head_spec import HeadSection, HeadSpec
from contracode.javascript.records import KINDS
from contracode.javascript.subtokens import Splitter
from contracode.support.provenance import CorpusReference

TYPES_ONNX = "types.onnx"
TYPE_NAMES_ONNX = "type_names.onnx"
TYPES = "types.txt"
"""Vocabulary, one type per line."""

Natural = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class TypeSection(HeadSection, kw_only=True, forbid_unknown_fields=True):
    """The type head in `config.json`.

    Attributes:
        temperature: divisor of the scores, fitted on the validation split.
        temperatures: one for each kind of target, if that fits better than a single one.
        threshold: confidence from which a type is shown by default.
        precision: share of the types of the validation split that are right from the threshold on;
            0 if unknown.
        coverage: share of them that reach the threshold.
        features: buckets of the hashed features that the head reads; 0 for none.
        names: width of the vectors that point to type names of the file; 0 for none.
        splitter: how the head splits names; "unicode" for those trained since 0.2.
        corpora: the labelled data that it was trained on.
    """

    temperature: Positive
    temperatures: list[Positive] = msgspec.field(default_factory=list)
    threshold: float
    precision: float = 0.0
    coverage: float = 0.0
    features: Natural = 0
    names: Natural = 0
    splitter: Splitter = "ascii"
    corpora: list[CorpusReference] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        if self.temperatures and len(self.temperatures) != len(KINDS):
            raise ValueError(
                f"{len(self.temperatures)} temperatures for {len(KINDS)} kinds of targets"
            )


HEAD = HeadSpec(
    name="types",
    summary="types of parameters, returns, variables and fields",
    data="TypeScript files or folders, or JSON lines of `corpus types`",
    section=TypeSection,
    answers="contracode.inference.types.answers:TypeAnswers",
    training="contracode.heads.types.training:TypeTraining",
    text="contracode.cli.tools.predict:drawn_types",
    rank=0,
)
