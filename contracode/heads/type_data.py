"""From labelled files to batches of the type head.

Legend: B windows, T pieces of the longest, P covered pieces, O occurrences, N targets.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch

import augment
from contracode import windows
from contracode.corpus.types import LabelledFile, TypeLabel
from contracode.predictions import KINDS
from contracode.tokenizer import Tokenizer

OTHER = 0
"""Output for every type outside the vocabulary; it takes its share of probability and is never shown."""


class TypeVocabulary:
    """The types that the head can say; output 0 is `OTHER`, output i the type i - 1.

    Attributes:
        types: the commonest first.
    """

    def __init__(self, types: Sequence[str]) -> None:
        self.types = list(types)
        self._output_of = {name: output for output, name in enumerate(self.types, start=1)}

    def __len__(self) -> int:
        return len(self.types) + 1

    @classmethod
    def of_files(cls, files: Iterable[LabelledFile], *, size: int, min_count: int) -> "TypeVocabulary":
        """Return the `size` commonest types that occur `min_count` times, never `any`."""
        counts = Counter(label.type for file in files for label in file.labels if label.type != "any")
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls([name for name, count in ranked[:size] if count >= min_count])

    def output(self, name: str) -> int:
        """Return the output for a type."""
        return self._output_of.get(name, OTHER)


class Section(NamedTuple):
    """Consecutive windows of one file, and the targets with an occurrence in their cores.

    Attributes:
        rows: the pieces of each window.
        places: int64 (P, 2), row and column of each covered piece.
        occurrence_of: int64 (P,).
        target_of: int64 (O,).
        kinds: int64 (N,), indices into `KINDS`.
        labels: int64 (N,), outputs of the head.
    """

    rows: list[np.ndarray]
    places: np.ndarray
    occurrence_of: np.ndarray
    target_of: np.ndarray
    kinds: np.ndarray
    labels: np.ndarray


def sections(
    file: LabelledFile, tokenizer: Tokenizer, vocabulary: TypeVocabulary, *, window: int, max_windows: int
) -> list[Section]:
    """Cut a file into sections of at most `max_windows` windows; sections without a target are left out.

    A name that occurs in two sections is a target of both, pooled over its occurrences there.

    Raises:
        augment.ParseError: the source does not parse.
    """
    encoding = tokenizer.encode(file.code)
    places = windows.breaks(augment.parse(file.code), encoding.spans)
    found = windows.with_context(len(encoding.ids), window, places)
    made: list[Section] = []
    for start in range(0, len(found), max_windows):
        section = _section(file, encoding.ids, encoding.spans, found[start : start + max_windows], vocabulary)
        if len(section.labels):
            made.append(section)
    return made


def _section(
    file: LabelledFile,
    ids_T: np.ndarray,
    spans_T2: np.ndarray,
    chosen: Sequence[windows.Window],
    vocabulary: TypeVocabulary,
) -> Section:
    first, last = chosen[0].core_start, chosen[-1].core_stop - 1
    inside = (int(spans_T2[first, 0]), int(spans_T2[last, 1]))
    labels: list[TypeLabel] = []
    spans: list[list[tuple[int, int]]] = []
    for label in file.labels:
        here = [span for span in label.occurrences if inside[0] <= span[0] and span[1] <= inside[1]]
        if here and label.type != "any":
            labels.append(label)
            spans.append(here)
    which = windows.occurrences(spans_T2, spans)
    row_P = np.searchsorted([window.core_stop for window in chosen], which.pieces, side="right")
    column_P = which.pieces - np.asarray([window.start for window in chosen], np.int64)[row_P]
    return Section(
        rows=[ids_T[window.start : window.stop] for window in chosen],
        places=np.stack([row_P, column_P], axis=1),
        occurrence_of=which.occurrence_of,
        target_of=which.target_of,
        kinds=np.asarray([KINDS.index(label.kind) for label in labels], np.int64),
        labels=np.asarray([vocabulary.output(label.type) for label in labels], np.int64),
    )


class TypeBatch(NamedTuple):
    """Sections side by side, as tensors; `covered_P` indexes the hidden states flattened to (B * T, D)."""

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    covered_P: torch.Tensor
    occurrence_P: torch.Tensor
    target_O: torch.Tensor
    kind_N: torch.Tensor
    label_N: torch.Tensor


def collate(chosen: Sequence[Section], *, pad: int) -> TypeBatch:
    """Put sections into one batch."""
    rows = [row for section in chosen for row in section.rows]
    pieces_BT, mask_BT = pad_rows(rows, pad=pad)
    covered, occurrence, target = [], [], []
    num_rows = num_occurrences = num_targets = 0
    for section in chosen:
        covered.append((section.places[:, 0] + num_rows) * pieces_BT.shape[1] + section.places[:, 1])
        occurrence.append(section.occurrence_of + num_occurrences)
        target.append(section.target_of + num_targets)
        num_rows += len(section.rows)
        num_occurrences += len(section.target_of)
        num_targets += len(section.labels)
    covered_P, occurrence_P, target_O = (
        torch.from_numpy(np.concatenate(parts)) for parts in (covered, occurrence, target)
    )
    return TypeBatch(
        pieces_BT,
        mask_BT,
        covered_P,
        occurrence_P,
        target_O,
        torch.from_numpy(np.concatenate([section.kinds for section in chosen])),
        torch.from_numpy(np.concatenate([section.labels for section in chosen])),
    )


def pad_rows(rows: Sequence[np.ndarray], *, pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of pieces as int64 (B, T), filled with `pad`, and the mask of what is no filling, bool (B, T)."""
    length_B = torch.tensor([len(row) for row in rows])
    mask_BT = torch.arange(int(length_B.max())) < length_B[:, None]
    pieces_BT = torch.full(mask_BT.shape, pad)
    pieces_BT[mask_BT] = torch.from_numpy(np.concatenate(rows).astype(np.int64))
    return pieces_BT, mask_BT
