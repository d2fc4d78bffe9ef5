"""Batches of pairs of views, as tensors.

Legend: B batch, T pieces, W width of a fragment vector, M hard negatives.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from contracode.inputs import windows
from contracode.inputs.masking import IGNORED, MaskedPieces


class PiecePair(NamedTuple):
    """Two views in pieces and the label of their function.

    Attributes:
        first: uint16 (T,): a view, or documentation; without contrast, the function as written.
        second: uint16 (T,): a view; without contrast, the same as `first`.
        label: the label of the function; equal labels are not negatives of each other.
        masked: the first view with masked pieces; None without masked modelling.
        hard: uint16 (T,): a hard negative, or None.
        fragments: fragment vectors of the first view, the second view and the hard negative, each
            float32 (W,); None without fragments.
    """

    first: np.ndarray
    second: np.ndarray
    label: int
    masked: MaskedPieces | None = None
    hard: np.ndarray | None = None
    fragments: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None


class Views(NamedTuple):
    """One view of each function of a batch.

    Attributes:
        pieces_BT: int64.
        mask_BT: bool, true for pieces, false for padding.
        fragments_BW: float32, fragment vectors; None without fragments.
    """

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    fragments_BW: torch.Tensor | None = None


class Batch(NamedTuple):
    """A batch of pairs.

    Attributes:
        query: one view of each function.
        key: the other view of each function.
        labels_B: int64, labels of the functions.
        num_pieces: number of pieces in both views, without padding.
        num_refused: number of functions left out because they have no pair.
        masked: the queries with masked pieces; None without masked modelling.
        targets_BT: int64, the original pieces at masked positions, `IGNORED` elsewhere.
        num_masked: number of masked pieces.
        hard: hard negatives of some functions; None if there are none.
        owners_M: int64, row of the function of each hard negative.
    """

    query: Views
    key: Views
    labels_B: torch.Tensor
    num_pieces: int
    num_refused: int
    masked: Views | None = None
    targets_BT: torch.Tensor | None = None
    num_masked: int = 0
    hard: Views | None = None
    owners_M: torch.Tensor | None = None


def collate(pairs: Sequence[PiecePair | None], *, pad: int) -> Batch:
    """Put pairs into a batch, and pad each side to its longest row. None is a refused function."""
    kept = [pair for pair in pairs if pair is not None]
    masked = [pair.masked for pair in kept if pair.masked is not None]
    hard = [(row, pair.hard) for row, pair in enumerate(kept) if pair.hard is not None]
    fragments = [pair.fragments for pair in kept if pair.fragments is not None]

    def counted(view: int, rows: Iterable[int]) -> torch.Tensor | None:
        chosen = [fragments[row][view] for row in rows] if fragments else []
        return torch.from_numpy(np.stack(chosen)) if chosen else None

    return Batch(
        padded([pair.first for pair in kept], pad)._replace(
            fragments_BW=counted(0, range(len(kept)))
        ),
        padded([pair.second for pair in kept], pad)._replace(
            fragments_BW=counted(1, range(len(kept)))
        ),
        torch.tensor([pair.label for pair in kept], dtype=torch.long),
        sum(len(pair.first) + len(pair.second) for pair in kept),
        len(pairs) - len(kept),
        padded([one.ids_T for one in masked], pad) if masked else None,
        padded([one.targets_T for one in masked], IGNORED).pieces_BT if masked else None,
        sum(int((one.targets_T != IGNORED).sum()) for one in masked),
        padded([ids_T for _, ids_T in hard], pad)._replace(
            fragments_BW=counted(2, (row for row, _ in hard))
        )
        if hard
        else None,
        torch.tensor([row for row, _ in hard]) if hard else None,
    )


def padded(rows: Sequence[np.ndarray], fill: int) -> Views:
    """Return rows of pieces as tensors, padded to the longest row."""
    pieces_BT, mask_BT = windows.padded(rows, fill)
    return Views(torch.from_numpy(pieces_BT), torch.from_numpy(mask_BT))
