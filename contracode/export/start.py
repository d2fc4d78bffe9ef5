"""What fine-tuning begins from: a pretrained encoder, or fresh weights."""

from typing import NamedTuple

import msgspec
import torch

from contracode.encoder.encoders import Encoder, PlainProjection, Projection
from contracode.export.loading import learned
from contracode.inputs.tokenizer import Tokenizer
from contracode.support import config as settings
from contracode.support.errors import InputError


class Start(NamedTuple):
    """An encoder with its tokenizer, and the projection head where one was pretrained whose first
    layer a head can begin with.
    """

    encoder: Encoder
    tokenizer: Tokenizer
    projection: Projection | None


def pretrained(run: str, *, fresh: bool = False, seed: int = 0) -> Start:
    """Begin from a pretraining run, or from the encoder of a fine-tuning run or an exported model.

    Args:
        run: its folder, or a checkpoint in it; the average of its weights is taken where it kept
            one.
        fresh: take its shape and tokenizer, but fresh weights.
        seed: of these.

    Raises:
        InputError: there is no such run.
    """
    found = learned(run)
    if not fresh:
        projection = first_layer(found.encoder, found.projection) if found.projected else None
        return Start(found.encoder, found.tokenizer, projection)
    torch.manual_seed(seed)
    return Start(Encoder(found.encoder.config), found.tokenizer, None)


def first_layer(encoder: Encoder, projection: Projection | PlainProjection) -> Projection | None:
    """Return the projection head if a head can begin with its first layer: it has the norm, and
    reads hidden states.
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
        tokenizer: its model file or folder.
        preset: name of the settings whose shape the encoder has.
        seed: of the weights.

    Raises:
        InputError: there is no such tokenizer or preset.
    """
    if tokenizer is None:
        raise InputError("without a pretrained model, give --tokenizer")
    found = Tokenizer.load(tokenizer)
    shape = settings.load(settings.preset(preset)).encoder
    torch.manual_seed(seed)
    return Start(Encoder(msgspec.structs.replace(shape, vocab_size=found.size)), found, None)
