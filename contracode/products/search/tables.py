"""The functions of a folder, and its clones, as plain rows or pandas frames: the public API.

>>> import contracode
>>> rows = contracode.index_folder("src")
>>> rows[0].path, rows[0].line, rows[0].name
>>> contracode.find_clones("src").to_pandas()
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from contracode.inference.model import load
from contracode.products.search.clones import MIN_TOKENS, THRESHOLD, clones
from contracode.products.search.index import Embedder, FunctionLocation, Index, run, update
from contracode.products.search.store import refresh

if TYPE_CHECKING:
    import pandas  # pyright: ignore[reportMissingImports] an optional library


class FunctionRow(NamedTuple):
    """One function of a folder.

    Attributes:
        path: of its file, below the folder, with slashes.
        line: 1-based, where it begins.
        end_line: where it ends.
        name: "" for an anonymous one.
        tokens: number of its tokens.
        vector: float32 (D,), its embedding without names, of unit norm.
    """

    path: str
    line: int
    end_line: int
    name: str
    tokens: int
    vector: np.ndarray


class CloneRow(NamedTuple):
    """One function of a group of clones.

    Attributes:
        group: number of the group, from 1 on; those that repeat most come first.
        kind: "identical", "renamed" or "similar".
        path: of its file, below the folder, with slashes.
        line: 1-based, where it begins.
        end_line: where it ends.
        name: "" for an anonymous one.
        tokens: number of its tokens.
        likeness: to the first function of the group, 0 to 1.
    """

    group: int
    kind: str
    path: str
    line: int
    end_line: int
    name: str
    tokens: int
    likeness: float


_Row = TypeVar("_Row", FunctionRow, CloneRow)


class RowList(list[_Row], Generic[_Row]):
    """A list of rows that can become a pandas frame."""

    def to_pandas(self) -> pandas.DataFrame:  # pyright: ignore[reportUnknownParameterType]
        """Return a frame with a column for each attribute of the rows.

        Raises:
            ImportError: pandas is not installed.
        """
        import pandas  # pyright: ignore[reportMissingImports]

        columns = self[0]._fields if self else ()
        return pandas.DataFrame([row._asdict() for row in self], columns=columns)


def index_folder(
    folder: str | Path, *, model: Embedder | str | Path | None = None, cache: bool = True
) -> RowList[FunctionRow]:
    """Embed every function of at least 10 tokens below a folder, nested ones too.

    Files are left out as by `contracode search`: vendored, generated and minified ones, and those
    that .gitignore names.

    Args:
        folder: an existing folder.
        model: a loaded model, the name of a shipped one, or a model folder.
        cache: keep the index in the user's cache folder, so that next time only functions that
            changed are embedded.

    Raises:
        InputError: there is no such folder or model, or the cache cannot be written.
    """
    index = _index(folder, model, cache)
    vectors_ND = index.unit(slice(None))
    return RowList(
        FunctionRow(*_facts(place), vector_D)
        for place, vector_D in zip(index.places, vectors_ND, strict=True)
    )


def find_clones(
    folder: str | Path,
    *,
    model: Embedder | str | Path | None = None,
    cache: bool = True,
    threshold: float = THRESHOLD,
    min_tokens: int = MIN_TOKENS,
) -> RowList[CloneRow]:
    """Find groups of functions below a folder that are alike.

    Args:
        folder: an existing folder.
        model: as in `index_folder`.
        cache: as in `index_folder`.
        threshold: smallest likeness of a function to the first of its group.
        min_tokens: functions with fewer tokens are not compared.

    Returns:
        A row for each function of a group, group by group.

    Raises:
        InputError: as `index_folder`.
    """
    index = _index(folder, model, cache)
    groups = clones(index, threshold=threshold, min_tokens=min_tokens)
    return RowList(
        CloneRow(number, group.kind, *_facts(member.place), member.likeness)
        for number, group in enumerate(groups, start=1)
        for member in group.members
    )


def _index(folder: str | Path, model: Embedder | str | Path | None, cache: bool) -> Index:
    root = Path(folder)
    loaded = load(model) if model is None or isinstance(model, str | Path) else model
    return run(refresh(root, loaded) if cache else update(root, loaded))


def _facts(place: FunctionLocation) -> tuple[str, int, int, str, int]:
    function = place.function
    return place.path, function.line, function.end_line, function.name, function.tokens
