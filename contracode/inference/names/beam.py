"""Beam search over any step function, of onnxruntime or torch.

Legend: B beams, L length of the prefixes, V outputs.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

END = 0
"""The output that ends a sequence; a prefix begins with it too."""

Step = Callable[[np.ndarray], np.ndarray]
"""Maps prefixes, int64 (B, L), each beginning with `END`, to the log-probabilities of the next
output, float32 (B, V).
"""


class Hypothesis(NamedTuple):
    """A finished sequence of outputs, without `END`, and its log-probability, including `END`."""

    outputs: tuple[int, ...]
    score: float


def beam_search(
    step: Step, *, width: int, max_length: int, starts_V: np.ndarray | None = None
) -> list[Hypothesis]:
    """Search for the most probable finished sequences.

    Every round extends the `width` best open prefixes. A sequence is finished by `END`, at the
    latest after `max_length` outputs. As scores only fall, the search stops as soon as no open
    prefix can beat the `width` best finished sequences.

    Args:
        step: the model.
        width: number of prefixes kept, and most hypotheses returned.
        max_length: most outputs before `END`.
        starts_V: bool (V,), the outputs with which a sequence may begin; by default all but `END`.

    Returns:
        Finished hypotheses, best first.
    """
    prefixes_BL = np.full((1, 1), END, np.int64)
    scores_B = np.zeros(1)
    finished: list[Hypothesis] = []
    for length in range(max_length + 1):
        next_BV = step(prefixes_BL).astype(np.float64) + scores_B[:, None]
        if length == 0:
            next_BV[:, END] = -np.inf
            if starts_V is not None:
                next_BV[:, ~starts_V] = -np.inf
        finished += [
            Hypothesis(tuple(map(int, prefix[1:])), float(score))
            for prefix, score in zip(prefixes_BL, next_BV[:, END], strict=True)
            if score > -np.inf
        ]
        finished = sorted(finished, key=lambda found: (-found.score, found.outputs))[:width]
        if length == max_length:
            break
        next_BV[:, END] = -np.inf
        flat = next_BV.ravel()
        best = _best(flat, width)
        best = best[flat[best] > -np.inf]
        if not len(best) or (len(finished) == width and flat[best[0]] <= finished[-1].score):
            break
        beam, output = np.divmod(best, next_BV.shape[1])
        prefixes_BL = np.concatenate([prefixes_BL[beam], output[:, None]], axis=1)
        scores_B = flat[best]
    return finished


def _best(scores: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the highest scores, highest first; ties keep their order."""
    if len(scores) > count:
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        chosen = np.flatnonzero(scores >= least)
    else:
        chosen = np.arange(len(scores))
    return chosen[np.argsort(-scores[chosen], kind="stable")][:count]
