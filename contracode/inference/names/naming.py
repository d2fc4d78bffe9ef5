"""Names of functions: hiding them from the encoder, and spelling them from pieces.

Legend: T pieces, V outputs of the decoder.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np

import augment
from augment.syntax.literals import RESERVED_WORDS
from contracode.inference.names.beam import END, Hypothesis
from contracode.inputs.tokenizer import Tokenizer
from contracode.inputs.windows import pieces_of
from contracode.javascript.records import NamePrediction, Span

RESERVED = RESERVED_WORDS | frozenset(
    "arguments await eval implements interface let package private protected public static "
    "undefined "
    "yield".split()
)
"""Names that no function may have, in strict code and modules too (ECMA-262 §12.7.2)."""

_START = re.compile(r"[^\W\d]|\$")
_REST = re.compile(r"[\w$]*")
_NAME_LEAVES = frozenset(
    {
        "identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
    }
)


def is_name(text: str) -> bool:
    """Return whether a text is an identifier that is not reserved."""
    return bool(_START.match(text)) and _REST.fullmatch(text) is not None and text not in RESERVED


def first_function(source: str) -> tuple[augment.Program, augment.Function] | None:
    """Return a parsed source and its first function; None if there is none."""
    try:
        program = augment.parse(source)
    except augment.ParseError:
        return None
    return (program, program.functions[0]) if program.functions else None


def own_names(program: augment.Program, function: augment.Function, name: str) -> list[Span]:
    """Return the spans of a name in a function: in its header, and as a variable or property."""
    start, end = function.node.span
    name = name.removeprefix("#")
    leaves = program.tree.leaves
    found: list[Span] = []
    for number in range(bisect_left(leaves, start, key=lambda leaf: leaf.start), len(leaves)):
        leaf = leaves[number]
        if leaf.end > end:
            break
        spelt = leaf.type in _NAME_LEAVES and program.name_of(leaf).removeprefix("#") == name
        if spelt or (leaf.type == "string" and leaf.span == function.name_span):
            found.append(leaf.span)
    return found


def hide_name(
    program: augment.Program,
    function: augment.Function,
    tokenizer: Tokenizer,
    *,
    name: str | None = None,
) -> np.ndarray:
    """Return the pieces of a function in which each occurrence of its name is one mask piece.

    Args:
        program: the source.
        function: of it.
        tokenizer: of the encoder.
        name: of the function, where the source around it does not show it.

    Returns:
        int64 (T,).
    """
    encoding = tokenizer.encode(program.text(function.node))
    shift = function.node.start
    kept: list[np.ndarray] = []
    at = 0
    hidden = name or function.name
    for start, end in own_names(program, function, hidden) if hidden else ():
        covered = pieces_of(encoding.spans, (start - shift, end - shift))
        kept += [
            encoding.ids[at : covered.start].astype(np.int64),
            np.asarray([tokenizer.mask_id], np.int64),
        ]
        at = covered.stop
    return np.concatenate([*kept, encoding.ids[at:].astype(np.int64)])


def hidden_pieces(
    program: augment.Program,
    function: augment.Function,
    tokenizer: Tokenizer,
    window: int,
    *,
    name: str | None = None,
) -> np.ndarray:
    """Return the first `window` pieces of `hide_name`, after an extra mask if they have none."""
    ids_T = hide_name(program, function, tokenizer, name=name)
    if not (ids_T[:window] == tokenizer.mask_id).any():
        ids_T = np.concatenate([[tokenizer.mask_id], ids_T])
    return ids_T[:window]


class NameVocabulary:
    """The outputs of the piece decoder: `END`, then pieces that can stand in a name.

    Args:
        tokenizer: of the encoder.
        pieces: the piece of each output, from 1 on.

    Attributes:
        pieces: the same.
        starts_V: bool (V,), outputs with which a legal name can begin.
    """

    def __init__(self, tokenizer: Tokenizer, pieces: Sequence[int]) -> None:
        self.pieces = list(pieces)
        self._tokenizer = tokenizer
        self._output_of = {piece: output for output, piece in enumerate(self.pieces, start=1)}
        self._texts = ["", *(tokenizer.text_of(piece) for piece in self.pieces)]
        self.starts_V = np.asarray(
            [bool(text) and bool(_START.match(text)) for text in self._texts]
        )

    def __len__(self) -> int:
        return len(self._texts)

    @classmethod
    def of_tokenizer(cls, tokenizer: Tokenizer) -> "NameVocabulary":
        """Return the vocabulary of all pieces that can stand in a name."""
        texts = ((piece, tokenizer.text_of(piece)) for piece in range(tokenizer.size))
        return cls(tokenizer, [piece for piece, text in texts if text and _REST.fullmatch(text)])

    def outputs(self, name: str) -> list[int] | None:
        """Return the outputs that spell a name, without `END`; None if a piece is missing."""
        found = [
            self._output_of.get(int(piece), END)
            for piece in self._tokenizer.encode(name, layout="keep").ids
        ]
        return None if END in found else found

    def names(self, hypotheses: Iterable[Hypothesis]) -> list[NamePrediction]:
        """Spell hypotheses. Illegal and reserved names are dropped; the probabilities of several
        spellings of one name are added.
        """
        found: dict[str, float] = {}
        for hypothesis in hypotheses:
            name = "".join(self._texts[output] for output in hypothesis.outputs if output != END)
            if is_name(name):
                found[name] = found.get(name, 0.0) + math.exp(hypothesis.score)
        return [
            NamePrediction(name, probability)
            for name, probability in sorted(found.items(), key=lambda kv: (-kv[1], kv[0]))
        ]
