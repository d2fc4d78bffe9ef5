"""Calibration: the threshold from which a model shows its types, chosen on labelled files."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracode.corpus.labels.datasets import readable
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.evaluate.labels.type_answers import answers
from contracode.evaluate.labels.types import ANY
from contracode.evaluate.report import Progress
from contracode.inference.model import Model
from contracode.support.errors import InputError
from contracode.support.metrics import threshold_for


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, and its precision and coverage on the files on which it was chosen.

    Attributes:
        threshold: lowest confidence of a shown type.
        precision: share of right types among the shown ones.
        coverage: share of labels with a shown type.
        labels: number of labels, without `any`.
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
    """Choose the lowest threshold with a precision, or the highest with a coverage.

    Args:
        model: a model with a type head.
        files: sources that the head was not trained on.
        precision: minimum share of right types among the shown ones, from 0 to 1.
        coverage: minimum share of labels with a shown type, from 0 to 1.
        progress: called after each file.

    Raises:
        ValueError: neither or both of precision and coverage are given.
        InputError: the model has no type head, the files have no labels, or no threshold has the
            precision.
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
        raise InputError(f"no threshold reaches a precision of {100 * precision:.0f} %")
    return Calibration(threshold, float(right_N[shown_N].mean()), float(shown_N.mean()), len(right))
