"""From functions to batches of the decoder of pieces.

Legend: B functions, T pieces of the longest, L outputs of the longest name.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from contracode.heads.batches import pad_rows
from contracode.heads.names.piece_decoder import IGNORED
from contracode.inference.names.beam import END
from contracode.inference.names.naming import NameVocabulary, first_function, hide_name, is_name
from contracode.inputs.tokenizer import Tokenizer


class PieceExample(NamedTuple):
    """A training example.

    Attributes:
        pieces: int64 (T,), the function with its name hidden.
        name: outputs of the name, then `END`.
    """

    pieces: np.ndarray
    name: list[int]


def piece_example(
    source: str,
    name: str | None,
    tokenizer: Tokenizer,
    vocabulary: NameVocabulary,
    *,
    window: int,
    max_pieces: int,
) -> PieceExample | None:
    """Make an example of the first function of a source.

    Args:
        source: the source of the function.
        name: name of the function; by default the name in the source.
        tokenizer: the tokenizer of the encoder.
        vocabulary: the vocabulary of the decoder.
        window: number of pieces to which the function is truncated.
        max_pieces: maximum length of a name.

    Returns:
        None if the source does not parse, or has no function, or its name is illegal or too long.
    """
    found = first_function(source)
    if found is None:
        return None
    program, function = found
    name = (name or function.name or "").rpartition(".")[2]
    outputs = vocabulary.outputs(name) if is_name(name) else None
    if not outputs or len(outputs) > max_pieces:
        return None
    return PieceExample(
        hide_name(program, function, tokenizer, name=name)[:window], [*outputs, END]
    )


class PieceBatch(NamedTuple):
    """Examples as tensors; `name_BL` is padded with `IGNORED`."""

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    name_BL: torch.Tensor


def collate_pieces(chosen: Sequence[PieceExample], *, pad: int) -> PieceBatch:
    """Put examples into one batch."""
    length = max(len(example.name) for example in chosen)
    names = [example.name + [IGNORED] * (length - len(example.name)) for example in chosen]
    return PieceBatch(
        *pad_rows([example.pieces for example in chosen], pad=pad), torch.tensor(names)
    )
