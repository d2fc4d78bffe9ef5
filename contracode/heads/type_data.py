"""From labelled files to batches of the type head.

Legend: B windows, T pieces of the longest, P covered pieces, O occurrences, N targets, F features,
    C type names of a file, R forms of types
made of a name, M marks of a fit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch

import augment
from contracode.corpus.labels.type_corpus import LabelledFile, TypeLabel
from contracode.inference.types.features import (
    FORMS,
    MARKS,
    Features,
    TypeName,
    type_names,
    type_names_of_tokens,
)
from contracode.inputs import windows
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import KINDS
from contracode.javascript.subtokens import Splitter

OTHER = 0
"""Output for every type outside the vocabulary; it takes its share of probability and is never
shown.
"""


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
    def of_files(
        cls, files: Iterable[LabelledFile], *, size: int, min_count: int, min_repos: int = 1
    ) -> "TypeVocabulary":
        """Return the `size` commonest types that occur `min_count` times in `min_repos`
        repositories (or all there are), never `any`.
        """
        counts: Counter[str] = Counter()
        repos_of: dict[str, set[str]] = {}
        repos: set[str] = set()
        for file in files:
            repos.add(file.repo)
            for label in file.labels:
                if label.type != "any":
                    counts[label.type] += 1
                    repos_of.setdefault(label.type, set()).add(file.repo)
        enough = min(min_repos, len(repos))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return cls(
            [
                name
                for name, count in ranked
                if count >= min_count and len(repos_of[name]) >= enough
            ][:size]
        )

    def output(self, name: str) -> int:
        """Return the output for a type."""
        return self._output_of.get(name, OTHER)


class Reading(NamedTuple):
    """What of a file the head reads beside its pieces.

    Attributes:
        features: buckets of hashed features; 0 for none.
        names: type names of the file can be pointed to.
        splitter: how names are split.
    """

    features: int = 0
    names: bool = False
    splitter: Splitter = "unicode"


class Section(NamedTuple):
    """Consecutive windows of one file, and the targets with an occurrence in their cores; millions
    of targets lie in memory.

    Attributes:
        rows: the pieces of each window.
        places: int32 (P, 2), row and column of each covered piece: of the targets, then of the type
            names.
        occurrence_of: int32 (P,).
        target_of: int32 (O,), targets, then type names.
        kinds: int64 (N,), indices into `KINDS`.
        labels: int64 (N,), outputs of the head, or V + number of a type that is made of a name of
            the file.
        features: int32 (N, F) hashed features of the targets; F is 0 without.
        name_features: int32 (C, F) of the type names.
        fits: float16 (N, C, M).
        outputs: int64 (C, R), the vocabulary's output for each type that is made of a name, 0 where
            it has none.
    """

    rows: list[np.ndarray]
    places: np.ndarray
    occurrence_of: np.ndarray
    target_of: np.ndarray
    kinds: np.ndarray
    labels: np.ndarray
    features: np.ndarray
    name_features: np.ndarray
    fits: np.ndarray
    outputs: np.ndarray


def sections(
    file: LabelledFile,
    tokenizer: Tokenizer,
    vocabulary: TypeVocabulary,
    *,
    window: int,
    max_windows: int,
    reading: Reading | None = None,
) -> list[Section]:
    """Cut a file into sections of at most `max_windows` windows; sections without a target are left
    out.

    A name that occurs in two sections is a target of both, pooled over its occurrences there. A
    source that does not parse has none: what another version has labelled may be refused by this
    one.
    """
    reading = reading or Reading()
    encoding = tokenizer.encode(file.code)
    if file.language == "tokens":
        found = windows.with_context(len(encoding.ids), window)
        names = type_names_of_tokens(file.code) if reading.names else []
        features = Features.of_tokens(file.code, reading.splitter)
    else:
        try:
            program = augment.parse(file.code, language=file.language)
        except augment.ParseError:
            return []
        found = windows.with_context(
            len(encoding.ids), window, windows.breaks(program, encoding.spans)
        )
        names = type_names(program) if reading.names else []
        features = Features.of_program(program, reading.splitter)
    known = {form.format(one.name) for one in names for form in FORMS}
    made: list[Section] = []
    for start in range(0, len(found), max_windows):
        chosen = found[start : start + max_windows]
        section = _section(
            file, encoding.ids, encoding.spans, chosen, vocabulary, reading, features, names, known
        )
        if len(section.labels):
            made.append(section)
    return made


def _section(
    file: LabelledFile,
    ids_T: np.ndarray,
    spans_T2: np.ndarray,
    chosen: Sequence[windows.Window],
    vocabulary: TypeVocabulary,
    reading: Reading,
    features: Features,
    names: Sequence[TypeName],
    known: set[str],
) -> Section:
    first, last = chosen[0].core_start, chosen[-1].core_stop - 1
    inside = (int(spans_T2[first, 0]), int(spans_T2[last, 1]))

    def here(occurrences: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        return [span for span in occurrences if inside[0] <= span[0] and span[1] <= inside[1]]

    named = [(one, places) for one in names if (places := here(one.occurrences))]
    outputs_CR = np.asarray(
        [[vocabulary.output(form.format(one.name)) for form in FORMS] for one, _ in named], np.int64
    ).reshape(-1, len(FORMS))
    pointed = {
        form.format(one.name): len(vocabulary) + number * len(FORMS) + r
        for number, (one, _) in enumerate(named)
        for r, form in enumerate(FORMS)
    }
    labels: list[TypeLabel] = []
    outputs: list[int] = []
    spans: list[list[tuple[int, int]]] = []
    for label in file.labels:
        if label.type == "any" or not (shown := here(label.occurrences)):
            continue
        output = vocabulary.output(label.type) or pointed.get(label.type, OTHER)
        if output == OTHER and label.type in known:
            continue  # the file names it, but in another section
        labels.append(label)
        outputs.append(output)
        spans.append(shown)
    which = windows.occurrences(spans_T2, [*spans, *(places for _, places in named)])
    row_P = np.searchsorted([window.core_stop for window in chosen], which.pieces, side="right")
    column_P = which.pieces - np.asarray([window.start for window in chosen], np.int64)[row_P]
    kept = [one for one, _ in named]
    hashed = reading.features
    return Section(
        rows=[ids_T[window.start : window.stop] for window in chosen],
        places=np.stack([row_P, column_P], axis=1).astype(np.int32),
        occurrence_of=which.occurrence_of.astype(np.int32),
        target_of=which.target_of.astype(np.int32),
        kinds=np.asarray([KINDS.index(label.kind) for label in labels], np.int64),
        labels=np.asarray(outputs, np.int64),
        features=(
            features.targets(labels, hashed) if hashed else np.zeros((len(labels), 0))
        ).astype(np.int32),
        name_features=(features.names(kept, hashed) if hashed else np.zeros((len(kept), 0))).astype(
            np.int32
        ),
        fits=(features.fits(labels, kept) if kept else np.zeros((len(labels), 0, MARKS))).astype(
            np.float16
        ),
        outputs=outputs_CR,
    )


class TypeBatch(NamedTuple):
    """Sections side by side, as tensors; `covered_P` indexes the hidden states flattened to (B * T,
    D).

    Occurrences and pieces are those of the targets, then those of the type names. C is the most
    names of one of the sections.
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
    """Of the K names of all sections."""
    name_NC: torch.Tensor
    """Which of the K names are those of the target's section; -1 for none."""
    fits_NCM: torch.Tensor
    outputs_NCR: torch.Tensor


