"""Beam search against trying every sequence."""

import itertools

import numpy as np
import pytest

from contracode.inference.names.beam import END, Hypothesis, beam_search

VOCABULARY = 4


class Table:
    """A step function with a random distribution for each prefix."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, prefixes_BL: np.ndarray) -> np.ndarray:
        rows = []
        for prefix in prefixes_BL:
            logits = (
                np.random.default_rng([self.seed, *map(int, prefix), len(prefix)]).standard_normal(
                    VOCABULARY
                )
                * 2
            )
            rows.append(logits - np.log(np.exp(logits).sum()))
        return np.asarray(rows, np.float32)


def exhaustive(step: Table, max_length: int, starts: set[int]) -> list[Hypothesis]:
    found = []
    for length in range(1, max_length + 1):
        for outputs in itertools.product(range(1, VOCABULARY), repeat=length):
            if outputs[0] not in starts:
                continue
            prefix, score = [END], 0.0
            for output in (*outputs, END):
                score += float(step(np.asarray([prefix]))[0, output])
                prefix.append(output)
            found.append(Hypothesis(outputs, score))
    return sorted(found, key=lambda hypothesis: -hypothesis.score)


@pytest.mark.parametrize("seed", range(8))
def test_a_wide_beam_is_exhaustive(seed: int):
    step = Table(seed)
    starts = np.asarray([False, True, False, True])
    found = beam_search(step, width=100, max_length=3, starts_V=starts)
    expected = exhaustive(step, 3, {1, 3})
    assert [hypothesis.outputs for hypothesis in found] == [
        hypothesis.outputs for hypothesis in expected
    ]
    np.testing.assert_allclose([h.score for h in found], [h.score for h in expected], rtol=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_a_narrow_beam_finds_true_scores_in_order(seed: int):
    step = Table(seed)
    scores = {hypothesis.outputs: hypothesis.score for hypothesis in exhaustive(step, 4, {1, 2, 3})}
    found = beam_search(step, width=3, max_length=4)
    assert 1 <= len(found) <= 3
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    for hypothesis in found:
        assert hypothesis.score == pytest.approx(scores[hypothesis.outputs], rel=1e-5)
