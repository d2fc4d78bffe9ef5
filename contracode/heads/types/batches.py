"""Batches of the type head.

Legend: B windows, T pieces of the longest, P covered pieces, O occurrences, N targets, F features,
C maximum number of type names of a section, K type names of all sections, R forms of types made
from a name, M match features, V types of the vocabulary, D hidden width.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from contracode.heads.batches import pad_rows
from contracode.heads.types.examples import FileSection
from contracode.inference.types.features import FORMS, MARKS


class TypeBatch(NamedTuple):
    """Sections of files as tensors.

    Attributes:
        pieces_BT: int64, the windows of all sections.
        mask_BT: true for pieces, false for padding.
        covered_P: int64, covered pieces of the targets and then of the type names, as indices into
            the hidden states flattened to (B * T, D).
        occurrence_P: int64, the occurrence of each covered piece.
        target_O: int64, the target of each occurrence; type names are numbered after the targets.
        kind_N: int64, kinds of the targets, as indices into `KINDS`.
        label_N: int64, outputs of the head; V + number for a type made from a name of the file.
        features_NF: int64, hashed features of the targets.
        name_features_KF: int64, hashed features of the type names.
        name_NC: int64, the type names of the target's section, as indices into K; -1 for padding.
        fits_NCM: float32, match features of target and type name.
        outputs_NCR: int64, the vocabulary's output for each type made from a name; 0 if it has
            none.
    """

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    covered_P: torch.Tensor
    occurrence_P: torch.Tensor
    target_O: torch.Tensor
    kind_N: torch.Tensor
    label_N: torch.Tensor
    features_NF: torch.Tensor
    name_features_KF: torch.Tensor
    name_NC: torch.Tensor
    fits_NCM: torch.Tensor
    outputs_NCR: torch.Tensor


def collate(chosen: Sequence[FileSection], *, pad: int) -> TypeBatch:
    """Put sections into one batch; `pad` is the padding piece."""
    pieces_BT, mask_BT = pad_rows([row for section in chosen for row in section.rows], pad=pad)
    name_NC, fits_NCM, outputs_NCR = _names(chosen)
    return TypeBatch(
        pieces_BT,
        mask_BT,
        *_occurrences(chosen, pieces_BT.shape[1]),
        _joined([section.kinds for section in chosen]),
        _joined([section.labels for section in chosen]),
        _joined([section.features for section in chosen]),
        _joined([section.name_features for section in chosen]),
        torch.from_numpy(name_NC),
        torch.from_numpy(fits_NCM),
        torch.from_numpy(outputs_NCR),
    )


def _joined(arrays: Sequence[np.ndarray]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(arrays).astype(np.int64))


def _names(chosen: Sequence[FileSection]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the type names that each target can point to: `name_NC`, `fits_NCM`, `outputs_NCR`."""
    num_targets = sum(len(section.labels) for section in chosen)
    max_names = max(len(section.outputs) for section in chosen)
    name_NC = np.full((num_targets, max_names), -1, np.int64)
    fits_NCM = np.zeros((num_targets, max_names, MARKS), np.float32)
    outputs_NCR = np.zeros((num_targets, max_names, len(FORMS)), np.int64)
    first_target = first_name = 0
    for section in chosen:
        names = len(section.outputs)
        inside = slice(first_target, first_target + len(section.labels))
        name_NC[inside, :names] = np.arange(first_name, first_name + names)
        fits_NCM[inside, :names] = section.fits
        outputs_NCR[inside, :names] = section.outputs
        first_target += len(section.labels)
        first_name += names
    return name_NC, fits_NCM, outputs_NCR


def _occurrences(
    chosen: Sequence[FileSection], length: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return `covered_P`, `occurrence_P` and `target_O`, for windows padded to a length."""
    num_targets = sum(len(section.labels) for section in chosen)
    covered_P, occurrence_P, target_O = _part(chosen, length, names=False)
    names = _part(chosen, length, names=True)
    return (
        _joined([covered_P, names[0]]),
        _joined([occurrence_P, names[1] + len(target_O)]),
        _joined([target_O, names[2] + num_targets]),
    )


def _part(
    chosen: Sequence[FileSection], length: int, *, names: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pieces and occurrences of the targets alone, or of the type names alone."""
    covered: list[np.ndarray] = []
    occurrence: list[np.ndarray] = []
    target: list[np.ndarray] = []
    num_rows = num_occurrences = first = 0
    for section in chosen:
        num_targets = len(section.labels)
        chosen_O = (section.target_of >= num_targets) == names
        chosen_P = chosen_O[section.occurrence_of]
        # In a section, the occurrences of names follow those of targets.
        skipped = int((~chosen_O).sum()) if names else 0
        row_P, column_P = section.covered_P2[chosen_P].astype(np.int64).T
        covered.append((row_P + num_rows) * length + column_P)
        occurrence.append(section.occurrence_of[chosen_P] - skipped + num_occurrences)
        target.append(section.target_of[chosen_O] - (num_targets if names else 0) + first)
        num_rows += len(section.rows)
        num_occurrences += int(chosen_O.sum())
        first += len(section.outputs) if names else num_targets
    return np.concatenate(covered), np.concatenate(occurrence), np.concatenate(target)
