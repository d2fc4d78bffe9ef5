"""The records that a model answers with, without numpy: a server imports them before its model.

Records of which a file has thousands are msgspec structs: they are created in a fifth of the time
of
a dataclass, and Python's garbage collector ignores them.
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
"""What carries a type. A token is a name in DeepTyper's data, of which only the place is known."""

KINDS: tuple[Kind, ...] = ("parameter", "return", "variable", "field", "token")

COMPLEX = "complex"
"""The label for types that DeepTyper spelled with white space; it is not a type itself."""


class Cancelled(Exception):
    """Raised by `Model.predict_types` if its `cancelled` callback returned true."""


class Candidate(Struct, frozen=True, gc=False):
    """One type and how probable it is (calibrated, `any` left out).

    Attributes:
        type: as a reader writes it.
        probability: that it is the author's.
        reason: how the code shows it ("called with string in 3 places"); empty where the model
            alone says it.
        import_type: the type where it is of a module that the file may not import, as a source
            spells it (`import('fs').Stats`); empty for any other.
    """

    type: str
    probability: float
    reason: str = ""
    import_type: str = ""

    @property
    def spelling(self) -> str:
        """The type as it is written into a source."""
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
        written: the source has its type (an annotation or JSDoc).
        obvious: the initial value shows the type, so that a hint would be redundant.
        function: bytes of the innermost function around (for parameters and returns: the function
            itself), or None.
        evident: the type that follows from the code alone, whatever the author would call it, and
            how often such a type is right; None where the code does not tell.
        resolves: every name in the best candidate means something in the file.
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
    """Return a prediction whose first candidate is what a hint shows; None where it is silent.

    That is the best candidate, where it is probable enough and its names resolve; else what is
    evident from the code.

    Args:
        prediction: of a name without a written type.
        threshold: least probability of what is shown.
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
        name: of the model.
        dimension: D of the embeddings.
        window: longest piece sequence that the encoder reads at once.
        tokenizer: fingerprint of the tokenizer (sha256 of its model file).
        types: the vocabulary of the type head, in the order of its outputs; empty without one.
        predicts_names: the model has a name decoder.
        threshold: confidence from which a type is shown by default.
    """

    name: str
    dimension: int
    window: int
    tokenizer: str
    types: tuple[str, ...]
    predicts_names: bool
    threshold: float