def collate(chosen: Sequence[Section], *, pad: int) -> TypeBatch:
    """Put sections into one batch."""
    rows = [row for section in chosen for row in section.rows]
    pieces_BT, mask_BT = pad_rows(rows, pad=pad)
    num_targets = sum(len(section.labels) for section in chosen)
    most = max(len(section.outputs) for section in chosen)
    name_NC = np.full((num_targets, most), -1, np.int64)
    fits_NCM = np.zeros((num_targets, most, MARKS), np.float32)
    outputs_NCR = np.zeros((num_targets, most, len(FORMS)), np.int64)
    covered: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    occurrence: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    target: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    num_rows = first_target = first_name = 0
    num_occurrences = [0, 0]
    for section in chosen:
        here, names = len(section.labels), len(section.outputs)
        place_P = (section.places[:, 0].astype(np.int64) + num_rows) * pieces_BT.shape[
            1
        ] + section.places[:, 1]
        is_name_O = section.target_of >= here
        is_name_P = is_name_O[section.occurrence_of]
        split = int((~is_name_O).sum())
        for part, first, of_P, of_O in (
            (0, first_target, ~is_name_P, ~is_name_O),
            (1, num_targets + first_name - here, is_name_P, is_name_O),
        ):
            covered[part].append(place_P[of_P])
            occurrence[part].append(
                section.occurrence_of[of_P] + num_occurrences[part] - part * split
            )
            target[part].append(section.target_of[of_O] + first)
            num_occurrences[part] += int(of_O.sum())
        inside = slice(first_target, first_target + here)
        name_NC[inside, :names] = np.arange(first_name, first_name + names)
        fits_NCM[inside, :names] = section.fits
        outputs_NCR[inside, :names] = section.outputs
        num_rows += len(section.rows)
        first_target += here
        first_name += names
    occurrence = (occurrence[0], [part + num_occurrences[0] for part in occurrence[1]])
    covered_P, occurrence_P, target_O = (
        torch.from_numpy(np.concatenate([*parts[0], *parts[1]]).astype(np.int64))
        for parts in (covered, occurrence, target)
    )
    return TypeBatch(
        pieces_BT,
        mask_BT,
        covered_P,
        occurrence_P,
        target_O,
        torch.from_numpy(np.concatenate([section.kinds for section in chosen])),
        torch.from_numpy(np.concatenate([section.labels for section in chosen])),
        torch.from_numpy(np.concatenate([section.features for section in chosen]).astype(np.int64)),
        torch.from_numpy(
            np.concatenate([section.name_features for section in chosen]).astype(np.int64)
        ),
        torch.from_numpy(name_NC),
        torch.from_numpy(fits_NCM),
        torch.from_numpy(outputs_NCR),
    )


def pad_rows(rows: Sequence[np.ndarray], *, pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of pieces as int64 (B, T), filled with `pad`, and the mask of what is no filling,
    bool (B, T).
    """
    length_B = torch.tensor([len(row) for row in rows])
    mask_BT = torch.arange(int(length_B.max())) < length_B[:, None]
    pieces_BT = torch.full(mask_BT.shape, pad)
    pieces_BT[mask_BT] = torch.from_numpy(np.concatenate(rows).astype(np.int64))
    return pieces_BT, mask_BT
