"""The initial encoder of fine-tuning: pretrained, or with fresh weights."""

from typing import NamedTuple

import msgspec
import torch

from contracode.encoder.encoders import Encoder, PlainProjection, Projection
from contracode.export.loading import learned
from contracode.inputs.tokenizer import Tokenizer
from contracode.support import config as settings
from contracode.support.errors import InputError


class Start(NamedTuple):
    """The initial encoder of a fine-tuning run.

    Attributes:
        encoder: the encoder.
        tokenizer: its tokenizer.
        projection: a pretrained projection head whose first layer initialises a type head, or None.
    """

    encoder: Encoder
    tokenizer: Tokenizer
    projection: Projection | None


def pretrained(run: str, *, fresh: bool = False, seed: int = 0) -> Start:
    """Begin from a pretraining run, or from the encoder of a fine-tuning run or an exported model.

    Args:
        run: the folder, or a checkpoint in it. The average of the weights is used if there is one.
        fresh: use its shape and tokenizer, but fresh weights.
        seed: seed of fresh weights.

    Raises:
        InputError: there is no such run, or it cannot be read.
    """
    found = learned(run)
    if not fresh:
        projection = first_layer(found.encoder, found.projection) if found.projected else None
        return Start(found.encoder, found.tokenizer, projection)
    torch.manual_seed(seed)
    return Start(Encoder(found.encoder.config), found.tokenizer, None)


def first_layer(encoder: Encoder, projection: Projection | PlainProjection) -> Projection | None:
    """Return the projection head if its first layer can initialise a type head, else None.

    The layer must be followed by a norm, and take hidden states of the encoder.
    """
    if (
        isinstance(projection, Projection)
        and projection.first.in_features == encoder.config.hidden_width
    ):
        return projection
    return None


def untrained(tokenizer: str | None, preset: str, *, seed: int = 0) -> Start:
    """Begin from fresh weights.

    Args:
        tokenizer: file or folder of the tokenizer.
        preset: name of the preset that determines the encoder's shape.
        seed: seed of the weights.

    Raises:
        InputError: no tokenizer is given, or there is no such tokenizer or preset.
    """
    if tokenizer is None:
        raise InputError("without a pretrained model, give --tokenizer")
    found = Tokenizer.load(tokenizer)
    shape = settings.load(settings.preset(preset)).encoder
    torch.manual_seed(seed)
    return Start(Encoder(msgspec.structs.replace(shape, vocab_size=found.size)), found, None)
