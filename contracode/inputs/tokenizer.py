"""A SentencePiece tokenizer for source text, with the byte spans of its pieces.

A piece has characters of one class: identifier characters, white space, or others. So no piece
crosses the edge of an identifier, and white space can be dropped, which hides layout from encoders.

Legend: T pieces, V vocabulary.
"""

import io
import random
import re
import string
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sentencepiece

from contracode.inputs.subword_sampling import Segmenter
from contracode.support.atomic_files import replacing
from contracode.support.config import TokenizerConfig
from contracode.support.digests import digest
from contracode.support.errors import InputError

FILE = "tokenizer.model"
"""Name of the file in a folder."""

PAD, UNK, BOS, EOS = range(4)
MASK, KEEP_LAYOUT = "<mask>", "<keep-layout>"
"""Control pieces; the model file has the second one if white space is kept."""

# ECMA-262, section 12.2 (white space, category Zs spelled out) and 12.3 (line terminators).
_SPACES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_SPACES_UTF8 = frozenset(character.encode() for character in _SPACES)
# SentencePiece writes a blank as U+2581; a real U+2581 is spelled in bytes.
_BLANK = "▁"
_BLANK_BYTES = _BLANK.encode()
_UNLISTED = frozenset(f"\t\0{_BLANK}")

_MAX_RUN = 200
"""Characters of the longest run that is trained on; longer runs are data, not words."""

_MAX_CHARACTERS = 20_000_000
"""Most characters to train on, runs counted as often as they occur: SentencePiece 0.2.3 expands its
word list, at 30 bytes a character.
"""

_MAX_PIECE = 16
"""Characters of the longest piece (SentencePiece's default), so that long names share parts."""


class Pieces(NamedTuple):
    """A text in pieces.

    Attributes:
        ids: uint16 (T,).
        spans: int32 (T, 2), byte offsets into the UTF-8 text; the byte pieces of one character all
            have its whole span.
    """

    ids: np.ndarray
    spans: np.ndarray


