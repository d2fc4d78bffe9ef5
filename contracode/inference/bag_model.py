"""Bag models: embeddings of functions and of queries in words, with numpy alone.

Legend: N sources, D dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

import augment
from contracode.inputs.bags.counting import Bag, function_bag, text_bag
from contracode.inputs.bags.table import BagTable
from contracode.inputs.input_forms import SourceForms
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError
from contracode.support.resources import data_dir

CONFIG = "config.json"
FORMAT = 1
DEFAULT = "words"
"""Folder of the shipped bag model below `data/models`."""


class BagManifest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`config.json` of a bag model.

    Attributes:
        kind: "bags".
        format: of the folder.
        name: of the model.
        dimension: of the vectors.
        nested: shorter widths that were trained too.
        functions: number of functions that it was trained on.
        corpus: SHA-256 of these.
    """

    kind: str = "bags"
    format: int = FORMAT
    name: str
    dimension: int
    nested: list[int] = []
    functions: int
    corpus: str


class BagModel:
    """A loaded bag model; its methods may be called from several threads at once.

    Args:
        folder: as `contracode export` writes it for the run of a bag model.

    Attributes:
        folder: the same.
        manifest: its `config.json`.

    Raises:
        InputError: a file is missing or broken, or of another format.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = folder / CONFIG
        try:
            self.manifest = msgspec.json.decode(path.read_bytes(), type=BagManifest)
        except OSError as error:
            raise InputError(error.strerror or "is missing", path=path) from None
        except msgspec.MsgspecError as error:
            raise InputError(f"is not of a bag model: {error}", path=path) from None
        if self.manifest.format != FORMAT:
            raise InputError(f"format {self.manifest.format}, but this is {FORMAT}", path=path)
        self._table = BagTable.load(folder)
        if self._table.dimension != self.manifest.dimension:
            raise InputError("its table has another dimension", path=path)

    @property
    def dimension(self) -> int:
        """D."""
        return self.manifest.dimension

    @property
    def fingerprint(self) -> str:
        """Changes whenever the vectors change."""
        return self._table.fingerprint

    def encode(
        self,
        sources: Sequence[str],
        *,
        language: augment.Language = "javascript",
        use_names: bool = True,
        function_names: Sequence[str] = (),
        dimensions: int | None = None,
    ) -> np.ndarray:
        """Embed functions.

        Args:
            sources: their texts.
            language: "javascript", "typescript" or "tsx".
            use_names: read local names and the functions' own.
            function_names: name of each, where its text does not say; "" for none.
            dimensions: cut the vectors to so many numbers and normalise them again.

        Returns:
            float32 (N, D), rows of unit norm; zeros for a source that does not parse.

        Raises:
            ValueError: `function_names` is for another number of sources, or `dimensions` is not
                from 1 to D.
        """
        if function_names and len(function_names) != len(sources):
            raise ValueError(f"{len(function_names)} names for {len(sources)} sources")
        names = function_names or [""] * len(sources)
        rows = [
            self._table.function(
                function_bag(SourceForms(source, language=language), name), names=use_names
            )
            for source, name in zip(sources, names, strict=True)
        ]
        return self._cut(rows, dimensions)

    def encode_queries(self, texts: Sequence[str], *, dimensions: int | None = None) -> np.ndarray:
        """Embed texts in natural language, or names, into the same space.

        Returns:
            float32 (N, D), rows of unit norm; zeros for a text without a known word.

        Raises:
            ValueError: `dimensions` is not from 1 to D.
        """
        return self._cut([self._table.query(text_bag(text)) for text in texts], dimensions)

    def encode_words(self, words: Sequence[Bag], names: Sequence[str]) -> np.ndarray:
        """Embed functions of which only the words are known, as an index keeps them.

        Args:
            words: of each function.
            names: its name.

        Returns:
            float32 (N, D), rows of unit norm; zeros where no word is known.
        """
        return self._cut(
            [
                self._table.words(bag, text_bag(name))
                for bag, name in zip(words, names, strict=True)
            ],
            None,
        )

    def _cut(self, rows: Sequence[np.ndarray], dimensions: int | None) -> np.ndarray:
        if dimensions is not None and not 1 <= dimensions <= self.dimension:
            raise ValueError(f"dimensions must be from 1 to {self.dimension}, not {dimensions}")
        width = dimensions or self.dimension
        cut_ND = np.asarray([row[:width] for row in rows], np.float32).reshape(-1, width)
        norms_N1 = np.linalg.norm(cut_ND, axis=1, keepdims=True)
        return cut_ND / np.where(norms_N1 > 0, norms_N1, 1)


def load_bags(path: str | Path | None = None) -> BagModel:
    """Load a bag model.

    Args:
        path: a folder; the shipped model without it.

    Raises:
        InputError: it is missing or broken.
    """
    return BagModel(data_dir() / "models" / DEFAULT if path is None else Path(path))


def write_bag_model(manifest: BagManifest, table: BagTable, folder: Path) -> None:
    """Write a bag model into a folder."""
    table.save(folder)
    with replacing(folder / CONFIG) as beside:
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def is_bag_model(folder: Path) -> bool:
    """Return whether a folder has the `config.json` of a bag model."""
    try:
        return msgspec.json.decode((folder / CONFIG).read_bytes()).get("kind") == "bags"
    except (OSError, msgspec.MsgspecError, AttributeError):
        return False
