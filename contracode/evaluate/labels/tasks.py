"""From a model and data to a report: one function for each task of `contracode evaluate`."""

import random
from collections.abc import Callable, Mapping, Sequence

import augment
from contracode.corpus.labels.datasets import Function, readable
from contracode.corpus.labels.type_corpus import LabelledFile
from contracode.evaluate.baselines import bag_of_pieces
from contracode.evaluate.clones.methods import Embedder, Embedding, TfIdf
from contracode.evaluate.clones.untrained import Untrained
from contracode.evaluate.labels.names import (
    NEIGHBOURS,
    NameItem,
    evaluate_names,
    hidden,
    nearest_names,
)
from contracode.evaluate.labels.types import ANY, Answer, TypeItem, evaluate_types
from contracode.evaluate.report import Report
from contracode.inference.model import Model
from contracode.inference.names.naming import is_name
from contracode.inference.types.features import Features
from contracode.javascript.leaves import rename_blind
from contracode.support.errors import InputError

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


def embedders(
    model: Model, *, seed: int = 0, progress: Progress | None = None
) -> Mapping[str, Embedder]:
    """Return the model's embedding and its baselines: fresh weights of the same shape, and a bag of
    pieces.
    """
    untrained = Untrained(model, seed=seed)
    return {
        "bag of pieces": lambda sources: bag_of_pieces(model.tokenizer, sources),
        "untrained": lambda sources: untrained.embed(sources, progress=progress),
        model.metadata.name: lambda sources: model.embed(sources, progress=progress),
    }


def type_items(files: Sequence[LabelledFile]) -> list[TypeItem]:
    """Return every name with a type, `any` too; the group is the repository, or the file where
    there is one repository only.
    """
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
    """Score a model's types on labelled files, beside tables counted on the training files.

    Args:
        model: with a type head.
        files: to be asked.
        training: what the tables count.
        against: other models, measured beside it.
        silent: what tools say to each label, or None.
        seed: of the intervals.
        progress: called after each file.

    Raises:
        InputError: a model has no type head, two are called alike, or nothing is labelled.
    """
    models = _named(model, against)
    for name, one in models.items():
        if not one.metadata.types:
            raise InputError(f"the model has no type head: {name}")
    files, training = readable(files), readable(training)
    items = type_items(files)
    if all(item.label == ANY for item in items):
        raise InputError("the files have no typed names")
    said: dict[str, list[Answer]] = {name: [] for name in models}
    for number, file in enumerate(files, start=1):
        for name, one in models.items():
            said[name] += answers(one, file)
        if progress is not None:
            progress(number, len(files))
    thresholds = {name: one.metadata.threshold for name, one in models.items()}
    own = model.metadata.name
    return evaluate_types(
        items,
        said,
        type_items(training),
        thresholds=thresholds,
        models=[own],
        silent=silent,
        seed=seed,
    )


def _named(model: Model, against: Sequence[Model]) -> dict[str, Model]:
    found: dict[str, Model] = {}
    for one in (*against, model):
        if one.metadata.name in found:
            raise InputError(
                f"two models are called {one.metadata.name}; give one another name when it is exported"
            )
        found[one.metadata.name] = one
    return found


def answers(model: Model, file: LabelledFile) -> list[Answer]:
    """Return what a model says to each label of a file."""
    if file.language == "tokens":
        ranked = model.predict_tokens(file.code, file.labels)
    else:
        predictions = model.predict_types(file.code, language=file.language)
        found = {(one.kind, one.span): one.candidates for one in predictions}
        ranked = [found[label.kind, label.span] for label in file.labels]
    return [
        Answer([one.type for one in some], some[0].probability if some else 0.0) for some in ranked
    ]


def names(
    model: Model,
    functions: Sequence[Function],
    training: Sequence[Function],
    *,
    against: Sequence[Model] = (),
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Score a model's names for functions that parse and have a legal name, beside a constant
    answer, those of nearest neighbours and those of other models.

    Raises:
        InputError: a model has no name decoder, two are called alike, or there is no such function.
    """
    models = _named(model, against)
    for name, one in models.items():
        if not one.metadata.predicts_names:
            raise InputError(f"the model has no name decoder: {name}")
        # A decoder that cannot be read says so here, and not by functions that are left out.
        one.predict_name("function f() {}")
    by_path = len({function.repo for function in functions}) == 1
    items: list[NameItem] = []
    answers: dict[str, list[str]] = {name: [] for name in models}
    for number, function in enumerate(functions, start=1):
        name = function.name.rpartition(".")[2]
        if not is_name(name):
            continue
        try:
            found = [
                one.predict_name(function.source, top=1, hidden=name) for one in models.values()
            ]
        except ValueError:  # it does not parse, or is no function
            continue
        items.append(NameItem(function.source, name, function.path if by_path else function.repo))
        for said, best in zip(answers.values(), found, strict=True):
            said.append(best[0].name if best else "")
        if progress is not None:
            progress(number, len(functions))
    if not items:
        raise InputError("no named function there")
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
    asked = [item._replace(source=hidden(item.source, item.name) or item.source) for item in items]
    own = model.metadata.name
    everything = {
        "nearest rename-blind": nearest_names(TfIdf(rename_blind), known, asked),
        f"nearest by {own}": nearest_names(Embedding(model.embed), known, asked),
        **answers,
    }
    told = [name for function in training if is_name(name := function.name.rpartition(".")[2])]
    return evaluate_names(items, everything, told, models=[own], seed=seed)
