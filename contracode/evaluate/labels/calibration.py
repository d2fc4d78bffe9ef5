"""The threshold of a model: the confidence from which on so many of its types are right, by what
the exported model answers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracode.corpus.labels.datasets import readable
from contracode.corpus.labels.type_corpus import LabelledFile
from contracode.evaluate.labels.tasks import Progress, answers
from contracode.evaluate.labels.types import ANY
from contracode.inference.model import Model
from contracode.support.errors import InputError
from contracode.support.metrics import threshold_for


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, and what it did on the files it was chosen on.

    Attributes:
        threshold: confidence from which a type is shown.
        precision: share of the shown that is right.
        coverage: share of the labels for which a type is shown.
        labels: how many there were, `any` left out.
    """

    threshold: float
    precision: float
    coverage: float
    labels: int


def calibrate(
    model: Model,
    files: Sequence[LabelledFile],
    *,
    precision: float | None = None,
    coverage: float | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Choose the lowest threshold at which so many of the shown types are right, or the highest at
    which so many are shown.

    Args:
        model: with a type head.
        files: sources that the head did not learn from.
        precision: share of the shown that is to be right, between 0 and 1.
        coverage: or share of the labels for which a type is to be shown.
        progress: called after each file.

    Raises:
        ValueError: not one of both is given.
        InputError: the model has no type head, nothing is labelled, or no threshold shows so many
            right.
    """
    if (precision is None) == (coverage is None):
        raise ValueError("either precision or coverage")
    if not model.metadata.types:
        raise InputError(f"the model has no type head: {model.metadata.name}")
    files = readable(files)
    confidence: list[float] = []
    right: list[bool] = []
    for number, file in enumerate(files, start=1):
        for label, answer in zip(file.labels, answers(model, file), strict=True):
            if label.type != ANY:
                best = next((type for type in answer.ranked if type != ANY), None)
                confidence.append(answer.confidence)
                right.append(best == label.type)
        if progress is not None:
            progress(number, len(files))
    if not right:
        raise InputError("the files have no typed names")
    confidence_N, right_N = np.asarray(confidence), np.asarray(right)
    if precision is not None:
        threshold = threshold_for(confidence_N, right_N, precision=precision)
    else:
        assert coverage is not None
        threshold = float(np.sort(confidence_N)[::-1][math.ceil(coverage * len(right)) - 1])
    shown_N = confidence_N >= threshold
    if precision is not None and (not shown_N.any() or right_N[shown_N].mean() < precision):
        raise InputError(f"no threshold shows types of which {100 * precision:.0f} % are right")
    return Calibration(threshold, float(right_N[shown_N].mean()), float(shown_N.mean()), len(right))
