"""From functions to batches of the decoder of words.

Legend: B functions, N steps of all names, F features of all functions, C words of a function,
P pairs of adjacent words, M word features, T pieces of the longest function, V words of the
vocabulary with `END`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch

from contracode.heads.batches import pad_rows
from contracode.inference.names.beam import END
from contracode.inference.names.decoder import POSITIONS
from contracode.inference.names.features import MARKS, FunctionWords, function_words
from contracode.inference.names.naming import first_function, hidden_pieces, is_name
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.subtokens import subtokens


class WordExample(NamedTuple):
    """A training example.

    Attributes:
        features: int32 (F,), hashed features.
        words: int32 (C,), outputs of the function's words; 0 for words outside the vocabulary.
        marks: float16 (C, M), features of the words.
        pairs: int16 (P, 2), indices of adjacent words.
        name: outputs of the name, then `END`. A word outside the vocabulary has output V + c if it
            is word c of the function, otherwise -1: it cannot be predicted.
        taken: for each output, the index of the same word in the function, or -1.
        capital: whether the name begins with a capital letter.
        pieces: uint16 (T,), the function with its name hidden; empty without an encoder.
    """

    features: np.ndarray
    words: np.ndarray
    marks: np.ndarray
    pairs: np.ndarray
    name: list[int]
    taken: list[int]
    capital: bool
    pieces: np.ndarray


def word_vocabulary(names: Iterable[str], *, size: int, min_count: int = 2) -> list[str]:
    """Return the most frequent words of names, the most frequent first."""
    counts = Counter(word for name in names for word in subtokens(name))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in ranked if count >= min_count][:size]


def name_of(source: str, name: str) -> str:
    """Return the last part of a function's name; "" if it has none.

    If `name` is empty, the name is read from the source.
    """
    if not name:
        found = first_function(source)
        name = (found[1].name or "") if found else ""
    return name.rpartition(".")[2]


def word_example(
    source: str,
    name: str,
    output_of: Mapping[str, int],
    *,
    buckets: int,
    max_words: int,
    tokenizer: Tokenizer | None = None,
    window: int = 0,
) -> WordExample | None:
    """Make an example of the first function of a source.

    Args:
        source: the source of the function.
        name: name of the function; "" for the name in the source.
        output_of: word of the vocabulary -> its output.
        buckets: number of buckets of the hashed features.
        max_words: maximum length of a name.
        tokenizer: the tokenizer of the encoder; None without an encoder.
        window: maximum number of pieces that the encoder reads.

    Returns:
        None if the source does not parse, or has no function, or its name is illegal or too long.
    """
    found = first_function(source)
    if found is None:
        return None
    program, function = found
    name = (name or function.name or "").rpartition(".")[2]
    spelt = subtokens(name)
    if not is_name(name) or not 0 < len(spelt) <= max_words:
        return None
    read = function_words(program, function, buckets, name=name)
    number = {word: c for c, word in enumerate(read.words)}
    taken = [number.get(word, -1) for word in spelt]
    size = len(output_of) + 1
    outputs = [
        output_of.get(word, size + c if c >= 0 else -1)
        for word, c in zip(spelt, taken, strict=True)
    ]
    return WordExample(
        read.features.astype(np.int32),
        outputs_of(read, output_of).astype(np.int32),
        read.marks.astype(np.float16),
        read.pairs.astype(np.int16),
        [*outputs, END],
        [*taken, -1],
        name[0].isupper(),
        np.zeros(0, np.uint16)
        if tokenizer is None
        else hidden_pieces(program, function, tokenizer, window, name=name).astype(np.uint16),
    )


def outputs_of(read: FunctionWords, output_of: Mapping[str, int]) -> np.ndarray:
    """Return the output of each word of a function, int64 (C,); 0 outside the vocabulary."""
    return np.asarray([output_of.get(word, 0) for word in read.words], np.int64)


class WordBatch(NamedTuple):
    """Functions, and every step of their names.

    Attributes:
        features_F: hashed features of all functions, one after the other.
        offsets_B: start of each function's features.
        words_BC: outputs of the words; -1 for padding.
        marks_BCM: features of the words, see `FunctionWords`.
        capital_B: 1.0 if the name begins with a capital letter, else 0.0.
        function_N: index of each step's function.
        before_N2: outputs of the previous two words, the latest first; V for a word outside the
            vocabulary, `END` before the beginning.
        position_N: position in the name.
        follows_NC: 1.0 if the word follows the previous one somewhere in the function.
        used_NC: 1.0 if the name so far has the word.
        label_N: the output to predict.
        pieces_BT: pieces of the functions; None without an encoder.
        mask_BT: true for pieces, false for padding.
        named_BT: true at the pieces that hide the name.
    """

    features_F: torch.Tensor
    offsets_B: torch.Tensor
    words_BC: torch.Tensor
    marks_BCM: torch.Tensor
    capital_B: torch.Tensor
    function_N: torch.Tensor
    before_N2: torch.Tensor
    position_N: torch.Tensor
    follows_NC: torch.Tensor
    used_NC: torch.Tensor
    label_N: torch.Tensor
    pieces_BT: torch.Tensor | None = None
    mask_BT: torch.Tensor | None = None
    named_BT: torch.Tensor | None = None


class _Step(NamedTuple):
    """One step of a name."""

    function: int
    before: tuple[int, int]
    position: int
    output: int
    follows_C: np.ndarray
    used_C: np.ndarray


def _steps(number: int, example: WordExample, max_words: int, size: int) -> Iterator[_Step]:
    """Yield the steps of an example whose output can be predicted.

    Args:
        number: index of the example in its batch.
        example: a function and its name.
        max_words: C of the batch.
        size: V.
    """
    used_C = np.zeros(max_words, np.float32)
    before = (END, END)
    last = -1
    for position, (output, taken) in enumerate(zip(example.name, example.taken, strict=True)):
        if output >= 0:
            follows_C = np.zeros(max_words, np.float32)
            if last >= 0:
                follows_C[example.pairs[example.pairs[:, 0] == last, 1]] = 1
            place = min(position, POSITIONS - 1)
            yield _Step(number, before, place, output, follows_C, used_C.copy())
        before = (output if 0 <= output < size else size, before[0])
        last = taken
        if taken >= 0:
            used_C[taken] = 1


def collate_words(
    chosen: Sequence[WordExample], *, size: int, pad: int = 0, mask_id: int = 0
) -> WordBatch:
    """Put examples into one batch.

    Args:
        chosen: the examples.
        size: V.
        pad: the padding piece.
        mask_id: the piece that hides a name.
    """
    max_words = max(1, max(len(one.words) for one in chosen))
    words_BC = np.full((len(chosen), max_words), -1, np.int64)
    marks_BCM = np.zeros((len(chosen), max_words, MARKS), np.float32)
    for number, one in enumerate(chosen):
        words_BC[number, : len(one.words)] = one.words
        marks_BCM[number, : len(one.words)] = one.marks
    steps = [step for n, one in enumerate(chosen) for step in _steps(n, one, max_words, size)]
    lengths = [len(one.features) for one in chosen]
    pieces_BT = mask_BT = named_BT = None
    if len(chosen[0].pieces):
        pieces_BT, mask_BT = pad_rows([one.pieces for one in chosen], pad=pad)
        named_BT = pieces_BT == mask_id
    return WordBatch(
        torch.from_numpy(np.concatenate([one.features for one in chosen]).astype(np.int64)),
        torch.tensor(np.concatenate([[0], np.cumsum(lengths)[:-1]])),
        torch.from_numpy(words_BC),
        torch.from_numpy(marks_BCM),
        torch.tensor([float(one.capital) for one in chosen]),
        torch.tensor([step.function for step in steps]),
        torch.tensor([step.before for step in steps]),
        torch.tensor([step.position for step in steps]),
        torch.from_numpy(np.stack([step.follows_C for step in steps])),
        torch.from_numpy(np.stack([step.used_C for step in steps])),
        torch.tensor([step.output for step in steps]),
        pieces_BT,
        mask_BT,
        named_BT,
    )
