"""Pairs of views side by side, as tensors.

Legend: B batch, T pieces, W dimensions of counted fragments, M hard negatives.
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
        label: of the function.
        masked: the first view with masked pieces, if masks are drawn.
        hard: uint16 (T,): a hard negative, for some functions.
        wide: counted fragments of the first view, the second and the hard negative, float32 (W,)
            each, if they are used.
    """

    first: np.ndarray
    second: np.ndarray
    label: int
    masked: MaskedPieces | None = None
    hard: np.ndarray | None = None
    wide: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None


class Views(NamedTuple):
    """One view of each function of a batch.

    Attributes:
        pieces_BT: int64.
        mask_BT: bool, false for padding.
        wide_BW: float32, the counted fragments, if they are used.
    """

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    wide_BW: torch.Tensor | None = None


class Batch(NamedTuple):
    """Pairs side by side.

    Attributes:
        query: one view of each function.
        key: the other view.
        labels_B: int64.
        num_pieces: pieces of both views, without padding.
        num_refused: functions that were left out.
        masked: the queries with masked pieces, if masks are drawn.
        targets_BT: int64, the masked pieces; `IGNORED` elsewhere.
        num_masked: number of masked pieces.
        hard: hard negatives of some functions.
        owners_M: int64, the row of the function of each hard negative.
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
    """Put pairs into a batch, each side padded to its longest."""
    kept = [pair for pair in pairs if pair is not None]
    masked = [pair.masked for pair in kept if pair.masked is not None]
    hard = [(row, pair.hard) for row, pair in enumerate(kept) if pair.hard is not None]
    wide = [pair.wide for pair in kept if pair.wide is not None]

    def counted(view: int, rows: Iterable[int]) -> torch.Tensor | None:
        chosen = [wide[row][view] for row in rows] if wide else []
        return torch.from_numpy(np.stack(chosen)) if chosen else None

    return Batch(
        padded([pair.first for pair in kept], pad)._replace(wide_BW=counted(0, range(len(kept)))),
        padded([pair.second for pair in kept], pad)._replace(wide_BW=counted(1, range(len(kept)))),
        torch.tensor([pair.label for pair in kept], dtype=torch.long),
        sum(len(pair.first) + len(pair.second) for pair in kept),
        len(pairs) - len(kept),
        padded([one.ids_T for one in masked], pad) if masked else None,
        padded([one.targets_T for one in masked], IGNORED).pieces_BT if masked else None,
        sum(int((one.targets_T != IGNORED).sum()) for one in masked),
        padded([ids_T for _, ids_T in hard], pad)._replace(
            wide_BW=counted(2, (row for row, _ in hard))
        )
        if hard
        else None,
        torch.tensor([row for row, _ in hard]) if hard else None,
    )


def padded(rows: Sequence[np.ndarray], fill: int) -> Views:
    """Return rows of pieces padded to the longest, as tensors."""
    pieces_BT, mask_BT = windows.padded(rows, fill)
    return Views(torch.from_numpy(pieces_BT), torch.from_numpy(mask_BT))
