"""From labelled files to training examples of the type head.

Legend: T pieces, P covered pieces, O occurrences, N targets, F features, C type names of a file,
R forms of types made from a name, M match features.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

import augment
from contracode.corpus.labels.labelled_file import LabelledFile, TypeLabel
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
from contracode.javascript.records import KINDS, Span
from contracode.javascript.subtokens import Splitter

OTHER = 0
"""Output of all types outside the vocabulary. It gets a probability, but is never shown."""


class TypeVocabulary:
    """The types that the head can predict; output 0 is `OTHER`, output i the type i - 1.

    Attributes:
        types: the types, the most frequent first.
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
        """Return the vocabulary of labelled files, without `any`.

        Args:
            files: the labelled files.
            size: maximum number of types; the most frequent are kept.
            min_count: minimum number of occurrences of a type.
            min_repos: minimum number of repositories with a type; all of them if there are fewer.
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


class TypeReading(NamedTuple):
    """Settings of the head's inputs besides pieces.

    Attributes:
        feature_buckets: number of buckets of the hashed features; 0 for no features.
        pointers: whether the head can point to type names of the file.
        splitter: how names are split into words.
    """

    feature_buckets: int = 0
    pointers: bool = False
    splitter: Splitter = "unicode"


class FileSection(NamedTuple):
    """Consecutive windows of one file, and the targets that occur in their cores.

    Millions of targets are held in memory, hence the narrow types.

    Attributes:
        rows: the pieces of each window.
        covered_P2: int32, row and column of each covered piece, of the targets and then of the
            type names.
        occurrence_of: int32 (P,), the occurrence of each covered piece.
        target_of: int32 (O,), the target of each occurrence; type names are numbered after the
            targets.
        kinds: int64 (N,), kinds of the targets, as indices into `KINDS`.
        labels: int64 (N,), outputs of the head; V + number for a type made from a name of the file.
        features: int32 (N, F), hashed features of the targets; F is 0 without features.
        name_features: int32 (C, F), hashed features of the type names.
        fits: float16 (N, C, M), match features of target and type name.
        outputs: int64 (C, R), the vocabulary's output for each type made from a name; 0 if it has
            none.
    """

    rows: list[np.ndarray]
    covered_P2: np.ndarray
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
    reading: TypeReading | None = None,
) -> list[FileSection]:
    """Cut a file into sections of at most `max_windows` windows.

    Sections without targets are left out. A name that occurs in two sections is a target of both,
    pooled over its occurrences in each. A source that does not parse has no sections; it may have
    been labelled by another version.
    """
    reading = reading or TypeReading()
    read = _read(file, tokenizer, window, reading)
    if read is None:
        return []
    made = [
        _section(read, read.windows[start : start + max_windows], vocabulary, reading)
        for start in range(0, len(read.windows), max_windows)
    ]
    return [section for section in made if len(section.labels)]


class _ReadFile(NamedTuple):
    """A file with its pieces, windows, features and type names."""

    file: LabelledFile
    ids_T: np.ndarray
    spans_T2: np.ndarray
    windows: Sequence[windows.Window]
    features: Features
    names: Sequence[TypeName]


def _read(
    file: LabelledFile, tokenizer: Tokenizer, window: int, reading: TypeReading
) -> _ReadFile | None:
    """Return the inputs of a file; None if it does not parse."""
    encoding = tokenizer.encode(file.code)
    ids_T, spans_T2 = encoding.ids, encoding.spans
    if file.language == "tokens":
        found = windows.with_context(len(ids_T), window)
        names = type_names_of_tokens(file.code) if reading.pointers else []
        features = Features.of_tokens(file.code, reading.splitter)
        return _ReadFile(file, ids_T, spans_T2, found, features, names)
    try:
        program = augment.parse(file.code, language=file.language)
    except augment.ParseError:
        return None
    found = windows.with_context(len(ids_T), window, windows.breaks(program, spans_T2))
    names = type_names(program) if reading.pointers else []
    features = Features.of_program(program, reading.splitter)
    return _ReadFile(file, ids_T, spans_T2, found, features, names)


class _Targets(NamedTuple):
    """Labels with an occurrence in a section, their outputs, and these occurrences."""

    labels: list[TypeLabel]
    outputs: list[int]
    spans: list[list[Span]]


def _section(
    read: _ReadFile,
    chosen: Sequence[windows.Window],
    vocabulary: TypeVocabulary,
    reading: TypeReading,
) -> FileSection:
    first, last = chosen[0].core_start, chosen[-1].core_stop - 1
    inside = (int(read.spans_T2[first, 0]), int(read.spans_T2[last, 1]))
    named = [(one, spans) for one in read.names if (spans := _within(inside, one.occurrences))]
    names = [one for one, _ in named]
    targets = _targets(read, inside, names, vocabulary)
    which = windows.occurrences(read.spans_T2, [*targets.spans, *(spans for _, spans in named)])
    row_P = np.searchsorted([window.core_stop for window in chosen], which.pieces, side="right")
    column_P = which.pieces - np.asarray([window.start for window in chosen], np.int64)[row_P]
    labels, features, buckets = targets.labels, read.features, reading.feature_buckets
    none_NF, none_CF = np.zeros((len(labels), 0)), np.zeros((len(names), 0))
    no_fits_NCM = np.zeros((len(labels), 0, MARKS))
    outputs_CR = [[vocabulary.output(form.format(one.name)) for form in FORMS] for one in names]
    return FileSection(
        rows=[read.ids_T[window.start : window.stop] for window in chosen],
        covered_P2=np.stack([row_P, column_P], axis=1).astype(np.int32),
        occurrence_of=which.occurrence_of.astype(np.int32),
        target_of=which.target_of.astype(np.int32),
        kinds=np.asarray([KINDS.index(label.kind) for label in labels], np.int64),
        labels=np.asarray(targets.outputs, np.int64),
        features=(features.targets(labels, buckets) if buckets else none_NF).astype(np.int32),
        name_features=(features.names(names, buckets) if buckets else none_CF).astype(np.int32),
        fits=(features.fits(labels, names) if names else no_fits_NCM).astype(np.float16),
        outputs=np.asarray(outputs_CR, np.int64).reshape(-1, len(FORMS)),
    )


def _targets(
    read: _ReadFile, inside: Span, names: Sequence[TypeName], vocabulary: TypeVocabulary
) -> _Targets:
    known = {form.format(one.name) for one in read.names for form in FORMS}
    pointed = {
        form.format(one.name): len(vocabulary) + number * len(FORMS) + r
        for number, one in enumerate(names)
        for r, form in enumerate(FORMS)
    }
    targets = _Targets([], [], [])
    for label in read.file.labels:
        if label.type == "any" or not (spans := _within(inside, label.occurrences)):
            continue
        output = vocabulary.output(label.type) or pointed.get(label.type, OTHER)
        if output == OTHER and label.type in known:
            continue  # a type name of another section, which this one cannot point to
        targets.labels.append(label)
        targets.outputs.append(output)
        targets.spans.append(spans)
    return targets


def _within(inside: Span, spans: Iterable[Span]) -> list[Span]:
    return [span for span in spans if inside[0] <= span[0] and span[1] <= inside[1]]
