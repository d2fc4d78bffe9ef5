"""An index of the functions of a workspace, updated incrementally.

Legend: N functions, M some of them, D embedding, K values of a sketch.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

import augment
from contracode.corpus.sources.repositories import LANGUAGES, Repository
from contracode.corpus.storage.readers import OnProblem
from contracode.products.search.functions import IndexedFunction, functions_of
from contracode.products.search.sketches import SIZE
from contracode.support.errors import InputError

STEP = 32
"""Functions that are embedded between two steps, in a fraction of a second; between steps, an
update can be cancelled.
"""

_BATCH = 8
"""Functions that are encoded at once; they are sorted by length, so that there is little padding.
"""


class Embedder(Protocol):
    """What an index needs of a model; `contracode.inference.model.Model` has it."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the embeddings change."""
        ...

    def embed(
        self,
        sources: Sequence[str],
        *,
        language: augment.Language,
        use_names: bool,
        batch_size: int,
    ) -> np.ndarray:
        """Return float32 (N, D), rows of unit norm."""
        ...


class IndexedFile(msgspec.Struct, frozen=True, array_like=True):
    """One file of an index: path below the root, digest of its content, functions."""

    path: str
    digest: bytes
    functions: list[IndexedFunction]


class FunctionLocation(NamedTuple):
    """A function of an index and the path of its file."""

    path: str
    function: IndexedFunction


class Progress(NamedTuple):
    """Progress of an update: files read, functions embedded, and functions to embed, once known."""

    files: int
    done: int
    total: int | None


@dataclass(slots=True)
class IndexReport:
    """What an update did.

    Attributes:
        embedded: number of functions that were embedded.
        left_out: number of files and functions that are not in the index, by reason.
    """

    embedded: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Index:
    """The functions of the files below a folder, each with an embedding.

    Args:
        root: the folder.
        model: fingerprint of the model.
        files: in the order in which they were found.
        vectors_ND: float16, in the order of the functions; of unit norm.
    """

    def __init__(
        self, root: Path, *, model: str, files: list[IndexedFile], vectors_ND: np.ndarray
    ) -> None:
        assert len(vectors_ND) == sum(len(file.functions) for file in files)
        self.root = root
        self.model = model
        self.files = files
        self.vectors_ND = vectors_ND

    def __len__(self) -> int:
        return len(self.vectors_ND)

    @cached_property
    def places(self) -> list[FunctionLocation]:
        """All functions, in the order of the rows."""
        return [
            FunctionLocation(file.path, function)
            for file in self.files
            for function in file.functions
        ]

    @cached_property
    def sketches_NK(self) -> np.ndarray:
        """Sketches of all functions: uint8 (N, K)."""
        held = b"".join(place.function.sketch for place in self.places)
        return np.frombuffer(held, np.uint8).reshape(len(self), SIZE)

    def unit(self, rows: slice | list[int]) -> np.ndarray:
        """Return the vectors of some rows, of unit norm up to rounding: float32 (M, D)."""
        vectors_MD = self.vectors_ND[rows].astype(np.float32)
        return vectors_MD / np.maximum(np.linalg.norm(vectors_MD, axis=1, keepdims=True), 1e-6)

    def rows_by_text(self) -> dict[bytes, int]:
        """Return key of a text -> a row with it."""
        return {place.function.text: row for row, place in enumerate(self.places)}


def update(
    root: Path,
    model: Embedder,
    previous: Index | None = None,
    *,
    report: IndexReport | None = None,
    on_problem: OnProblem = lambda problem: None,
) -> Generator[Progress, None, Index]:
    """Build an index of a folder step by step, reusing the vectors of an earlier one.

    The same files are left out as in corpora (`contracode.corpus.sources.left_out`): those that
    .gitignore names, vendored, generated and minified ones, fixtures, and declarations. Memory
    holds both indexes and the texts of some functions. Stopping between two steps has no effect.

    Args:
        root: an existing folder.
        model: embeds functions.
        previous: an index of the same folder; ignored if another model made it.
        report: filled with what was done.
        on_problem: called with each file that cannot be read.

    Returns:
        The index, as the generator's value (`yield from`, or `run`).

    Raises:
        InputError: there is no such folder.
    """
    if not root.is_dir():
        raise InputError("no such folder", path=root)
    report = report if report is not None else IndexReport()
    if previous is not None and previous.model != model.fingerprint:
        previous = None
    files: list[IndexedFile] = []
    for file in _scan(root, previous, report, on_problem):
        files.append(file)
        yield Progress(len(files), 0, None)
    row_of = previous.rows_by_text() if previous is not None else {}
    missing = dict.fromkeys(
        f.text for file in files for f in file.functions if f.text not in row_of
    )
    row_of_new, parts = yield from _embed_missing(root, model, files, missing, report)
    # Files that changed during the update are left to the next one.
    files = [
        file
        for file in files
        if all(f.text in row_of or f.text in row_of_new for f in file.functions)
    ]
    vectors_ND = _gather(files, previous, row_of, parts, row_of_new)
    return Index(root, model=model.fingerprint, files=files, vectors_ND=vectors_ND)


