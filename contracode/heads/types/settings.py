"""Settings and facts of the type head."""

from collections.abc import Mapping
from typing import ClassVar, Literal

import msgspec

from contracode.heads.facts import HeadFacts
from contracode.heads.settings import FinetuneConfig
from contracode.javascript.records import KINDS
from contracode.javascript.subtokens import Splitter
from contracode.support.config import Count, Natural


class TypeFinetuneConfig(FinetuneConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a run of the type head. A batch holds `batch_size` windows.

    Attributes:
        form: training data: "sources" (types of declarations), "tokens" (types of all labelled
            tokens, as in DeepTyper's lines), or "both" with equal weight.
        max_windows: maximum number of windows of a section of a long file.
        max_types: maximum number of types in the vocabulary.
        min_count: minimum number of occurrences of a type in the vocabulary.
        min_repos: minimum number of repositories with the type, or all if there are fewer: types
            of a single project are not worth memorising.
        feature_buckets: number of buckets of the hashed features of names and neighbours; 0 for no
            features.
        uses_encoder: whether the head uses the encoder, or features alone.
        pointer_dim: width of the vectors that point to types named in the file; 0 for no pointers.
        width: width of a head without an encoder; 0 for the width of the encoder.
    """

    RENAMED: ClassVar[Mapping[str, str]] = {
        **FinetuneConfig.RENAMED,
        "wide": "feature_buckets",
        "deep": "uses_encoder",
        "names": "pointer_dim",
        "types": "max_types",
    }
    RETIRED: ClassVar[frozenset[str]] = frozenset({"decoder", "words", "max_pieces", "layers"})

    task: Literal["types"] = "types"
    form: Literal["sources", "tokens", "both"] = "sources"
    max_windows: Count = 8
    max_types: Count = 1000
    min_count: Count = 3
    min_repos: Count = 2
    feature_buckets: Natural = 16384
    uses_encoder: bool = True
    pointer_dim: Natural = 64
    width: Natural = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.uses_encoder and not self.feature_buckets:
            raise ValueError(
                "a head needs an input: uses_encoder is false and feature_buckets is 0"
            )
        if self.feature_buckets == 1:
            raise ValueError("feature_buckets must be 0 or at least 2: bucket 0 is no feature")


class TypeFacts(HeadFacts, kw_only=True):
    """Facts of a trained type head.

    Attributes:
        types: the vocabulary, output 1 first.
        width: width of the hidden layer.
        feature_buckets: buckets of the hashed features; 0 for none.
        pointer_dim: width of the vectors that point to types of the file; 0 for none.
        splitter: how names are split into words.
        reads_encoder: whether it uses the encoder.
        temperatures: divisor of the scores for each kind, fitted to the validation split.
        threshold: lowest confidence at which a type is shown, from the validation split.
        precision: share of the shown types of the validation split that are right.
        coverage: share of the types of the validation split that are shown.
    """

    task: str = "types"
    types: list[str] = msgspec.field(default_factory=list)
    width: int = 0
    feature_buckets: int = msgspec.field(default=0, name="features")
    pointer_dim: int = msgspec.field(default=0, name="names")
    splitter: Splitter = "ascii"
    reads_encoder: bool = msgspec.field(default=True, name="deep")
    temperatures: list[float] = msgspec.field(default_factory=lambda: [1.0] * len(KINDS))
    threshold: float = 1.0
    precision: float = 0.0
    coverage: float = 0.0

    def uses_encoder(self) -> bool:
        """Return whether the head uses the encoder."""
        return self.reads_encoder
