"""Beam search over any step function: with onnxruntime when predicting, with torch when evaluating.

Legend: B beams, L length of the prefixes, V outputs.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

END = 0
"""The output that ends a sequence; a prefix begins with it too."""

Step = Callable[[np.ndarray], np.ndarray]
"""Prefixes int64 (B, L), each beginning with `END`, to log-probabilities of the next output float32
(B, V).
"""


class Hypothesis(NamedTuple):
    """A finished sequence of outputs, without `END` at either side, and its log-probability (`END`
    included).
    """

    outputs: tuple[int, ...]
    score: float


def beam_search(
    step: Step, *, width: int, max_length: int, starts_V: np.ndarray | None = None
) -> list[Hypothesis]:
    """Search for the most probable sequences that end.

    Every round extends the `width` best open prefixes. A hypothesis is finished when it takes
    `END`, which it must after `max_length` outputs. The search stops as soon as no open prefix can
    beat the `width` best finished ones, because a score only falls.

    Args:
        step: the model.
        width: prefixes kept, and hypotheses returned at most. With a width of at least all prefixes
            it is exhaustive.
        max_length: most outputs before `END`.
        starts_V: bool (V,), the outputs with which a sequence may begin; all but `END` without it.

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
    """Return the places of the highest scores, the highest first, of equal ones the first: without
    sorting all of them.
    """
    if len(scores) > count:
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        chosen = np.flatnonzero(scores >= least)
    else:
        chosen = np.arange(len(scores))
    return chosen[np.argsort(-scores[chosen], kind="stable")][:count]
