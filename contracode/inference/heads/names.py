"""The name head: names for functions, read from their bodies."""

from typing import Annotated

import msgspec

from contracode.inference.head_spec import Count, HeadSection, HeadSpec

NAME_STEP_ONNX = "name_step.onnx"
WORDS = "words.txt"
"""Vocabulary of a decoder of words, one word per line."""


class NameSection(HeadSection, kw_only=True, forbid_unknown_fields=True):
    """The name head in `config.json`.

    Attributes:
        pieces: the piece of each output but 0, which begins and ends a name; empty for a decoder of
            words.
        max_pieces: length of the longest name of the training, in pieces or words.
        beam: width of the beam search.
    """

    pieces: list[Annotated[int, msgspec.Meta(ge=0)]] = msgspec.field(default_factory=list)
    max_pieces: Count
    beam: Count


HEAD = HeadSpec(
    name="names",
    summary="names for functions, read from their bodies",
    section=NameSection,
    answers="contracode.inference.names.answers:NameAnswers",
    training="contracode.heads.names.training:NameTraining",
    aliases=("name",),
    rank=1,
)
