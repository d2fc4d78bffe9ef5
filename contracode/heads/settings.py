"""Settings common to all fine-tuning runs."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import msgspec

from contracode.support.config import Count, Dropout, Natural, Positive, Seed, Share, seconds


class FinetuneConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a fine-tuning run; a head may add its own.

    Attributes:
        task: name of the head.
        seed: seed of initial weights, order and dropout.
        epochs: passes over the data; `steps` or `max_time` may end the run earlier.
        steps: maximum number of optimiser steps; 0 for no limit.
        max_time: a duration such as "90s" or "1h30m"; "" for no limit.
        batch_size: items per step, in the unit of the head: windows of types, functions of names.
        learning_rate: rate of the head.
        encoder_rate: rate of the encoder, relative to that of the head.
        feature_rate: rate of the embeddings of hashed features, relative to the other weights.
        weight_decay: weight decay of matrices; other weights do not decay.
        warmup: share of the steps over which the rates rise.
        clip: maximum norm of the gradients.
        freeze: do not train the encoder.
        window: maximum number of pieces encoded at once.
        dropout: dropout rate of the head.
        threads: threads of torch; 0 leaves the choice to torch.
        tensorboard: write event files as well.
    """

    RENAMED: ClassVar[Mapping[str, str]] = {"wide_rate": "feature_rate"}

    task: str
    seed: Seed = 0
    epochs: Count = 10
    steps: Natural = 0
    max_time: str = ""
    batch_size: Count = 32
    learning_rate: Positive = 1e-3
    encoder_rate: Positive = 0.3
    feature_rate: Positive = 5.0
    weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 0.01
    warmup: Share = 0.1
    clip: Positive = 1.0
    freeze: bool = False
    window: Annotated[int, msgspec.Meta(ge=16)] = 256
    dropout: Dropout = 0.1
    threads: Natural = 1
    tensorboard: bool = False

    def __post_init__(self) -> None:
        if self.max_time:
            seconds(self.max_time)
