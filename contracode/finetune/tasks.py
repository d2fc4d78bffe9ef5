"""The two tasks: from labelled data and an encoder to a validated checkpoint of a head."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytorch_lightning as lightning
import torch
from torch import nn

from contracode.corpus.types import LabelledFile
from contracode.encoder import Encoder, Projection
from contracode.errors import InputError
from contracode.evaluate.metrics import threshold_for
from contracode.finetune.config import FinetuneConfig
from contracode.finetune.modules import HeadModule, NameModule, TypeModule, WordModule
from contracode.finetune.running import Batches, Watch, fit, num_steps
from contracode.heads import name_data, type_data, words
from contracode.heads.checkpoint import HeadCheckpoint, HeadFacts
from contracode.heads.names import NameDecoder
from contracode.heads.type_data import OTHER, Reading, TypeVocabulary
from contracode.heads.types import TypeHead, fit_temperatures
from contracode.manifest import Corpus
from contracode.naming import NameVocabulary
from contracode.predictions import KINDS
from contracode.tokenizer import Tokenizer

TOKEN = KINDS.index("token")

WHOLE = 1_000_000
"""Windows of a section that is never cut: validation reads a file as inference does."""

WORD_WIDTH = 128
"""Of the decoder of words, if no other is asked for."""

PRECISION = 0.87
"""Share of shown types that is to be right on the validation split, for which the threshold is chosen: somewhat above the 85 in a hundred
that are promised, as the repositories of users are others."""


def finetune_types(
    encoder: Encoder,
    tokenizer: Tokenizer,
    training: Sequence[LabelledFile],
    validation: Sequence[LabelledFile],
    output: Path,
    config: FinetuneConfig,
    *,
    projection: Projection | None = None,
    trained_on: Sequence[Corpus] = (),
    resume: bool = False,
    progress: bool = True,
    watch: Watch | None = None,
) -> HeadCheckpoint:
    """Train a type head on an encoder, and the encoder with it unless it is frozen.

    Args:
        encoder: to begin from; changed in place.
        tokenizer: of the encoder.
        training: labelled files; the vocabulary is theirs.
        validation: for the best checkpoint, the temperature and the threshold.
        output: run folder.
        config: settings.
        projection: the pretrained projection head, from whose first layer the type head's begins.
        trained_on: where the files are from, to be told in the checkpoint.
        resume: go on where a killed run was.
        progress: show a bar on stderr.
        watch: called after each validation.

    Returns:
        The best checkpoint.

    Raises:
        InputError: there is nothing to learn from or to validate on; the folder has a run already, or none to resume.
    """
    lightning.seed_everything(config.seed, verbose=False)
    vocabulary = TypeVocabulary.of_files(
        training, size=config.types, min_count=config.min_count, min_repos=config.min_repos
    )
    reading = Reading(features=config.wide, names=config.names > 0)
    examples = [
        [
            section
            for file in files
            for section in type_data.sections(
                file, tokenizer, vocabulary, window=config.window, max_windows=max_windows, reading=reading
            )
        ]
        for files, max_windows in ((training, config.max_windows), (validation, WHOLE))
    ]
    if not vocabulary.types or not examples[0]:
        raise InputError(f"no type occurs {config.min_count} times in the training files")
    if not examples[1]:
        raise InputError("the validation files have no typed name")
    width = encoder.config.hidden_width if projection is None else projection.first.out_features
    if config.width and not config.deep:
        width = config.width
    head = TypeHead(
        encoder.config.hidden_width,
        width,
        len(vocabulary),
        features=config.wide,
        names=config.names,
        deep=config.deep,
        dropout=config.dropout,
    )
    if projection is not None and config.deep:
        head.mean.load_state_dict(projection.first.state_dict())
        head.norm.load_state_dict(projection.first_norm.state_dict())
    batches = Batches(
        *examples,
        cost=lambda section: len(section.rows),
        collate=lambda chosen: type_data.collate(chosen, pad=tokenizer.pad_id),
        batch_size=config.batch_size,
        seed=config.seed,
    )
    module = TypeModule(encoder, head, config, num_steps(batches, config))

    def save(folder: Path) -> None:
        label_N, kind_N = module.validated_label_N, module.validated_kind_N
        temperatures = fit_temperatures(module.validated_scores_NS, label_N, kind_N)
        if (kind_N != TOKEN).any():  # what is shown are targets of sources
            label_N, kind_N, scores_NS = (
                all_N[kind_N != TOKEN] for all_N in (label_N, kind_N, module.validated_scores_NS)
            )
        else:
            scores_NS = module.validated_scores_NS
        probability_NS = (scores_NS / torch.tensor(temperatures)[kind_N][:, None]).softmax(dim=1)
        confidence_N, best_N = probability_NS[:, OTHER + 1 :].max(dim=1)
        right_N = best_N + OTHER + 1 == label_N
        threshold = threshold_for(confidence_N.numpy(), right_N.numpy(), precision=PRECISION)
        shown_N = confidence_N >= threshold
        facts = HeadFacts(
            task="types",
            encoder=encoder.config,
            window=config.window,
            types=vocabulary.types,
            width=width,
            features=config.wide,
            names=config.names,
            deep=config.deep,
            temperatures=temperatures,
            threshold=threshold,
            precision=float(right_N[shown_N].float().mean()) if shown_N.any() else 0.0,
            coverage=float(shown_N.float().mean()),
            trained_on=list(trained_on),
        )
        HeadCheckpoint(facts, encoder, head, tokenizer).save(folder)

    return fit(module, batches, output, config, save, resume=resume, progress=progress, watch=watch)


def finetune_names(
    encoder: Encoder,
    tokenizer: Tokenizer,
    training: Sequence[tuple[str, str]],
    validation: Sequence[tuple[str, str]],
    output: Path,
    config: FinetuneConfig,
    *,
    trained_on: Sequence[Corpus] = (),
    resume: bool = False,
    progress: bool = True,
    watch: Watch | None = None,
) -> HeadCheckpoint:
    """Train a name decoder: of words, or of pieces on an encoder, and the encoder with it unless it is frozen.

    Args:
        encoder: to begin from; changed in place.
        tokenizer: of the encoder.
        training: sources of functions and their names ("" for the one that the source shows).
        validation: for the best checkpoint.
        output: run folder.
        config: settings.
        trained_on: where the functions are from, to be told in the checkpoint.
        resume: go on where a killed run was.
        progress: show a bar on stderr.
        watch: called after each validation.

    Returns:
        The best checkpoint.

    Raises:
        InputError: there is nothing to learn from or to validate on; the folder has a run already, or none to resume.
    """
    lightning.seed_everything(config.seed, verbose=False)
    if config.decoder == "words":
        made = _words(training, validation, encoder, tokenizer, config)
    else:
        made = _pieces(training, validation, encoder, tokenizer, config)
    facts = HeadFacts(
        task="names",
        encoder=encoder.config,
        window=config.window,
        max_pieces=config.max_pieces,
        trained_on=list(trained_on),
        **made.facts,
    )
    module = made.module(encoder, made.head, config, num_steps(made.batches, config))
    save = HeadCheckpoint(facts, encoder, made.head, tokenizer).save
    return fit(module, made.batches, output, config, save, resume=resume, progress=progress, watch=watch)


class _Naming(NamedTuple):
    facts: dict[str, Any]
    head: nn.Module
    module: type[HeadModule]
    batches: Batches


Named = Sequence[tuple[str, str]]


def _words(
    training: Named, validation: Named, encoder: Encoder, tokenizer: Tokenizer, config: FinetuneConfig
) -> _Naming:
    vocabulary = words.word_vocabulary((words.name_of(source, name) for source, name in training), size=config.words)
    if not vocabulary:
        raise InputError("no word occurs twice in the names of the training split")
    output_of = {word: output for output, word in enumerate(vocabulary, start=1)}

    def example(source: str, name: str) -> words.WordExample | None:
        return words.word_example(
            source,
            name,
            output_of,
            buckets=config.wide,
            max_words=config.max_pieces,
            tokenizer=tokenizer if config.deep else None,
            window=config.window,
        )

    width = config.width or WORD_WIDTH
    hidden = encoder.config.hidden_width if config.deep else 0
    size = len(vocabulary) + 1
    head = words.WordDecoder(config.wide, size, width=width, hidden=hidden, dropout=config.dropout)
    facts = {"words": vocabulary, "features": config.wide, "width": width, "deep": config.deep}
    collate = partial(words.collate, size=size, pad=tokenizer.pad_id, mask_id=tokenizer.mask_id)
    return _Naming(facts, head, WordModule, _batches(training, validation, example, collate, config))


def _pieces(
    training: Named, validation: Named, encoder: Encoder, tokenizer: Tokenizer, config: FinetuneConfig
) -> _Naming:
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)

    def example(source: str, name: str) -> name_data.NameExample | None:
        return name_data.name_example(
            source, name, tokenizer, vocabulary, window=config.window, max_pieces=config.max_pieces
        )

    head = NameDecoder(
        encoder.config.hidden_width,
        len(vocabulary),
        max_pieces=config.max_pieces,
        num_layers=config.layers,
        dropout=config.dropout,
    )
    facts = {"pieces": vocabulary.pieces, "layers": config.layers}
    batches = _batches(training, validation, example, partial(name_data.collate, pad=tokenizer.pad_id), config)
    return _Naming(facts, head, NameModule, batches)


def _batches(
    training: Named,
    validation: Named,
    example: Callable[[str, str], Any],
    collate: Callable[[Sequence[Any]], Any],
    config: FinetuneConfig,
) -> Batches:
    examples = [[one for source, name in part if (one := example(source, name))] for part in (training, validation)]
    if not examples[0] or not examples[1]:
        raise InputError(f"no named function in the {'validation' if examples[0] else 'training'} split")
    return Batches(*examples, cost=lambda _: 1, collate=collate, batch_size=config.batch_size, seed=config.seed)
