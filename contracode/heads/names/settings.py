"""Settings and facts of the name head."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import msgspec

from contracode.heads.facts import HeadFacts
from contracode.heads.settings import FinetuneConfig
from contracode.support.config import Count, Natural


class NameFinetuneConfig(FinetuneConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a run of the name head. A batch holds `batch_size` functions.

    Attributes:
        decoder: "words" builds names from words of the function and of a vocabulary; "pieces" is a
            Transformer on the encoder that builds names from pieces.
        max_pieces: maximum length of the names that are learned, in words or pieces.
        max_words: maximum number of words in the vocabulary.
        feature_buckets: buckets of the hashed features of the decoder of words.
        uses_encoder: whether the decoder of words uses the encoder, or features alone.
        width: width of the decoder of words; 0 for 128.
        layers: number of layers of the decoder of pieces.
    """

    RENAMED: ClassVar[Mapping[str, str]] = {
        **FinetuneConfig.RENAMED,
        "wide": "feature_buckets",
        "deep": "uses_encoder",
        "words": "max_words",
    }
    RETIRED: ClassVar[frozenset[str]] = frozenset(
        {"form", "max_windows", "types", "min_count", "min_repos", "names"}
    )

    task: Literal["names"] = "names"
    decoder: Literal["words", "pieces"] = "words"
    max_pieces: Count = 8
    max_words: Count = 8000
    feature_buckets: Natural = 16384
    uses_encoder: bool = True
    width: Natural = 0
    layers: Count = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.decoder == "words" and self.feature_buckets < 2:
            raise ValueError("feature_buckets must be at least 2: bucket 0 is no feature")
        if self.decoder == "words" and self.freeze and not self.uses_encoder:
            raise ValueError("freeze: the decoder of words has no encoder (uses_encoder is false)")


class NameFacts(HeadFacts, kw_only=True):
    """Facts of a trained name head.

    Attributes:
        words: vocabulary of a decoder of words, output 1 first; empty for one of pieces.
        pieces: piece of each output of a decoder of pieces, output 1 first.
        max_pieces: maximum length of a name, in words or pieces.
        width: width of the decoder of words.
        feature_buckets: buckets of its hashed features.
        reads_encoder: whether it uses the encoder.
        layers: number of layers of the decoder of pieces.
    """

    task: str = "names"
    words: list[str] = msgspec.field(default_factory=list)
    pieces: list[int] = msgspec.field(default_factory=list)
    max_pieces: int = 0
    width: int = 0
    feature_buckets: int = msgspec.field(default=0, name="features")
    reads_encoder: bool = msgspec.field(default=True, name="deep")
    layers: int = 0

    def uses_encoder(self) -> bool:
        """Return whether the head uses the encoder."""
        return self.reads_encoder or bool(self.pieces)
