"""Masking for masked modeling: single pieces, and whole words at all of their occurrences.

Legend: T pieces.
"""

import random
from typing import NamedTuple

import numpy as np

from augment.syntax.literals import RESERVED_WORDS
from contracode.inputs.tokenizer import EOS, Pieces, classes
from contracode.support.config import MaskingConfig

IGNORED = -100
"""Target of pieces that are not predicted, which PyTorch's cross-entropy ignores."""

NO_WORD = -1
"""Number of pieces that are not part of a word."""

_NO_NAMES = RESERVED_WORDS | {
    "async",
    "await",
    "get",
    "let",
    "of",
    "set",
    "static",
    "undefined",
    "yield",
}


class MaskedPieces(NamedTuple):
    """Input and targets of masked modeling.

    Attributes:
        ids_T: uint16, the pieces, some of them replaced.
        targets_T: int32, the replaced pieces; `IGNORED` elsewhere.
    """

    ids_T: np.ndarray
    targets_T: np.ndarray


def words(text: str, encoding: Pieces) -> np.ndarray:
    """Return the number of the word of each piece, int32 (T,); `NO_WORD` for other pieces.

    Words are identifiers anywhere: names, properties, and words of strings and comments, but
    neither numbers nor keywords.
    """
    numbers: dict[str, int] = {}
    words_T = np.full(len(encoding.ids), NO_WORD, np.int32)
    starts_T = encoding.spans[:, 0]
    at = 0
    for part in classes("keep").findall(text):
        start, at = at, at + len(part.encode())
        if part.replace("$", "_").isidentifier() and part not in _NO_NAMES:
            first, last = np.searchsorted(starts_T, (start, at))
            words_T[first:last] = numbers.setdefault(part, len(numbers))
    return words_T


def mask(
    ids_T: np.ndarray,
    words_T: np.ndarray,
    config: MaskingConfig,
    *,
    mask_id: int,
    vocab_size: int,
    draw: random.Random,
) -> MaskedPieces:
    """Mask some pieces, at least one.

    Words are masked first, until they reach their share or none fits; single pieces are drawn from
    the rest.

    Args:
        ids_T: pieces.
        words_T: result of `words`.
        config: the shares, and the replacements.
        mask_id: the mask piece.
        vocab_size: of the tokenizer; some pieces are replaced by random ones.
        draw: the random stream.

    Source: Devlin et al., BERT, NAACL 2019, section 3.1 (shares), and its later release (whole
        words); all occurrences of an identifier: Wang et al., CodeT5, EMNLP 2021, section 3.2
        (masked identifier prediction).
    """
    size = len(ids_T)
    left = max(1, int(config.share * size + draw.random()))
    hidden: list[int] = []
    groups = _groups(words_T, config.everywhere)
    draw.shuffle(groups)
    for group in groups:
        if len(hidden) + len(group) <= config.identifiers * left:
            hidden += group
    rest = sorted(set(range(size)) - set(hidden))
    hidden += draw.sample(rest, min(len(rest), left - len(hidden)))
    masked_T, targets_T = ids_T.copy(), np.full(size, IGNORED, np.int32)
    for place in sorted(hidden):
        targets_T[place] = ids_T[place]
        chance = draw.random()
        if chance >= config.unchanged + config.random:
            masked_T[place] = mask_id
        elif chance >= config.unchanged:
            masked_T[place] = draw.randrange(EOS + 1, vocab_size)
    return MaskedPieces(masked_T, targets_T)


def _groups(words_T: np.ndarray, everywhere: bool) -> list[list[int]]:
    """Return the indices of pieces that are masked together."""
    groups: dict[tuple[int, int], list[int]] = {}
    occurrence = 0
    for place, word in enumerate(words_T.tolist()):
        if place and word != words_T[place - 1]:
            occurrence += 1
        if word != NO_WORD:
            groups.setdefault((word, 0 if everywhere else occurrence), []).append(place)
    return list(groups.values())
