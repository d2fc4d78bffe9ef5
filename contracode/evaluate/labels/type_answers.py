"""Measures the types that models predict for labelled files."""

from collections.abc import Mapping, Sequence

import augment
from contracode.corpus.labels.datasets import readable
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.evaluate.labels.types import ANY, Answer, TypeItem, evaluate_types
from contracode.evaluate.report import Progress, Report
from contracode.inference.model import Model
from contracode.inference.types.features import Features
from contracode.support.errors import InputError


def type_items(files: Sequence[LabelledFile]) -> list[TypeItem]:
    """Return every labelled name, grouped by repository; of a single repository, by file."""
    by_path = len({file.repo for file in files}) == 1
    items: list[TypeItem] = []
    for file in files:
        if file.language == "tokens":
            features = Features.of_tokens(file.code)
        else:
            features = Features.of_program(augment.parse(file.code, language=file.language))
        group = file.path if by_path else file.repo
        items.extend(
            TypeItem(label.kind, label.name, label.type, group, *features.neighbours(label.span))
            for label in file.labels
        )
    return items


def types(
    model: Model,
    files: Sequence[LabelledFile],
    training: Sequence[LabelledFile],
    *,
    against: Sequence[Model] = (),
    silent: Mapping[str, Sequence[str | None]] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Score a model's types on labelled files, and counting tables of the training files.

    Args:
        model: a model with a type head.
        files: labelled sources.
        training: labelled sources for the counting tables.
        against: other models to measure.
        silent: answers of tools to each label, by name of the tool; None to abstain.
        seed: seed of the bootstrap.
        progress: called after each file.

    Raises:
        InputError: a model has no type head, two models have the same name, or the files have no
            labels.
    """
    models = models_by_name(model, against)
    for name, one in models.items():
        if not one.metadata.types:
            raise InputError(f"the model has no type head: {name}")
    files, training = readable(files), readable(training)
    items = type_items(files)
    if all(item.label == ANY for item in items):
        raise InputError("the files have no typed names")
    predicted: dict[str, list[Answer]] = {name: [] for name in models}
    for number, file in enumerate(files, start=1):
        for name, one in models.items():
            predicted[name] += answers(one, file)
        if progress is not None:
            progress(number, len(files))
    thresholds = {name: one.metadata.threshold for name, one in models.items()}
    own = model.metadata.name
    return evaluate_types(
        items,
        predicted,
        type_items(training),
        thresholds=thresholds,
        models=[own],
        silent=silent,
        seed=seed,
    )


def answers(model: Model, file: LabelledFile) -> list[Answer]:
    """Return a model's answer to each label of a file."""
    if file.language == "tokens":
        ranked = model.predict_tokens(file.code, file.labels)
    else:
        predictions = model.predict_types(file.code, language=file.language)
        found = {(one.kind, one.span): one.candidates for one in predictions}
        ranked = [found[label.kind, label.span] for label in file.labels]
    return [
        Answer([one.type for one in some], some[0].probability if some else 0.0) for some in ranked
    ]


def models_by_name(model: Model, against: Sequence[Model]) -> dict[str, Model]:
    """Return the models by name, `model` last.

    Raises:
        InputError: two models have the same name.
    """
    found: dict[str, Model] = {}
    for one in (*against, model):
        if one.metadata.name in found:
            raise InputError(
                f"two models are called {one.metadata.name}; export one of them under another name"
            )
        found[one.metadata.name] = one
    return found