def _embed_missing(
    root: Path,
    model: Embedder,
    files: list[IndexedFile],
    missing: dict[bytes, None],
    report: IndexReport,
) -> Generator[Progress, None, tuple[dict[bytes, int], list[np.ndarray]]]:
    """Embed functions, `STEP` at a time; return the row of each text's key, and the vectors."""
    row_of: dict[bytes, int] = {}
    parts: list[np.ndarray] = []
    pending = _texts(root, files, missing)
    while texts := list(islice(pending, STEP)):
        keys, functions, languages = zip(*texts, strict=True)
        row_of.update(zip(keys, range(len(row_of), len(row_of) + len(keys)), strict=True))
        parts.append(_embed(model, functions, languages))
        report.embedded += len(texts)
        yield Progress(len(files), len(row_of), len(missing))
    return row_of, parts


def run(
    steps: Generator[Progress, None, Index], progress: Callable[[Progress], None] = lambda _: None
) -> Index:
    """Run all steps of an update and return its index."""
    while True:
        try:
            progress(next(steps))
        except StopIteration as end:
            return end.value


def _scan(
    root: Path, previous: Index | None, report: IndexReport, on_problem: OnProblem
) -> Iterator[IndexedFile]:
    """Yield the files below the root; unchanged ones are taken from the previous index."""
    known = {file.path: file for file in previous.files} if previous is not None else {}
    repository = Repository(name=root.name, place=root, left_out=report.left_out)
    for source in repository.sources(on_problem):
        digest = _digest(source.content)
        before = known.get(source.path)
        if before is not None and before.digest == digest:
            yield before
            continue
        try:
            functions = [
                function
                for function, _ in functions_of(source.content, source.language, report.left_out)
            ]
        except (augment.ParseError, RecursionError, UnicodeDecodeError):
            report.left_out["does not parse"] += 1
            functions = []
        yield IndexedFile(source.path, digest, functions)


def _texts(
    root: Path, files: list[IndexedFile], missing: dict[bytes, None]
) -> Iterator[tuple[bytes, str, augment.Language]]:
    """Yield the key, text and language of each missing function."""
    wanted = dict(missing)
    for file in files:
        if not any(function.text in wanted for function in file.functions):
            continue
        try:
            content = (root / file.path).read_bytes()
        except OSError:
            continue
        if _digest(content) != file.digest:
            continue
        language = LANGUAGES[Path(file.path).suffix]
        for function, text in functions_of(content, language, Counter()):
            if function.text in wanted:
                del wanted[function.text]
                yield function.text, text, language


def _embed(
    model: Embedder, functions: Sequence[str], languages: Sequence[augment.Language]
) -> np.ndarray:
    """Return float16 (M, D)."""
    rows: dict[int, np.ndarray] = {}
    for language in sorted(set(languages)):
        chosen = [number for number, one in enumerate(languages) if one == language]
        # Without names, as a renamed copy is a copy too; searches by words are ranked separately.
        texts = [functions[number] for number in chosen]
        vectors = model.embed(texts, language=language, use_names=False, batch_size=_BATCH)
        rows.update(zip(chosen, vectors.astype(np.float16), strict=True))
    return np.stack([rows[number] for number in range(len(functions))])


def _gather(
    files: list[IndexedFile],
    previous: Index | None,
    row_of: dict[bytes, int],
    parts: list[np.ndarray],
    row_of_new: dict[bytes, int],
) -> np.ndarray:
    """Return the vectors of all functions, from the previous index and the new parts: float16 (N,
    D).
    """
    keys = [function.text for file in files for function in file.functions]
    sources = [*([previous.vectors_ND] if previous is not None and len(previous) else []), *parts]
    if not keys:
        return np.zeros((0, sources[0].shape[1] if sources else 0), np.float16)
    num_before = len(previous) if previous is not None else 0
    rows = [row_of[key] if key in row_of else num_before + row_of_new[key] for key in keys]
    return np.concatenate(sources)[rows]


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()
