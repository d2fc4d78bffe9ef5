"""An index of a workspace's functions, brought up to date by what has changed.

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
"""Functions embedded between two steps: a fraction of a second, after which others may have the
processor, or cancel.
"""

_BATCH = 8
"""Of those, encoded at once; they are sorted by length, so that little is padding."""


class Embedder(Protocol):
    """What an index asks of a model; `contracode.inference.model.Model` is one."""

    @property
    def fingerprint(self) -> str:
        """What is another for a model whose vectors are others."""
        ...

    def embed(
        self,
        sources: Sequence[str],
        *,
        language: augment.Language,
        use_names: bool,
        batch_size: int,
    ) -> np.ndarray:
        """Return float32 (N, D), rows of unit norm; blind to names where these do not count."""
        ...


class IndexedFile(msgspec.Struct, frozen=True, array_like=True):
    """One file of an index: its path below the root with slashes, the digest of its content, its
    functions in order.
    """

    path: str
    digest: bytes
    functions: list[IndexedFunction]


class FunctionLocation(NamedTuple):
    """A function of an index and the path of its file."""

    path: str
    function: IndexedFunction


class Progress(NamedTuple):
    """How far an update is: files looked at; functions embedded of those that have to be, once that
    is known.
    """

    files: int
    done: int
    total: int | None


@dataclass(slots=True)
class IndexReport:
    """What an update did.

    Attributes:
        embedded: functions whose vectors were computed.
        left_out: files and functions that are not in the index, by reason.
    """

    embedded: int = 0
    left_out: Counter[str] = field(default_factory=Counter)


class Index:
    """Functions of the files below one folder, each with a vector of unit norm.

    Args:
        root: the folder.
        model: fingerprint of the model.
        files: in the order in which they were found.
        vectors_ND: float16, in the order of the functions.
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
        """Return a row for each key of a text."""
        return {place.function.text: row for row, place in enumerate(self.places)}


def update(
    root: Path,
    model: Embedder,
    previous: Index | None = None,
    *,
    report: IndexReport | None = None,
    on_problem: OnProblem = lambda problem: None,
) -> Generator[Progress, None, Index]:
    """Make an index of a folder, step by step; vectors of texts that `previous` has are taken from
    there.

    Files are left out as the corpus miner leaves them out (`contracode.corpus.sources.repositories`): what
    .gitignore files below the root say, vendored, generated and minified ones, fixtures,
    declarations. What is held at one time is the index, the one before, and the text of some
    functions. A caller that stops between two steps has changed nothing.

    Args:
        root: an existing folder.
        model: embeds.
        previous: of the same folder; not used if another model made it.
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
    # A file that vanished or changed meanwhile is left to the next update.
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
    """Embed functions, `STEP` at a time; return their rows by key of the text, and their vectors."""
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
    """Take all steps of an update and return its index."""
    while True:
        try:
            progress(next(steps))
        except StopIteration as end:
            return end.value


def _scan(
    root: Path, previous: Index | None, report: IndexReport, on_problem: OnProblem
) -> Iterator[IndexedFile]:
    """Yield the files below the root, those that did not change as they were."""
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
    """Yield the missing functions, each once: key, text, language."""
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
        # Blind to names: a copy that was renamed is a copy, and searches join words by rank
        # (`ranking`).
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
    """Return the vectors of all functions of the files, from the index before and from the parts
    that were embedded: float16 (N, D).
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
