"""Predictions and metadata of a model, without numpy: a server imports them before its model.

Records that a file has by the thousand are msgspec structs: creating one takes a fifth of the time
of a dataclass, and Python's garbage collector ignores them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    import numpy as np

Span = tuple[int, int]
"""Half-open range of UTF-8 bytes of the source."""

Kind = Literal["parameter", "return", "variable", "field", "token"]
"""What carries a type. A "token" is a name in DeepTyper's data, known only by its position."""

KINDS: tuple[Kind, ...] = ("parameter", "return", "variable", "field", "token")

COMPLEX = "complex"
"""The label for types that DeepTyper spelled with white space; it is not a type itself."""


class Cancelled(Exception):
    """Raised by `Model.predict_types` if its `cancelled` callback returned true."""


class Candidate(Struct, frozen=True, gc=False):
    """A type and its calibrated probability; `any` is left out.

    Attributes:
        type: in TypeScript's syntax.
        probability: probability that the author would write it.
        reason: the evidence in the code ("called with string in 3 places"); empty if only the
            model suggests it.
        import_type: spelling of a type from a module that the file may not import
            (`import('fs').Stats`); empty for all other types.
    """

    type: str
    probability: float
    reason: str = ""
    import_type: str = ""

    @property
    def spelling(self) -> str:
        """The type as it is inserted into a source."""
        return self.import_type or self.type


class TypePrediction(Struct, frozen=True, gc=False):
    """The ranked types of one name of a file.

    Attributes:
        kind: what carries the type.
        name: the name as written (of the function for a return; empty for an anonymous one).
        span: bytes of the name's declaration; of the header for the return of an anonymous
            function.
        hint_offset: byte before which an editor shows `: type`.
        candidates: most probable first.
        written: the source states the type, in an annotation or JSDoc.
        obvious: the initial value shows the type, so that a hint would be redundant.
        function: bytes of the innermost enclosing function, or of the function itself for
            parameters and returns; None at the top level.
        evident: a type that follows from the code alone, possibly spelled otherwise than by the
            author, and the precision of such types; None if nothing follows.
        resolves: every name in the best candidate is defined in the file or global.
    """

    kind: Kind
    name: str
    span: Span
    hint_offset: int
    candidates: tuple[Candidate, ...]
    written: bool
    obvious: bool
    function: Span | None
    evident: Candidate | None = None
    resolves: bool = True


def as_shown(prediction: TypePrediction, threshold: float) -> TypePrediction | None:
    """Return the prediction with the type that a hint shows as its first candidate.

    This is the best candidate if it is probable enough and its names resolve, otherwise the
    evident type.

    Args:
        prediction: prediction for a name without a written type.
        threshold: minimum probability of a shown type.

    Returns:
        None if there is nothing to show.
    """
    candidates, evident = prediction.candidates, prediction.evident
    if candidates and prediction.resolves and candidates[0].probability >= threshold:
        return prediction
    if evident is None or evident.probability < threshold:
        return None
    others = (one for one in candidates if one.type != evident.type)
    return replace(prediction, candidates=(evident, *others), resolves=True)


@dataclass(frozen=True, slots=True)
class NamePrediction:
    """A name for a function and its probability under the decoder."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class FunctionEmbedding:
    """The vector of one function of a source: float32 (D,), unit norm."""

    span: Span
    name: str | None
    vector: "np.ndarray"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Facts about a loaded model.

    Attributes:
        name: name of the model.
        dimension: D of the embeddings.
        window: maximum number of pieces that the encoder reads at once.
        tokenizer: fingerprint of the tokenizer: SHA-256 of its model file.
        types: the vocabulary of the type head, in the order of its outputs; empty without one.
        predicts_names: the model has a name decoder.
        threshold: minimum probability of a shown type, by default.
    """

    name: str
    dimension: int
    window: int
    tokenizer: str
    types: tuple[str, ...]
    predicts_names: bool
    threshold: float
