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
        form: what is learned: types of "sources", or of all labelled "tokens" as in DeepTyper's
            lines, or "both", which then weigh alike.
        max_windows: maximum number of windows of a section of a long file.
        max_types: maximum number of types in the vocabulary.
        min_count: minimum number of occurrences of a type in the vocabulary.
        min_repos: minimum number of repositories that have it, or all if there are fewer: types
            that a single project declares are not worth memorising.
        feature_buckets: buckets of the hashed features of names and neighbours; 0 for none.
        uses_encoder: read the encoder. Otherwise the head reads features alone.
        pointer_dim: width of the vectors that point to types which the file names; 0 for none.
        width: width of a head without an encoder; 0 takes that of the encoder.
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
                "there is nothing to read: uses_encoder is false, feature_buckets is 0"
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
        splitter: how names are split.
        reads_encoder: whether it reads the encoder.
        temperatures: divisor of the scores for each kind, fitted on the validation split.
        threshold: confidence from which types of the validation split are right often enough.
        precision: share of them that are right from the threshold on.
        coverage: share of them that reach it.
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
        """Return whether the head reads the encoder."""
        return self.reads_encoder
