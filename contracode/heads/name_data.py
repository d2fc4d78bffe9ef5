"""From functions to batches of the name decoder.

Legend: B functions, T pieces of the longest, L outputs of the longest name.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from contracode.heads.names import IGNORED
from contracode.heads.type_data import pad_rows
from contracode.inference.names.beam import END
from contracode.inference.names.naming import NameVocabulary, first_function, hide_name, is_name
from contracode.inputs.tokenizer import Tokenizer


class NameExample(NamedTuple):
    """A function with its name hidden, int64 (T,), and the outputs of the name, ending with
    `END`.
    """

    pieces: np.ndarray
    name: list[int]


def name_example(
    source: str,
    name: str | None,
    tokenizer: Tokenizer,
    vocabulary: NameVocabulary,
    *,
    window: int,
    max_pieces: int,
) -> NameExample | None:
    """Make an example of the first function of a source.

    Args:
        source: of the function.
        name: that it has; its own, where the source shows it, without it.
        tokenizer: of the encoder.
        vocabulary: of the decoder.
        window: what is longer is cut off.
        max_pieces: a name of more is no example.

    Returns:
        None where there is nothing to learn: the source does not parse, has no function, or no
            legal name.
    """
    found = first_function(source)
    if found is None:
        return None
    program, function = found
    name = (name or function.name or "").rpartition(".")[2]
    outputs = vocabulary.outputs(name) if is_name(name) else None
    if not outputs or len(outputs) > max_pieces:
        return None
    return NameExample(hide_name(program, function, tokenizer, name=name)[:window], [*outputs, END])


class NameBatch(NamedTuple):
    """Examples side by side; `name_BL` is padded with `IGNORED`."""

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    name_BL: torch.Tensor


def collate(chosen: Sequence[NameExample], *, pad: int) -> NameBatch:
    """Put examples into one batch."""
    length = max(len(example.name) for example in chosen)
    names = [example.name + [IGNORED] * (length - len(example.name)) for example in chosen]
    return NameBatch(
        *pad_rows([example.pieces for example in chosen], pad=pad), torch.tensor(names)
    )
