"""From a model and data to a report: one function for each task of `contracode evaluate`."""

import random
from collections.abc import Callable, Mapping, Sequence

import augment
from contracode.corpus.types import LabelledFile
from contracode.datasets import Function
from contracode.errors import InputError
from contracode.evaluate.baselines import bag_of_pieces
from contracode.evaluate.leaves import rename_blind
from contracode.evaluate.methods import Embedder, Embedding, TfIdf
from contracode.evaluate.names import NEIGHBOURS, NameItem, evaluate_names, hidden, nearest_names
from contracode.evaluate.report import Report
from contracode.evaluate.types import ANY, Answer, TypeItem, evaluate_types
from contracode.evaluate.untrained import Untrained
from contracode.features import Features
from contracode.inference import Model
from contracode.naming import is_name

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


def embedders(model: Model, *, seed: int = 0, progress: Progress | None = None) -> Mapping[str, Embedder]:
    """Return the model's embedding and its baselines: fresh weights of the same shape, and a bag of pieces."""
    untrained = Untrained(model, seed=seed)
    return {
        "bag of pieces": lambda sources: bag_of_pieces(model.tokenizer, sources),
        "untrained": lambda sources: untrained.embed(sources, progress=progress),
        model.metadata.name: lambda sources: model.embed(sources, progress=progress),
    }


def type_items(files: Sequence[LabelledFile]) -> list[TypeItem]:
    """Return every name with a type, `any` too; the group is the repository, or the file where there is one repository only."""
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
    silent: Mapping[str, Sequence[str | None]] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Score a model's types on labelled files, beside tables counted on the training files.

    Args:
        model: with a type head.
        files: to be asked.
        training: what the tables count.
        silent: what tools say to each label, or None.
        seed: of the intervals.
        progress: called after each file.

    Raises:
        InputError: the model has no type head, or nothing is labelled.
    """
    if not model.metadata.types:
        raise InputError("the model has no type head")
    items = type_items(files)
    if all(item.label == ANY for item in items):
        raise InputError("the files have no typed names")
    answers: list[Answer] = []
    for number, file in enumerate(files, start=1):
        if file.language == "tokens":
            ranked = model.predict_tokens(file.code, file.labels)
        else:
            predictions = model.predict_types(file.code, language=file.language)
            found = {(one.kind, one.span): one.candidates for one in predictions}
            ranked = [found[label.kind, label.span] for label in file.labels]
        answers += [Answer([one.type for one in some], some[0].probability if some else 0.0) for some in ranked]
        if progress is not None:
            progress(number, len(files))
    said = {model.metadata.name: answers}
    return evaluate_types(
        items, said, type_items(training), threshold=model.metadata.threshold, silent=silent, seed=seed
    )


def names(
    model: Model,
    functions: Sequence[Function],
    training: Sequence[Function],
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Score a model's names for functions that parse and have a legal name, beside a constant answer and those of nearest neighbours.

    Raises:
        InputError: the model has no name decoder, or there is no such function.
    """
    if not model.metadata.predicts_names:
        raise InputError("the model has no name decoder")
    by_path = len({function.repo for function in functions}) == 1
    items: list[NameItem] = []
    answers: list[str] = []
    for number, function in enumerate(functions, start=1):
        name = function.name.rpartition(".")[2]
        if not is_name(name):
            continue
        try:
            found = model.predict_name(function.source, top=1, hidden=name)
        except ValueError:  # it does not parse, or is no function
            continue
        items.append(NameItem(function.source, name, function.path if by_path else function.repo))
        answers.append(found[0].name if found else "")
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
    said = {
        "nearest rename-blind": nearest_names(TfIdf(rename_blind), known, asked),
        f"nearest by {own}": nearest_names(Embedding(model.embed), known, asked),
        own: answers,
    }
    told = [name for function in training if is_name(name := function.name.rpartition(".")[2])]
    return evaluate_names(items, said, told, models=[own], seed=seed)
