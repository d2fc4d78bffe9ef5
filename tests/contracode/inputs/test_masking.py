"""Masks: whole words, at all their places, in the shares that are asked for."""

import random

import numpy as np
import pytest

from contracode.inputs.masking import IGNORED, NO_WORD, MaskedPieces, mask, words
from contracode.inputs.tokenizer import EOS, Tokenizer
from contracode.support.config import MaskingConfig

SOURCE = """function größe(list, other$) { // the list
  const n = list.length + 0x1f; if (n) return other$(list, "list", n);
}"""


def masked(
    tokenizer: Tokenizer, seed: int = 0, **settings: object
) -> tuple[np.ndarray, np.ndarray, MaskedPieces]:
    encoding = tokenizer.encode(SOURCE)
    words_T = words(SOURCE, encoding)
    config = MaskingConfig(share=0.3, **settings)  # pyright: ignore[reportArgumentType]
    draw = random.Random(seed)
    found = mask(
        encoding.ids,
        words_T,
        config,
        mask_id=tokenizer.mask_id,
        vocab_size=tokenizer.size,
        draw=draw,
    )
    return encoding.ids, words_T, found


@pytest.mark.parametrize("sampled", [False, True])
def test_words_are_the_identifiers(tokenizer: Tokenizer, sampled: bool):
    encoding = tokenizer.sample(SOURCE, seed=1, alpha=0.0) if sampled else tokenizer.encode(SOURCE)
    words_T = words(SOURCE, encoding)
    data = SOURCE.encode()
    found: list[list[str]] = []
    for number in range(words_T.max() + 1):
        texts: list[str] = []
        end = -1
        for start, stop in (tuple(span) for span in encoding.spans[words_T == number].tolist()):
            if start < end:
                continue  # the bytes of one character all have its span
            text = data[start:stop].decode()
            texts, end = (
                ([*texts[:-1], texts[-1] + text], stop) if start == end else ([*texts, text], stop)
            )
        found.append(texts)
    expected = {"größe": 1, "list": 5, "other$": 2, "the": 1, "n": 3, "length": 1}
    assert {texts[0]: len(texts) for texts in found} == expected
    assert all(len(set(texts)) == 1 for texts in found)
    rest = b"".join(data[start:stop] for start, stop in encoding.spans[words_T == NO_WORD]).decode()
    assert "function" in rest
    assert "return" in rest
    assert "list" not in rest


def test_what_is_masked_is_what_is_to_be_predicted(tokenizer: Tokenizer):
    for seed in range(20):
        ids_T, _, (masked_T, targets_T) = masked(tokenizer, seed)
        hidden_T = targets_T != IGNORED
        assert (masked_T[hidden_T] == tokenizer.mask_id).all()
        assert (targets_T[hidden_T] == ids_T[hidden_T]).all()
        assert (masked_T[~hidden_T] == ids_T[~hidden_T]).all()
        assert hidden_T.sum() in (int(0.3 * len(ids_T)), int(0.3 * len(ids_T)) + 1)


@pytest.mark.parametrize(
    ("words_T", "everywhere", "expected"),
    [
        ([0, 0, 1, 1], True, {(0, 1), (2, 3)}),
        ([0, 1, 0, 1], True, {(0, 2), (1, 3)}),
        (
            [0, NO_WORD, 0, 1],
            True,
            {(0, 2), (0, 3), (1, 3), (2, 3)},
        ),  # one place is left where the single 1 comes first
        ([0, 0, 1, 1, 0, 0], False, {(0, 1), (2, 3), (4, 5)}),
        (
            [0, 0, 0, NO_WORD],
            True,
            {(0, 3), (1, 3), (2, 3), (0, 1), (0, 2), (1, 2)},
        ),  # the word does not fit
    ],
)
def test_words_are_hidden_whole(
    words_T: list[int], everywhere: bool, expected: set[tuple[int, ...]]
):
    """Two pieces are hidden, words first: these are all the ways."""
    config = MaskingConfig(share=2 / len(words_T), identifiers=1.0, everywhere=everywhere)
    ids_T = np.arange(10, 10 + len(words_T), dtype=np.uint16)
    found: set[tuple[int, ...]] = set()
    for seed in range(200):
        draw = random.Random(seed)
        masked_T, _ = mask(ids_T, np.asarray(words_T), config, mask_id=4, vocab_size=99, draw=draw)
        found.add(tuple(np.flatnonzero(masked_T == 4).tolist()))
    assert {places for places in found if len(places) == 2} == expected


def test_the_shares_of_bert(tokenizer: Tokenizer):
    kept = replaced = hidden = 0
    for seed in range(300):
        ids_T, _, (masked_T, targets_T) = masked(
            tokenizer, seed, identifiers=0.0, unchanged=0.1, random=0.1
        )
        chosen_T = targets_T != IGNORED
        hidden += int((masked_T[chosen_T] == tokenizer.mask_id).sum())
        kept += int((masked_T[chosen_T] == ids_T[chosen_T]).sum())
        replaced += int(((masked_T != ids_T) & (masked_T != tokenizer.mask_id)).sum())
        assert (masked_T[chosen_T] > EOS).all()
    total = hidden + kept + replaced
    assert hidden / total == pytest.approx(0.8, abs=0.02)
    assert kept / total == pytest.approx(0.1, abs=0.02)


def test_one_piece_is_always_hidden(tokenizer: Tokenizer):
    config = MaskingConfig(share=0.01)
    ids_T = np.asarray([7], np.uint16)
    found = mask(
        ids_T, np.asarray([NO_WORD]), config, mask_id=4, vocab_size=9, draw=random.Random(0)
    )
    assert found.targets_T.tolist() == [7]
    assert found.ids_T.tolist() == [4]
    assert ids_T.tolist() == [7]
