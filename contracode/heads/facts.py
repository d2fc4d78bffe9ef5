"""The facts of a trained head that its weights do not hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from contracode.inference.head_spec import find_head, resolve
from contracode.support.config import EncoderConfig
from contracode.support.provenance import CorpusReference

if TYPE_CHECKING:
    from torch import nn


class HeadFacts(msgspec.Struct, kw_only=True):
    """Facts that every head has; a head may add its own.

    Attributes:
        task: name of the head.
        encoder: settings of the encoder that it was trained on.
        window: maximum number of pieces encoded at once in training.
        trained_on: the labelled data.
    """

    task: str
    encoder: EncoderConfig
    window: int
    trained_on: list[CorpusReference] = msgspec.field(default_factory=list)

    def uses_encoder(self) -> bool:
        """Return whether the head uses the encoder."""
        return True

    def build(self) -> nn.Module:
        """Return a head with these facts and fresh weights."""
        return resolve(find_head(self.task).training)().build(self)
