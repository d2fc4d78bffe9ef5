"""The arrays of a counted corpus.

A folder holds `counted.json` and, for each field of a function, three `.npy` files: `keys` and
`counts` of all bags, one behind the other, and `ends` of each bag.

Legend: N functions, F items of all bags of a field.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from contracode.inputs.bags.counting import Bag
from contracode.support.digests import digest
from contracode.support.errors import InputError

FACTS = "counted.json"

FIELDS = ("fragments", "words", "locals", "name", "documentation")


class CountedFacts(msgspec.Struct, kw_only=True):
    """The facts of a counted corpus.

    Attributes:
        kind: "counted".
        functions: number of functions, N.
        corpus: SHA-256 of what was counted.
        repositories: names of the repositories, in the order of their numbers.
    """

    kind: str = "counted"
    functions: int
    corpus: str
    repositories: list[str]


class Field:
    """The bags of one field of all functions, memory-mapped.

    Args:
        folder: of the corpus.
        name: one of `FIELDS`.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.keys_F, self.counts_F, ends_N = (
            np.load(folder / f"{name}.{array}.npy", mmap_mode="r")
            for array in ("keys", "counts", "ends")
        )
        self.starts = np.concatenate([[0], ends_N]).astype(np.int64)

    def bag(self, number: int) -> Bag:
        """Return the bag of one function."""
        items = slice(self.starts[number], self.starts[number + 1])
        return Bag(np.asarray(self.keys_F[items]), np.asarray(self.counts_F[items]))


class CountedCorpus:
    """A counted corpus.

    Args:
        folder: as `count_corpus` writes it.

    Attributes:
        folder: the same.
        facts: of the corpus.
        fields: by name.
        names_N: int64, a label of each function's name; functions of one name have the same. It is
            negative for names that are too short to be paired by.
        repositories_N: int32, number of each function's repository.

    Raises:
        InputError: the folder holds no counted corpus, or its files do not fit.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.facts = msgspec.json.decode((folder / FACTS).read_bytes(), type=CountedFacts)
            self.fields = {name: Field(folder, name) for name in FIELDS}
            self.names_N = np.load(folder / "names.npy")
            self.repositories_N = np.load(folder / "repositories.npy")
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise InputError(f"is not a counted corpus: {error}", path=folder) from None
        lengths = {len(field.starts) - 1 for field in self.fields.values()}
        if lengths | {len(self.names_N), len(self.repositories_N)} != {self.facts.functions}:
            raise InputError("is not a counted corpus: its arrays do not fit", path=folder)

    def __len__(self) -> int:
        return self.facts.functions


def open_counted(paths: Sequence[str]) -> CountedCorpus | None:
    """Return the counted corpus that the paths name, or None if they name functions."""
    if len(paths) == 1 and (Path(paths[0]) / FACTS).is_file():
        return CountedCorpus(Path(paths[0]))
    return None


def write_field(folder: Path, name: str, bags: Sequence[Bag]) -> None:
    """Write the bags of a field."""
    ends_N = np.cumsum([len(bag.keys_F) for bag in bags], dtype=np.int64)
    keys_F = np.concatenate([np.zeros(0, np.uint32), *(bag.keys_F for bag in bags)])
    counts_F = np.concatenate([np.zeros(0, np.float32), *(bag.counts_F for bag in bags)])
    for array, values in (("keys", keys_F), ("counts", counts_F), ("ends", ends_N)):
        np.save(folder / f"{name}.{array}.npy", values)


def digest_of(texts: Sequence[str]) -> str:
    """Return the SHA-256 of texts with NUL between them."""
    return digest("\0".join(texts).encode("utf-8", "surrogatepass"))
