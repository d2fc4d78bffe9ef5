"""Measures the names that models predict for functions."""

import random
from collections.abc import Sequence

from contracode.corpus.labels.datasets import NamedFunction
from contracode.evaluate.clones.methods.interface import Embedding
from contracode.evaluate.clones.methods.tf_idf import TfIdf
from contracode.evaluate.labels.names import (
    NEIGHBOURS,
    NameItem,
    evaluate_names,
    hidden,
    nearest_names,
)
from contracode.evaluate.labels.type_answers import models_by_name
from contracode.evaluate.report import Progress, Report
from contracode.inference.model import Model
from contracode.inference.names.naming import is_name
from contracode.javascript.leaves import rename_blind
from contracode.support.errors import InputError


def names(
    model: Model,
    functions: Sequence[NamedFunction],
    training: Sequence[NamedFunction],
    *,
    against: Sequence[Model] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Score the names of a model, of other models, of nearest neighbours, and constant names.

    Functions that do not parse or have no legal name are left out.

    Args:
        model: the model to measure.
        functions: named functions.
        training: named functions of the training split, for the baselines.
        against: other models to measure.
        seed: seed of the bootstrap and of the sample of training functions.
        progress: called after each function.

    Raises:
        InputError: a model has no name decoder or the name of another; or no function is left.
    """
    models = models_by_name(model, against)
    for name, one in models.items():
        if not one.metadata.predicts_names:
            raise InputError(f"the model has no name decoder: {name}")
        # A broken decoder raises here, not in the loop below, which would skip all functions.
        one.predict_names("function f() {}")
    by_path = len({function.repo for function in functions}) == 1
    items: list[NameItem] = []
    answers: dict[str, list[str]] = {name: [] for name in models}
    for number, function in enumerate(functions, start=1):
        name = function.name.rpartition(".")[2]
        if not is_name(name):
            continue
        try:
            found = [
                one.predict_names(function.source, top=1, hidden=name) for one in models.values()
            ]
        except ValueError:  # the source does not parse, or has no function
            continue
        items.append(NameItem(function.source, name, function.path if by_path else function.repo))
        for predicted, best in zip(answers.values(), found, strict=True):
            predicted.append(best[0].name if best else "")
        if progress is not None:
            progress(number, len(functions))
    if not items:
        raise InputError("no named function")
    known = _known(training, seed)
    asked = [item._replace(source=hidden(item.source, item.name) or item.source) for item in items]
    own = model.metadata.name
    everything = {
        "nearest rename-blind": nearest_names(TfIdf(rename_blind), known, asked),
        f"nearest by {own}": nearest_names(Embedding(model.embed), known, asked),
        **answers,
    }
    return evaluate_names(items, everything, _legal_names(training), models=[own], seed=seed)


def _legal_names(functions: Sequence[NamedFunction]) -> list[str]:
    return [name for function in functions if is_name(name := function.name.rpartition(".")[2])]


def _known(training: Sequence[NamedFunction], seed: int) -> list[NameItem]:
    """Return a random sample of at most `NEIGHBOURS` named training functions."""
    order = list(range(len(training)))
    random.Random(seed).shuffle(order)
    known: list[NameItem] = []
    for number in order:
        name = training[number].name.rpartition(".")[2]
        text = hidden(training[number].source, name) if is_name(name) else None
        if text is not None:
            known.append(NameItem(text, name, training[number].repo))
        if len(known) == NEIGHBOURS:
            break
    return known
