"""Random segmentations of a word into pieces, by their probability in a unigram model.

SentencePiece samples too, but seeds its generator differently in every process, so that its samples
cannot be reproduced.
"""

import math
import random
from bisect import bisect
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple


class Step(NamedTuple):
    """One piece, or the bytes of a character that has no piece.

    Attributes:
        ids: one for a piece, or one for each byte.
        num_chars: number of characters covered.
        num_bytes: their length in UTF-8.
    """

    ids: tuple[int, ...]
    num_chars: int
    num_bytes: int


class _Ways(NamedTuple):
    """The steps that can end at one position of a word, and the running sums of their weights."""

    steps: list[Step]
    sums: list[float]


_LONGEST_CACHED = 48
"""Characters of the longest word that is cached; longer ones hardly occur twice."""

_UNKNOWN_PENALTY = 10.0
"""How much less likely (in log-probability) a character in bytes is than the least likely piece, as
in SentencePiece.
"""


class Segmenter:
    """Draws segmentations.

    Args:
        pieces: text of each piece -> its id and log-probability.
        byte_ids: the 256 pieces for single bytes.
    """

    def __init__(self, pieces: Mapping[str, tuple[int, float]], byte_ids: list[int]) -> None:
        self._pieces = {
            text: (Step((id,), len(text), len(text.encode())), score)
            for text, (id, score) in pieces.items()
        }
        self._byte_ids = byte_ids
        self._longest = max(map(len, pieces))
        self._unknown = min(score for _, score in pieces.values()) - _UNKNOWN_PENALTY
        self._cached = lru_cache(maxsize=50_000)(self._ways)

    def sample(self, word: str, alpha: float, draw: random.Random) -> list[Step]:
        """Return a segmentation of a word, with probability proportional to its own to the power of
        `alpha`.

        Source: Kudo, Subword Regularization, ACL 2018, section 3.2: forward filtering, backward
            sampling.
        """
        ways = (self._cached if len(word) <= _LONGEST_CACHED else self._ways)(word, alpha)
        found: list[Step] = []
        end = len(word)
        while end:
            steps, sums = ways[end]
            step = steps[bisect(sums, draw.random() * sums[-1], hi=len(sums) - 1)]
            found.append(step)
            end -= step.num_chars
        return found[::-1]

    def _ways(self, word: str, alpha: float) -> list[_Ways]:
        forward = [0.0]  # logarithm of the weight of all segmentations of word[:end]
        ways = [_Ways([], [])]
        for end in range(1, len(word) + 1):
            steps: list[Step] = []
            logs: list[float] = []
            for start in range(max(0, end - self._longest), end):
                known = self._pieces.get(word[start:end])
                if known is None and start < end - 1:
                    continue
                step, score = known or (self._spell(word[start]), self._unknown)
                steps.append(step)
                logs.append(forward[start] + alpha * score)
            top = max(logs)
            total = 0.0
            sums = [total := total + math.exp(log - top) for log in logs]
            forward.append(top + math.log(total))
            ways.append(_Ways(steps, sums))
        return ways

    def _spell(self, character: str) -> Step:
        data = character.encode()
        return Step(tuple(self._byte_ids[byte] for byte in data), 1, len(data))
