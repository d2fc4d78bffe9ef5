"""Pairs of views of functions, in pieces.

A pair depends on (seed, epoch, function) alone, so that neither the number of workers nor an
interruption of training changes it.

Legend: T pieces, W width of a fragment vector.
"""

import random
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from torch.utils.data import Dataset

import augment
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.masking import NO_WORD, MaskedPieces, mask, words
from contracode.inputs.tokenizer import Pieces, Tokenizer
from contracode.support.config import DataConfig, MaskingConfig
from contracode.views.batch_plan import EpochItem
from contracode.views.batches import PiecePair
from contracode.views.drawing import DrawViews, PairRefused, draw_views, draw_written
from contracode.views.mutations import hard_negative
from contracode.views.same_name_pairs import Namesakes


class PairDataset(Dataset[PiecePair | None]):
    """The pair of views of each `EpochItem`; None for functions without a pair.

    Args:
        sources: functions.
        tokenizer: the tokenizer of the encoder.
        config: settings of the data.
        seed: seed of all random choices.
        draw: draws views.
        masking: settings of the masks; by default nothing is masked.
        documentation: the documentation of each function, "" if it has none; empty to use none.
        namesakes: the namesakes of the functions; None to use none.
        fragments: the fragment encoder; None for pairs without fragment vectors.
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
        fragments: FragmentEncoder | None = None,
    ) -> None:
        self._namesakes = namesakes
        self._fragments = fragments
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
        """Return the pair of an item.

        Raises:
            PairRefused: the function has no pair.
        """
        digest = blake2b(
            f"{self._seed}/{place.epoch}/{place.function}".encode(), digest_size=7
        ).digest()
        draw = random.Random(int.from_bytes(digest))
        pair = self._drawn(place.function, draw)
        if not len(pair.first) or not len(pair.second):
            raise PairRefused("a view has no pieces")
        # Masks, documentation and negatives are drawn last, so that they do not change the views.
        if self._masking.share and pair.masked is None:
            pair = pair._replace(
                masked=self._masked(pair.first, np.full(len(pair.first), NO_WORD), draw)
            )
        query = self._described(place.function, draw)
        if query is not None:
            pair = pair._replace(first=query)
            if pair.fragments is not None:  # documentation has no fragments
                pair = pair._replace(
                    fragments=(np.zeros_like(pair.fragments[0]), *pair.fragments[1:])
                )
        return self._with_negative(pair, place.function, draw)

    def _drawn(self, function: int, draw: random.Random) -> PiecePair:
        masking = self._masking
        if masking.share and masking.written and not masking.contrast:
            # Nothing is contrasted, so no views are drawn.
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
        if self._fragments is not None:
            counted_2W = [self._fragments.read(forms) for forms in both]
            pair = pair._replace(fragments=(*counted_2W, np.zeros_like(counted_2W[0])))
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
        """Return the pieces of a function's documentation, or None.

        Documentation is used for a random share of the functions, `data.documentation`.
        """
        if not self._documentation or draw.random() >= self._config.documentation:
            return None
        ids = self._encoded(self._documentation[function], draw).ids
        return ids if len(ids) else None

    def _with_negative(self, pair: PiecePair, function: int, draw: random.Random) -> PiecePair:
        """Add a hard negative to a random share of the pairs, `data.hard`, if an edit applies."""
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
        if self._fragments is not None and pair.fragments is not None:
            pair = pair._replace(fragments=(*pair.fragments[:2], self._fragments.read(forms)))
        return pair._replace(hard=ids)

    def _encoded(self, text: str, draw: random.Random) -> Pieces:
        config = self._config
        if draw.random() < config.sampled:
            encoding = self._tokenizer.sample(text, seed=draw.getrandbits(48), alpha=config.alpha)
        else:
            encoding = self._tokenizer.encode(text)
        return Pieces(encoding.ids[: config.max_length], encoding.spans[: config.max_length])
