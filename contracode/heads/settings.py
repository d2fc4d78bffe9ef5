"""Settings of a fine-tuning run."""

from typing import Annotated, Literal

import msgspec

from contracode.support.config import Count, Dropout, Natural, Positive, Seed, Share, seconds


class FinetuneConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a fine-tuning run.

    Attributes:
        task: which head.
        seed: of initial weights, order and dropout.
        epochs: passes over the data, unless `steps` or `max_time` end it before.
        steps: optimiser steps at most; 0 for no bound.
        max_time: at most, such as "90s" or "1h30m"; empty for no bound.
        batch_size: windows (types) or functions (names) of a step.
        learning_rate: of the head.
        encoder_rate: of the encoder, as a factor of it.
        weight_decay: of matrices.
        warmup: share of the steps over which the rates rise.
        clip: norm to which gradients are clipped.
        freeze: leave the encoder as it is.
        window: longest piece sequence encoded at once.
        max_windows: of a section of a long file.
        types: most types in the vocabulary.
        min_count: a type of the vocabulary occurs that often.
        min_repos: and in that many repositories, where there are so many: what one project alone
            declares is not worth learning by heart.
        form: what the type head learns: targets of sources, every labelled token as DeepTyper has
            it (of a corpus that the compiler was asked about, or of DeepTyper's lines), or both,
            which count alike.
        wide: buckets of the hashed features that a head reads: the type head those of names and
            neighbours, beside the encoder, 0 for none; the name decoder of words those of words.
        deep: the type head and the decoder of words read the encoder; without, features alone.
        names: width of the vectors that point to types which the file names; 0 for the vocabulary
            alone.
        wide_rate: of the embeddings of features, as a factor of the learning rate.
        decoder: of names: "words" reads the words of a function and spells a name of words,
            "pieces" is a Transformer on the encoder and spells a name of pieces.
        words: most words in the vocabulary of the former.
        width: of the decoder of words, and of a type head that reads features alone; 0 stands for
            128 and the encoder's.
        max_pieces: longest name that is learned, in what the decoder spells it of.
        layers: of the decoder of pieces.
        dropout: in the heads.
        threads: of torch; 0 leaves it to torch.
    """

    task: Literal["types", "names"]
    seed: Seed = 0
    epochs: Count = 10
    steps: Natural = 0
    max_time: str = ""
    batch_size: Count = 32
    learning_rate: Positive = 1e-3
    encoder_rate: Positive = 0.3
    weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 0.01
    warmup: Share = 0.1
    clip: Positive = 1.0
    freeze: bool = False
    window: Annotated[int, msgspec.Meta(ge=16)] = 256
    max_windows: Count = 8
    types: Count = 1000
    min_count: Count = 3
    min_repos: Count = 2
    form: Literal["sources", "tokens", "both"] = "sources"
    wide: Natural = 16384
    deep: bool = True
    names: Natural = 64
    wide_rate: Positive = 5.0
    decoder: Literal["words", "pieces"] = "words"
    words: Count = 8000
    width: Natural = 0
    max_pieces: Count = 8
    layers: Count = 2
    dropout: Dropout = 0.1
    threads: Natural = 1

    def __post_init__(self) -> None:
        if not self.deep and not self.wide:
            raise ValueError("the type head has nothing to read: deep is false and wide is 0")
        if self.wide == 1 or (self.task == "names" and self.decoder == "words" and self.wide < 2):
            raise ValueError(f"wide {self.wide} has no bucket: 0 is kept for no feature")
        if self.task == "names" and self.decoder == "words" and self.freeze and not self.deep:
            raise ValueError("freeze: the decoder of words reads no encoder where deep is false")
        if self.max_time:
            seconds(self.max_time)
