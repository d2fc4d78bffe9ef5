"""The model as the server uses it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from contracode.javascript.records import Metadata, NamePrediction, Span, TypePrediction

if TYPE_CHECKING:
    import numpy as np

    from augment import Language, Program

Cancelled = Callable[[], bool]
"""Returns whether the result of a job is no longer needed; jobs call it between steps."""


class Predictor(Protocol):
    """The part of `contracode.inference.model.Model` that the server calls."""

    @property
    def metadata(self) -> Metadata:
        """The facts of the model."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the embeddings change."""
        ...

    def predict_types(
        self,
        source: "str | Program",
        *,
        language: "Language" = "javascript",
        top: int = 5,
        cancelled: Cancelled | None = None,
    ) -> list[TypePrediction]:
        """Predict the types of a source.

        Raises:
            ValueError: the source does not parse.
        """
        ...

    def predict_names(
        self,
        source: "str | Program",
        *,
        language: "Language" = "javascript",
        top: int = 5,
        function: Span | None = None,
    ) -> list[NamePrediction]:
        """Predict names for the function at a span from its body."""
        ...

    def embed(
        self, sources: Sequence[str], *, language: "Language", use_names: bool, batch_size: int
    ) -> "np.ndarray":
        """Embed sources."""
        ...
