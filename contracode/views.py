"""Pairs of views of functions, in pieces: what a training batch is made of.

Everything is drawn by (seed, epoch, function) alone, so that neither the number of workers nor a break in training changes it.

Legend: B batch, T pieces, N functions.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import Dataset, Sampler

import augment
from contracode.config import DataConfig
from contracode.corpus.hashes import renamed_label
from contracode.corpus.readers import read_functions
from contracode.errors import InputError
from contracode.packed.reading import Packed
from contracode.packed.slots import WordEncoder, Words, draw_names, substitute
from contracode.texts import Texts
from contracode.tokenizer import Tokenizer

ATTEMPTS = 6
"""Views rendered until two of a function differ in more than white space."""


NEAR = 0.3
"""Share of pairs whose second view keeps the names and the structure: were both views always renamed, an encoder would learn to look past
names, which say most about types and purpose."""


class Refused(ValueError):
    """A function has no pair of views; the message says why."""


class Drawn(NamedTuple):
    """Two views of a function.

    Attributes:
        first: source.
        second: source.
        label: the same for functions that are the same up to the names of variables.
    """

    first: str
    second: str
    label: int


Draw = Callable[[str, int], Drawn]
"""Draws views of a source by a seed; raises `Refused` where there are none."""


def draw_views(source: str, seed: int) -> Drawn:
    """Draw two views of a function: one of the default pipeline, the other of the same or, now and then, near to the original.

    Raises:
        Refused: the source does not parse, or no two views of it differ in more than white space.
    """
    try:
        program = augment.parse(source)
    except augment.ParseError as error:
        raise Refused(f"does not parse: {error}") from None
    pipeline = _pipeline()
    first = pipeline.view(program, seed).text
    if random.Random(f"{seed}/near").random() < NEAR:
        second = _as_written().view(program, seed, 1).text
        if _compact(second) != _compact(first):
            return Drawn(first, second, renamed_label(program))
    others = (pipeline.view(program, seed, copy).text for copy in range(1, ATTEMPTS))
    second = next((view for view in others if _compact(view) != _compact(first)), None)
    if second is None:
        raise Refused("no two views differ")
    return Drawn(first, second, renamed_label(program))


@cache
def _pipeline() -> augment.Pipeline:
    return augment.Pipeline.default()


@cache
def _as_written() -> augment.Pipeline:
    """Layout alone: whatever says something about the function stays."""
    return augment.Pipeline(["drop-comments", "reformat"])


def _compact(text: str) -> str:
    return "".join(text.split())


def training_sources(paths: Iterable[str]) -> Texts:
    """Read the functions that a corpus has for training: those of its split `train`, or all where it is not split.

    Raises:
        InputError: there is no such file, a line of it is broken, or there is no function.
    """
    paths = list(paths)
    unsplit, train = Texts(), Texts()
    split = False
    for row in read_functions(paths, strict=True):
        if row.partition and not split:
            split = True
            unsplit.clear()
        if row.partition == "train":
            train.append(row.code)
        elif not split:
            unsplit.append(row.code)
    sources = train if split else unsplit
    if not sources:
        raise InputError("no functions to train on", path=", ".join(map(str, paths)))
    return sources


class Place(NamedTuple):
    """A function in an epoch."""

    epoch: int
    function: int


class Pair(NamedTuple):
    """Two views in pieces, uint16 (T,) each, and the label of their function."""

    first: np.ndarray
    second: np.ndarray
    label: int


class PairDataset(Dataset[Pair | None]):
    """Pairs by place; None where a function was refused.

    Args:
        sources: functions.
        tokenizer: of the encoder.
        config: settings.
        seed: of all that is drawn.
        draw: draws views.
    """

    def __init__(
        self, sources: Sequence[str], tokenizer: Tokenizer, config: DataConfig, *, seed: int, draw: Draw = draw_views
    ) -> None:
        self._sources = sources
        self._tokenizer = tokenizer
        self._config = config
        self._seed = seed
        self._draw = draw

    def __getitem__(self, place: Place) -> Pair | None:
        try:
            return self.pair(place)
        except Refused:
            return None

    def pair(self, place: Place) -> Pair:
        """Return the pair of a place.

        Raises:
            Refused: there is none.
        """
        digest = blake2b(f"{self._seed}/{place.epoch}/{place.function}".encode(), digest_size=7).digest()
        pair = self._drawn(place.function, random.Random(int.from_bytes(digest)))
        if not len(pair.first) or not len(pair.second):
            raise Refused("a view has no pieces")
        return pair

    def _drawn(self, function: int, draw: random.Random) -> Pair:
        first, second, label = self._draw(self._sources[function], draw.getrandbits(48))
        return Pair(self._pieces(first, draw), self._pieces(second, draw), label)

    def _pieces(self, text: str, draw: random.Random) -> np.ndarray:
        config = self._config
        if draw.random() < config.sampled:
            encoding = self._tokenizer.sample(text, seed=draw.getrandbits(48), alpha=config.alpha)
        else:
            encoding = self._tokenizer.encode(text)
        return encoding.ids[: config.max_length]


class CopyDataset(PairDataset):
    """Pairs by place, of views that a packed corpus holds, whose local names are drawn anew.

    Args:
        packed: a corpus with copies.
        config: settings.
        seed: of all that is drawn.

    Raises:
        InputError: the tokenizer of the corpus is broken.
    """

    def __init__(self, packed: Packed, config: DataConfig, *, seed: int) -> None:
        tokenizer = packed.tokenizer()
        assert tokenizer is not None, "a corpus without copies"
        super().__init__(packed, tokenizer, config, seed=seed)
        self._packed = packed
        self._encoder = WordEncoder(tokenizer)

    def __reduce__(self) -> tuple[Callable[..., "CopyDataset"], tuple[Packed, DataConfig, int]]:
        return _copy_dataset, (self._packed, self._config, self._seed)

    def _drawn(self, function: int, draw: random.Random) -> Pair:
        written, *others = self._packed.views(function)
        others = others or [written]
        first = self._renamed(function, draw.choice(others), draw)
        found: Words | None = None
        if draw.random() < NEAR:
            found = self._packed.view(function, written).words
        for _ in range(ATTEMPTS):
            if found is not None and not self._alike(first, found):
                return Pair(self._cut(first, draw), self._cut(found, draw), self._packed.label(function))
            found = self._renamed(function, draw.choice(others), draw)
        raise Refused("no two views differ")

    def _renamed(self, function: int, number: int, draw: random.Random) -> Words:
        view = self._packed.view(function, number)
        return substitute(view, draw_names(view, draw.getrandbits(48)), self._encoder)

    def _alike(self, one: Words, other: Words) -> bool:
        """Whether two views differ in white space at most."""
        if self._tokenizer.layout == "drop" or np.array_equal(one.pieces, other.pieces):
            return np.array_equal(one.pieces, other.pieces)
        return _compact(self._tokenizer.decode(one.pieces)) == _compact(self._tokenizer.decode(other.pieces))

    def _cut(self, words: Words, draw: random.Random) -> np.ndarray:
        length = self._config.max_length
        if draw.random() < self._config.sampled:
            seed = draw.getrandbits(48)
            return self._encoder.sample(words, seed=seed, alpha=self._config.alpha, length=length)
        return words.pieces[:length].copy()


def _copy_dataset(packed: Packed, config: DataConfig, seed: int) -> CopyDataset:
    return CopyDataset(packed, config, seed=seed)


class Views(NamedTuple):
    """One view of each function of a batch: pieces int64 (B, T), and a bool mask that is false for padding."""

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor


class Batch(NamedTuple):
    """Pairs side by side.

    Attributes:
        query: one view of each function.
        key: the other.
        labels_B: int64.
        num_pieces: of both, without padding.
        num_refused: functions that were left out.
    """

    query: Views
    key: Views
    labels_B: torch.Tensor
    num_pieces: int
    num_refused: int


def collate(pairs: Sequence[Pair | None], *, pad: int) -> Batch:
    """Put pairs into a batch, each side padded to its longest."""
    kept = [pair for pair in pairs if pair is not None]
    return Batch(
        _padded([pair.first for pair in kept], pad),
        _padded([pair.second for pair in kept], pad),
        torch.tensor([pair.label for pair in kept], dtype=torch.long),
        sum(len(pair.first) + len(pair.second) for pair in kept),
        len(pairs) - len(kept),
    )


def _padded(rows: Sequence[np.ndarray], pad: int) -> Views:
    length = max(map(len, rows), default=0)
    pieces_BT = np.full((len(rows), length), pad, np.int64)
    for row, ids_T in enumerate(rows):
        pieces_BT[row, : len(ids_T)] = ids_T
    lengths_B = torch.tensor([len(row) for row in rows], dtype=torch.long)
    return Views(torch.from_numpy(pieces_BT), torch.arange(length) < lengths_B[:, None])


class BatchPlan(Sampler[list[Place]]):
    """Which functions make which batch, without end: every epoch is shuffled anew, and its rest is left out.

    Functions of similar length come together: the shuffled functions are cut into buckets of several batches, and each
    bucket is sorted by length before it is cut into batches.

    Args:
        lengths: of the functions, in any unit.
        batch_size: functions of a batch; a smaller corpus makes one batch of all.
        bucket: batches sorted together.
        seed: of the order.
        start: number of the first batch, where a run is resumed.
    """

    def __init__(
        self, lengths: Sequence[int], batch_size: int, *, bucket: int = 1, seed: int = 0, start: int = 0
    ) -> None:
        self._lengths_N = np.asarray(lengths)
        self._batch_size = min(batch_size, len(lengths))
        self._bucket = bucket
        self._seed = seed
        self._start = start
        self.batches_per_epoch = len(lengths) // self._batch_size

    def __iter__(self) -> Iterator[list[Place]]:
        epoch, first = divmod(self._start, self.batches_per_epoch)
        while True:
            for functions in self._epoch(epoch)[first:]:
                yield [Place(epoch, function) for function in functions.tolist()]
            epoch, first = epoch + 1, 0

    def _epoch(self, epoch: int) -> list[np.ndarray]:
        """Return the batches of an epoch, each the numbers of its functions."""
        size = self._batch_size
        generator = np.random.Generator(np.random.PCG64([self._seed, epoch]))
        order_N = generator.permutation(len(self._lengths_N))[: size * self.batches_per_epoch]
        batches: list[np.ndarray] = []
        for start in range(0, len(order_N), size * self._bucket):
            bucket_N = order_N[start : start + size * self._bucket]
            bucket_N = bucket_N[np.argsort(self._lengths_N[bucket_N], kind="stable")]
            batches += list(bucket_N.reshape(-1, size))
        return [batches[number] for number in generator.permutation(len(batches))]