class Tokenizer:
    """A trained SentencePiece model.

    Args:
        model: serialised model.

    Raises:
        ValueError: it is not a SentencePiece model, or contracode did not train it.
    """

    pad_id, unk_id, bos_id, eos_id = PAD, UNK, BOS, EOS

    def __init__(self, model: bytes) -> None:
        self._model = model
        self._processor = sentencepiece.SentencePieceProcessor()
        try:
            self._processor.load_from_serialized_proto(model)
        except RuntimeError:
            raise ValueError("not a SentencePiece model") from None
        self.mask_id = self._processor.piece_to_id(MASK)
        ours = (
            self._processor.pad_id(),
            self._processor.unk_id(),
            self._processor.bos_id(),
            self._processor.eos_id(),
        )
        if ours != (PAD, UNK, BOS, EOS) or not self._processor.is_control(self.mask_id):
            raise ValueError("a SentencePiece model, but not one that contracode trained")
        ids_V = range(self.size)
        self._is_byte_V = np.asarray([self._processor.is_byte(piece) for piece in ids_V])
        self._is_layout_V = np.asarray(
            [bool(text := self.text_of(piece)) and text[0] in _SPACES for piece in ids_V]
        )
        self._byte_ids = [self._processor.piece_to_id(f"<0x{byte:02X}>") for byte in range(256)]
        keeps = self._processor.is_control(self._processor.piece_to_id(KEEP_LAYOUT))
        self.layout = "keep" if keeps else "drop"

    def __getstate__(self) -> bytes:
        return self._model

    def __setstate__(self, model: bytes) -> None:
        self.__init__(model)

    @classmethod
    def load(cls, path: str | Path) -> "Tokenizer":
        """Read a tokenizer.

        Args:
            path: the model file, or a folder with a `tokenizer.model`.

        Raises:
            InputError: the file is missing, or not a tokenizer of contracode.
        """
        file = Path(path) / FILE if Path(path).is_dir() else Path(path)
        try:
            return cls(file.read_bytes())
        except OSError as error:
            raise InputError(error.strerror or str(error), path=file) from None
        except ValueError as error:
            raise InputError(str(error), path=file) from None

    def save(self, path: str | Path) -> None:
        """Write the model to a `.model` file, or as `tokenizer.model` into a folder."""
        file = Path(path) if Path(path).suffix == ".model" else Path(path) / FILE
        with replacing(file) as beside:
            beside.write_bytes(self._model)

    @property
    def size(self) -> int:
        """V, control pieces included."""
        return self._processor.get_piece_size()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the model file, in hexadecimal."""
        return digest(self._model)

    def text_of(self, piece: int) -> str:
        """Return the characters of a piece; "" for control pieces and single bytes."""
        if (
            self._processor.is_control(piece)
            or self._processor.is_unknown(piece)
            or self._processor.is_byte(piece)
        ):
            return ""
        return self._processor.id_to_piece(piece).replace(_BLANK, " ")

    def encode(self, text: str | bytes, *, layout: str | None = None) -> Pieces:
        """Encode a text.

        Args:
            text: a string, or UTF-8.
            layout: "keep" or "drop" white space; by default as the tokenizer was trained.

        Raises:
            InputError: a lone surrogate, or bytes that are not UTF-8.
        """
        data = _utf8(text)
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        start = 0
        for part in data.split(_BLANK_BYTES):
            if start:
                ids += [self._byte_ids[byte] for byte in _BLANK_BYTES]
                spans += [(start - len(_BLANK_BYTES), start)] * len(_BLANK_BYTES)
            found = self._processor.encode(part, return_type="offset_mapping")
            ids += found["ids"]
            spans += (
                found["offsets"]
                if not start
                else [(a + start, b + start) for a, b in found["offsets"]]
            )
            start += len(part) + len(_BLANK_BYTES)
        ids_T = np.asarray(ids, np.uint16)
        spans_T2 = np.asarray(spans, np.int32).reshape(-1, 2)
        # The last byte of a character has its span; those before it are given as empty.
        rows = np.arange(len(ids_T))
        last_T = np.minimum.accumulate(
            np.where(spans_T2[:, 0] < spans_T2[:, 1], rows, len(rows))[::-1]
        )[::-1]
        spans_T2 = spans_T2[last_T]
        if (layout or self.layout) == "drop":
            layout_T = self._is_layout_V[ids_T]
            for row in np.flatnonzero(self._is_byte_V[ids_T]):
                layout_T[row] = data[slice(*spans_T2[row])] in _SPACES_UTF8
            ids_T, spans_T2 = ids_T[~layout_T], spans_T2[~layout_T]
        return Pieces(ids_T, spans_T2)

    def sample(
        self, text: str | bytes, *, seed: int, alpha: float = 0.1, layout: str | None = None
    ) -> Pieces:
        """Encode a text by a random segmentation (subword regularization).

        Args:
            text: a string, or UTF-8.
            seed: determines the pieces, in any process.
            alpha: exponent of a segmentation's probability; 0 makes all equally likely.
            layout: as in `encode`.

        Raises:
            InputError: as in `encode`.

        Source: Kudo, Subword Regularization, ACL 2018, section 3.2, over all segmentations.
        """
        draw = random.Random(seed)
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        for at, word in self.words(text, layout=layout):
            for step in self._segmenter.sample(word, alpha, draw):
                ids += step.ids
                spans += [(at, at + step.num_bytes)] * len(step.ids)
                at += step.num_bytes
        return Pieces(np.asarray(ids, np.uint16), np.asarray(spans, np.int32).reshape(-1, 2))

    def words(self, text: str | bytes, *, layout: str | None = None) -> Iterator[tuple[int, str]]:
        """Yield the runs of one character class, each with its byte offset.

        White space is left out if the layout is dropped.

        Raises:
            InputError: as in `encode`.
        """
        drop = (layout or self.layout) == "drop"
        at = 0
        for word in classes("keep").findall(_utf8(text).decode()):
            if not drop or word[0] not in _SPACES:
                yield at, word
            at += len(word.encode())

    def sample_word(self, word: str, draw: random.Random, *, alpha: float = 0.1) -> list[int]:
        """Return a random segmentation of one run of `words`, as `sample` draws it."""
        return [piece for step in self._segmenter.sample(word, alpha, draw) for piece in step.ids]

    def decode(self, ids: Sequence[int] | np.ndarray) -> str:
        """Return the text of pieces; bytes that form no character become U+FFFD."""
        parts: list[bytes] = []
        for piece in map(int, ids):
            if self._processor.is_byte(piece):
                parts.append(bytes([int(self._processor.id_to_piece(piece)[3:5], 16)]))
            else:
                parts.append(self.text_of(piece).encode())
        return b"".join(parts).decode("utf-8", "replace")

    @cached_property
    def _segmenter(self) -> Segmenter:
        texts = ((self.text_of(piece), piece) for piece in range(self.size))
        pieces = {text: (piece, self._processor.get_score(piece)) for text, piece in texts if text}
        return Segmenter(pieces, self._byte_ids)


def _utf8(text: str | bytes) -> bytes:
    try:
        if isinstance(text, str):
            return text.encode()
        text.decode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"a lone surrogate at character {error.start}: this is not Unicode text"
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start} is not UTF-8") from None
    return text


@cache
def classes(layout: str) -> re.Pattern[str]:
    """Return the pattern of runs of one class; with layout "drop", white space is single."""
    # ECMA-262, section 12.7: ID_Continue, $ and the joiners. Ranges, as \w lacks combining marks
    # and has more digits.
    name = "$\u200c\u200d"
    first = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and f"a{chr(code)}".isidentifier()
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            name += f"{chr(first)}-{chr(code - 1)}"
            first = None
    space = f"[{_SPACES}]" + ("+" if layout == "keep" else "")
    return re.compile(f"[{name}]+|{space}|[^{name}{_SPACES}]+")


def train(
    texts: Iterable[str], config: TokenizerConfig | None = None, *, seed: int = 0
) -> Tokenizer:
    """Train a tokenizer.

    Args:
        texts: functions or files.
        config: settings.
        seed: of the random sample, if there are more than `max_texts` texts.

    Returns:
        The tokenizer, determined by texts, settings and seed.

    Raises:
        InputError: there is no text, or the vocabulary is too small for its characters.

    Source: Kudo, Subword Regularization, ACL 2018, section 3.2 (unigram language model).
    """
    config = config or TokenizerConfig()
    pattern = classes(config.layout)
    # SentencePiece trains on a list of runs with their counts: over whole functions its
    # expectations overflow, and take ten times as long. Runs that the list cannot hold are spelled
    # by single characters.
    counts = Counter(
        run for text in _sample(texts, config.max_texts, seed) for run in pattern.findall(text)
    )
    words = _word_list(counts)
    if not words:
        raise InputError("there is no text to train a tokenizer on")
    return Tokenizer(_sentencepiece_model(words, config))


def _sentencepiece_model(words: list[str], config: TokenizerConfig) -> bytes:
    """Train a unigram model on lines of SentencePiece's word list.

    Raises:
        InputError: SentencePiece cannot train a model with these settings.
    """
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(words),
            input_format="tsv",
            model_writer=model,
            model_type="unigram",
            vocab_size=config.vocab_size,
            hard_vocab_limit=False,
            byte_fallback=True,
            normalization_rule_name="identity",
            add_dummy_prefix=False,
            remove_extra_whitespaces=False,
            split_by_whitespace=False,
            allow_whitespace_only_pieces=True,
            split_by_unicode_script=False,
            split_by_number=False,
            split_digits=True,
            required_chars=string.ascii_letters
            + string.digits
            + string.punctuation
            + "\n\t"
            + _BLANK,
            max_sentencepiece_length=_MAX_PIECE,
            pad_id=PAD,
            unk_id=UNK,
            bos_id=BOS,
            eos_id=EOS,
            control_symbols=[MASK, *([KEEP_LAYOUT] if config.layout == "keep" else [])],
            num_threads=1,  # sums of several threads differ in the last bit, and so do their models
            minloglevel=2,
        )
    except RuntimeError as error:
        raise InputError(
            f"no tokenizer of {config.vocab_size} pieces can be trained on this: {error}"
        ) from None
    return model.getvalue()


def _word_list(counts: Counter[str]) -> list[str]:
    """Return SentencePiece's word list: runs and their counts, scaled to `_MAX_CHARACTERS`."""
    listed = {
        run: count
        for run, count in counts.items()
        if len(run) <= _MAX_RUN and _UNLISTED.isdisjoint(run)
    }
    share = min(1, _MAX_CHARACTERS / max(sum(len(run) * count for run, count in listed.items()), 1))
    return [f"{run}\t{max(1, round(count * share))}" for run, count in listed.items()]


def _sample(texts: Iterable[str], size: int, seed: int) -> list[str]:
    """Return a random sample of at most `size` texts (reservoir sampling)."""
    draw = random.Random(f"tokenizer/{seed}")
    kept: list[str] = []
    for number, text in enumerate(texts):
        if number < size:
            kept.append(text)
        elif (place := draw.randrange(number + 1)) < size:
            kept[place] = text
    return kept
