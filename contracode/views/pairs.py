"""Pairs of views of functions, in pieces: what a training batch is made of.

Everything is drawn by (seed, epoch, function) alone, so that neither the number of workers nor a
break in training changes it.

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
from contracode.corpus.packed.reading import Packed
from contracode.corpus.packed.slots import WordEncoder, Words, draw_names, substitute
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.masking import IGNORED, NO_WORD, MaskedPieces, mask, words
from contracode.inputs.tokenizer import Pieces, Tokenizer
from contracode.javascript.syntax_hash import renamed_label
from contracode.support.config import DataConfig, MaskingConfig
from contracode.views.mutations import hard_negative
from contracode.views.same_name_pairs import Namesakes

ATTEMPTS = 6
"""Views rendered until two of a function differ in more than white space."""


NEAR = 0.3
"""Share of pairs whose second view keeps the names and the structure: were both views always
renamed, an encoder would learn to look past names, which say most about types and purpose.
"""


class PairRefused(ValueError):
    """A function has no pair of views; the message says why."""


class ViewPair(NamedTuple):
    """Two views of a function.

    Attributes:
        first: source.
        second: source.
        label: the same for functions that are the same up to the names of variables.
    """

    first: str
    second: str
    label: int


DrawViews = Callable[[str, int], ViewPair]
"""Draws views of a source by a seed; raises `PairRefused` where there are none."""


def draw_views(source: str, seed: int) -> ViewPair:
    """Draw two views of a function: one of the default pipeline, the other of the same or, now and
    then, near to the original.

    Raises:
        PairRefused: the source does not parse, or no two views of it differ in more than white space.
    """
    try:
        # The name of the function itself is a name like others: as one of a script it would stay,
        # and give both views away.
        program = augment.parse(source, source_type="commonjs")
    except augment.ParseError as error:
        raise PairRefused(f"does not parse: {error}") from None
    if not program.tree.leaves:
        raise PairRefused("there is no code")
    pipeline = _pipeline()
    first = pipeline.view(program, seed).text
    if random.Random(f"{seed}/near").random() < NEAR:
        second = _as_written().view(program, seed, 1).text
        if _compact(second) != _compact(first):
            return ViewPair(first, second, renamed_label(program))
    others = (pipeline.view(program, seed, copy).text for copy in range(1, ATTEMPTS))
    second = next((view for view in others if _compact(view) != _compact(first)), None)
    if second is None:
        raise PairRefused("no two views differ")
    return ViewPair(first, second, renamed_label(program))


def draw_written(source: str, seed: int) -> str:
    """Draw a layout of a function; all else stays, names too.

    Raises:
        PairRefused: the source does not parse.
    """
    try:
        program = augment.parse(source, source_type="commonjs")
    except augment.ParseError as error:
        raise PairRefused(f"does not parse: {error}") from None
    return _as_written().view(program, seed).text


@cache
def _pipeline() -> augment.Pipeline:
    return augment.Pipeline.default()


@cache
def _as_written() -> augment.Pipeline:
    """Layout alone: whatever says something about the function stays."""
    return augment.Pipeline(["drop-comments", "reformat"])


def _compact(text: str) -> str:
    return "".join(text.split())


class EpochItem(NamedTuple):
    """A function in an epoch."""

    epoch: int
    function: int


class PiecePair(NamedTuple):
    """Two views in pieces and the label of their function.

    Attributes:
        first: uint16 (T,): a view, or documentation; where nothing is contrasted, the function as
            written.
        second: uint16 (T,): a view; the same there.
        label: of the function.
        masked: of the first view, where masks are drawn.
        hard: uint16 (T,): a view of the function after a small edit, for some.
        wide: of the first view, the second and the hard negative, float32 (W,) each, where there is
            a wide part.
    """

    first: np.ndarray
    second: np.ndarray
    label: int
    masked: MaskedPieces | None = None
    hard: np.ndarray | None = None
    wide: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None


class PairDataset(Dataset[PiecePair | None]):
    """Pairs by place; None where a function was refused.

    Args:
        sources: functions.
        tokenizer: of the encoder.
        config: settings.
        seed: of all that is drawn.
        draw: draws views.
        masking: settings of the masks.
        documentation: of each function, "" where it has none; empty without any.
        namesakes: of the functions; none are drawn without.
        wide: counts the wide part of each view.
    """

    def __init__(
        self,
        sources: Sequence[str],
        tokenizer: Tokenizer,
        config: DataConfig,
        *,
        seed: int,
        draw: DrawViews = draw_views,
        masking: MaskingConfig | None = None,
        documentation: Sequence[str] = (),
        namesakes: Namesakes | None = None,
        wide: FragmentEncoder | None = None,
    ) -> None:
        self._namesakes = namesakes
        self._wide = wide
        self._sources = sources
        self._tokenizer = tokenizer
        self._config = config
        self._seed = seed
        self._draw = draw
        self._masking = masking or MaskingConfig()
        self._documentation = documentation

    def __getitem__(self, place: EpochItem) -> PiecePair | None:
        try:
            return self.pair(place)
        except PairRefused:
            return None

    def pair(self, place: EpochItem) -> PiecePair:
        """Return the pair of a place.

        Raises:
            PairRefused: there is none.
        """
        digest = blake2b(
            f"{self._seed}/{place.epoch}/{place.function}".encode(), digest_size=7
        ).digest()
        draw = random.Random(int.from_bytes(digest))
        pair = self._drawn(place.function, draw)
        if not len(pair.first) or not len(pair.second):
            raise PairRefused("a view has no pieces")
        # What follows is drawn last, so that the views are the same without it.
        if self._masking.share and pair.masked is None:
            pair = pair._replace(
                masked=self._masked(pair.first, np.full(len(pair.first), NO_WORD), draw)
            )
        query = self._described(place.function, draw)
        if query is not None:
            pair = pair._replace(first=query)
            if pair.wide is not None:  # documentation has no shape
                pair = pair._replace(wide=(np.zeros_like(pair.wide[0]), *pair.wide[1:]))
        return self._with_negative(pair, place.function, draw)

    def _drawn(self, function: int, draw: random.Random) -> PiecePair:
        masking = self._masking
        if (
            masking.share and masking.written and not masking.contrast
        ):  # no views are compared, so none are made
            text = draw_written(self._sources[function], draw.getrandbits(48))
            shown = self._encoded(text, draw)
            masked = self._masked(shown.ids, words(text, shown), draw) if len(shown.ids) else None
            return PiecePair(shown.ids, shown.ids, function, masked)
        first, second, label = self._draw(self._sources[function], draw.getrandbits(48))
        if self._namesakes is not None:
            name = self._namesakes.labels[function]
            label = label if name is None else name
            others = self._namesakes.of[function]
            if others and draw.random() < self._config.namesakes:
                second = self._draw(self._sources[draw.choice(others)], draw.getrandbits(48)).first
        both = SourceForms(first), SourceForms(second)
        spelled = [forms.spelled(self._config.reads) for forms in both]
        one, other = (self._encoded(text, draw) for text in spelled)
        masked = None
        if self._masking.share and len(one.ids):
            text, shown = spelled[0], one
            if self._masking.written:
                text = draw_written(self._sources[function], draw.getrandbits(48))
                shown = self._encoded(text, draw)
            masked = self._masked(shown.ids, words(text, shown), draw)
        pair = PiecePair(one.ids, other.ids, label, masked)
        if self._wide is not None:
            counted_2W = [self._wide.read(forms) for forms in both]
            pair = pair._replace(wide=(*counted_2W, np.zeros_like(counted_2W[0])))
        return pair

    def _masked(self, ids_T: np.ndarray, words_T: np.ndarray, draw: random.Random) -> MaskedPieces:
        tokenizer = self._tokenizer
        return mask(
            ids_T,
            words_T,
            self._masking,
            mask_id=tokenizer.mask_id,
            vocab_size=tokenizer.size,
            draw=draw,
        )

    def _described(self, function: int, draw: random.Random) -> np.ndarray | None:
        """Return the documentation of a function in pieces, now and then."""
        if not self._documentation or draw.random() >= self._config.documentation:
            return None
        ids = self._encoded(self._documentation[function], draw).ids
        return ids if len(ids) else None

    def _with_negative(self, pair: PiecePair, function: int, draw: random.Random) -> PiecePair:
        """Add a view of the edited function, now and then; none where it cannot be edited."""
        if draw.random() >= self._config.hard:
            return pair
        try:
            negative = hard_negative(augment.parse(self._sources[function]), draw.getrandbits(48))
            view = (
                self._draw(negative.text, draw.getrandbits(48)).second
                if negative is not None
                else ""
            )
        except (augment.ParseError, PairRefused):
            return pair
        forms = SourceForms(view)
        ids = self._encoded(forms.spelled(self._config.reads), draw).ids
        if not len(ids):
            return pair
        if self._wide is not None and pair.wide is not None:
            pair = pair._replace(wide=(*pair.wide[:2], self._wide.read(forms)))
        return pair._replace(hard=ids)

    def _encoded(self, text: str, draw: random.Random) -> Pieces:
        config = self._config
        if draw.random() < config.sampled:
            encoding = self._tokenizer.sample(text, seed=draw.getrandbits(48), alpha=config.alpha)
        else:
            encoding = self._tokenizer.encode(text)
        return Pieces(encoding.ids[: config.max_length], encoding.spans[: config.max_length])


class CopyDataset(PairDataset):
    """Pairs by place, of views that a packed corpus holds, whose local names are drawn anew.

    Args:
        packed: a corpus with copies.
        config: settings.
        seed: of all that is drawn.
        masking: settings of the masks, which hide single pieces only: the words of sampled pieces
            are not known.

    Raises:
        InputError: the tokenizer of the corpus is broken.
    """

    def __init__(
        self, packed: Packed, config: DataConfig, *, seed: int, masking: MaskingConfig | None = None
    ) -> None:
        tokenizer = packed.tokenizer()
        assert tokenizer is not None, "a corpus without copies"
        super().__init__(packed, tokenizer, config, seed=seed, masking=masking)
        self._packed = packed
        self._encoder = WordEncoder(tokenizer)

    def __reduce__(
        self,
    ) -> tuple[Callable[..., "CopyDataset"], tuple[Packed, DataConfig, int, MaskingConfig]]:
        return _copy_dataset, (self._packed, self._config, self._seed, self._masking)

    def _drawn(self, function: int, draw: random.Random) -> PiecePair:
        written, *others = self._packed.views(function)
        others = others or [written]
        first = self._renamed(function, draw.choice(others), draw)
        found: Words | None = None
        if draw.random() < NEAR:
            found = self._packed.view(function, written).words
        same_allowed = (
            self._packed.manifest.reads != "written"
        )  # views that differ may well have one normal form
        for _ in range(ATTEMPTS):
            if found is not None and (same_allowed or not self._alike(first, found)):
                return PiecePair(
                    self._cut(first, draw), self._cut(found, draw), self._packed.label(function)
                )
            found = self._renamed(function, draw.choice(others), draw)
        raise PairRefused("no two views differ")

    def _renamed(self, function: int, number: int, draw: random.Random) -> Words:
        view = self._packed.view(function, number)
        return substitute(view, draw_names(view, draw.getrandbits(48)), self._encoder)

    def _alike(self, one: Words, other: Words) -> bool:
        """Whether two views differ in white space at most."""
        if self._tokenizer.layout == "drop" or np.array_equal(one.pieces, other.pieces):
            return np.array_equal(one.pieces, other.pieces)
        return _compact(self._tokenizer.decode(one.pieces)) == _compact(
            self._tokenizer.decode(other.pieces)
        )

    def _cut(self, words: Words, draw: random.Random) -> np.ndarray:
        length = self._config.max_length
        if draw.random() < self._config.sampled:
            seed = draw.getrandbits(48)
            return self._encoder.sample(words, seed=seed, alpha=self._config.alpha, length=length)
        return words.pieces[:length].copy()


def _copy_dataset(
    packed: Packed, config: DataConfig, seed: int, masking: MaskingConfig
) -> CopyDataset:
    return CopyDataset(packed, config, seed=seed, masking=masking)


class Views(NamedTuple):
    """One view of each function of a batch.

    Attributes:
        pieces_BT: int64.
        mask_BT: bool, false for padding.
        wide_BW: float32, what a wide part counted in each, where there is one.
    """

    pieces_BT: torch.Tensor
    mask_BT: torch.Tensor
    wide_BW: torch.Tensor | None = None


class Batch(NamedTuple):
    """Pairs side by side.

    Attributes:
        query: one view of each function.
        key: the other.
        labels_B: int64.
        num_pieces: of both, without padding.
        num_refused: functions that were left out.
        masked: the queries with some pieces hidden, where masks are drawn.
        targets_BT: int64, what these were; `IGNORED` elsewhere.
        num_masked: pieces that are to be predicted.
        hard: views of some functions after an edit that changes them.
        owners_M: int64, which function of the batch each of these is of.
    """

    query: Views
    key: Views
    labels_B: torch.Tensor
    num_pieces: int
    num_refused: int
    masked: Views | None = None
    targets_BT: torch.Tensor | None = None
    num_masked: int = 0
    hard: Views | None = None
    owners_M: torch.Tensor | None = None


def collate(pairs: Sequence[PiecePair | None], *, pad: int) -> Batch:
    """Put pairs into a batch, each side padded to its longest."""
    kept = [pair for pair in pairs if pair is not None]
    masked = [pair.masked for pair in kept if pair.masked is not None]
    hard = [(row, pair.hard) for row, pair in enumerate(kept) if pair.hard is not None]
    wide = [pair.wide for pair in kept if pair.wide is not None]

    def counted(view: int, rows: Iterable[int]) -> torch.Tensor | None:
        chosen = [wide[row][view] for row in rows] if wide else []
        return torch.from_numpy(np.stack(chosen)) if chosen else None

    return Batch(
        padded([pair.first for pair in kept], pad)._replace(wide_BW=counted(0, range(len(kept)))),
        padded([pair.second for pair in kept], pad)._replace(wide_BW=counted(1, range(len(kept)))),
        torch.tensor([pair.label for pair in kept], dtype=torch.long),
        sum(len(pair.first) + len(pair.second) for pair in kept),
        len(pairs) - len(kept),
        padded([one.ids_T for one in masked], pad) if masked else None,
        padded([one.targets_T for one in masked], IGNORED).pieces_BT if masked else None,
        sum(int((one.targets_T != IGNORED).sum()) for one in masked),
        padded([ids_T for _, ids_T in hard], pad)._replace(
            wide_BW=counted(2, (row for row, _ in hard))
        )
        if hard
        else None,
        torch.tensor([row for row, _ in hard]) if hard else None,
    )


def padded(rows: Sequence[np.ndarray], fill: int) -> Views:
    """Put rows of pieces side by side, each filled up to the longest."""
    length = max(map(len, rows), default=0)
    pieces_BT = np.full((len(rows), length), fill, np.int64)
    for row, ids_T in enumerate(rows):
        pieces_BT[row, : len(ids_T)] = ids_T
    lengths_B = torch.tensor([len(row) for row in rows], dtype=torch.long)
    return Views(torch.from_numpy(pieces_BT), torch.arange(length) < lengths_B[:, None])


class BatchPlan(Sampler[list[EpochItem]]):
    """Which functions make which batch, without end: every epoch is shuffled anew, and its rest is
    left out.

    Functions of similar length come together: the shuffled functions are cut into buckets of
    several batches, and each bucket is sorted by length before it is cut into batches.

    Args:
        lengths: of the functions, in any unit.
        batch_size: functions of a batch; a smaller corpus makes one batch of all.
        bucket: batches sorted together.
        seed: of the order.
        functions: those that the lengths are of; all from 0 on without it.
        start: number of the first batch, where a run is resumed.
    """

    def __init__(
        self,
        lengths: Sequence[int] | np.ndarray,
        batch_size: int,
        *,
        bucket: int = 1,
        seed: int = 0,
        start: int = 0,
        functions: Sequence[int] | np.ndarray | None = None,
    ) -> None:
        self._lengths_N = np.asarray(lengths)
        self._functions_N = np.arange(len(lengths)) if functions is None else np.asarray(functions)
        self._batch_size = min(batch_size, len(lengths))
        self._bucket = bucket
        self._seed = seed
        self._start = start
        self.batches_per_epoch = len(lengths) // self._batch_size

    def __iter__(self) -> Iterator[list[EpochItem]]:
        epoch, first = divmod(self._start, self.batches_per_epoch)
        while True:
            for functions in self._epoch(epoch)[first:]:
                yield [EpochItem(epoch, function) for function in functions.tolist()]
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
            batches += list(self._functions_N[bucket_N].reshape(-1, size))
        return [batches[number] for number in generator.permutation(len(batches))]
