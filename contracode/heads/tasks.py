"""The two tasks: from labelled data and an encoder to a validated checkpoint of a head."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytorch_lightning as lightning
import torch
from torch import nn

from contracode.corpus.labels.type_corpus import LabelledFile
from contracode.encoder import distributed
from contracode.encoder.encoders import Encoder, Projection
from contracode.heads import name_data, type_data, words
from contracode.heads.checkpoint import HeadCheckpoint, HeadFacts
from contracode.heads.modules import HeadModule, NameModule, TypeModule, WordModule
from contracode.heads.names import NameDecoder
from contracode.heads.running import Batches, Watch, check_resumable, digest, fit, num_steps
from contracode.heads.settings import FinetuneConfig
from contracode.heads.type_data import OTHER, Reading, TypeVocabulary
from contracode.heads.types import TypeHead, fit_temperatures
from contracode.inference.names.naming import NameVocabulary
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import KINDS
from contracode.support.errors import InputError
from contracode.support.metrics import threshold_for
from contracode.support.provenance import CorpusReference

TOKEN = KINDS.index("token")

WHOLE = 1_000_000
"""Windows of a section that is never cut: validation reads a file as inference does."""

WORD_WIDTH = 128
"""Of the decoder of words, if no other is asked for."""

PRECISION = 0.87
"""Share of shown types that is to be right on the validation split, for which the threshold is
chosen: somewhat above the 85 in a hundred that are promised, as the repositories of users are
others.
"""


@distributed.joined()
def finetune_types(
    encoder: Encoder,
    tokenizer: Tokenizer,
    training: Sequence[LabelledFile],
    validation: Sequence[LabelledFile],
    output: Path,
    config: FinetuneConfig,
    *,
    projection: Projection | None = None,
    head: HeadCheckpoint | None = None,
    trained_on: Sequence[CorpusReference] = (),
    resume: bool = False,
    progress: bool = True,
    watch: Watch | None = None,
) -> HeadCheckpoint:
    """Train a type head on an encoder, and the encoder with it unless it is frozen; in all
    processes that `torchrun` has started, if any.

    Args:
        encoder: to begin from; changed in place.
        tokenizer: of the encoder.
        training: labelled files; the vocabulary is theirs.
        validation: for the best checkpoint, the temperature and the threshold.
        output: run folder.
        config: settings.
        projection: the pretrained projection head, from whose first layer the type head's begins.
        head: to go on with, instead of a fresh one: its types, and its shape whatever the settings
            say of it.
        trained_on: where the files are from, to be told in the checkpoint.
        resume: go on where a killed run was.
        progress: show a bar on stderr.
        watch: called after each validation.

    Returns:
        The best checkpoint.

    Raises:
        InputError: there is nothing to learn from or to validate on; the folder has a run already,
            or none to resume, or one that began with other settings or data.
    """
    lightning.seed_everything(config.seed, verbose=False)
    if head is None:
        vocabulary = TypeVocabulary.of_files(
            training, size=config.types, min_count=config.min_count, min_repos=config.min_repos
        )
    else:
        config = continued(config, head.facts)
        vocabulary = TypeVocabulary(head.facts.types)
    if resume:
        check_resumable(output, config)
    reading = Reading(
        features=config.wide,
        names=config.names > 0,
        splitter="unicode" if head is None else head.facts.splitter,
    )
    examples = [
        [
            section
            for file in files
            for section in type_data.sections(
                file,
                tokenizer,
                vocabulary,
                window=config.window,
                max_windows=max_windows,
                reading=reading,
            )
        ]
        for files, max_windows in (
            (distributed.share(training), config.max_windows),
            (validation, WHOLE),
        )
    ]
    if not vocabulary.types or not distributed.least(len(examples[0])):
        raise InputError(f"no type occurs {config.min_count} times in the training files")
    if not examples[1]:
        raise InputError("the validation files have no typed name")
    if head is None:
        width = encoder.config.hidden_width if projection is None else projection.first.out_features
        if config.width and not config.deep:
            width = config.width
        learning = TypeHead(
            encoder.config.hidden_width,
            width,
            len(vocabulary),
            features=config.wide,
            names=config.names,
            deep=config.deep,
            dropout=config.dropout,
        )
        if projection is not None and config.deep:
            learning.mean.load_state_dict(projection.first.state_dict())
            learning.norm.load_state_dict(projection.first_norm.state_dict())
    else:
        width = head.facts.width
        learning = _learning(head, config)
    batches = Batches(
        *examples,
        cost=lambda section: len(section.rows),
        collate=lambda chosen: type_data.collate(chosen, pad=tokenizer.pad_id),
        batch_size=config.batch_size,
        seed=config.seed,
    )
    labels = (
        (file.code, [(label.span, label.type) for label in file.labels])
        for file in (*training, *validation)
    )
    facts = {
        "data": digest(((len(training), len(validation)), *labels)),
        "pieces": tokenizer.fingerprint,
        "outputs": digest(vocabulary.types),
    }
    module = TypeModule(encoder, learning, config, num_steps(batches, config), facts)

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
            splitter=reading.splitter,
            deep=config.deep,
            temperatures=temperatures,
            threshold=threshold,
            precision=float(right_N[shown_N].float().mean()) if shown_N.any() else 0.0,
            coverage=float(shown_N.float().mean()),
            trained_on=list(trained_on),
        )
        HeadCheckpoint(facts, encoder, learning, tokenizer).save(folder)

    return fit(module, batches, output, config, save, resume=resume, progress=progress, watch=watch)


@distributed.joined()
def finetune_names(
    encoder: Encoder,
    tokenizer: Tokenizer,
    training: Sequence[tuple[str, str]],
    validation: Sequence[tuple[str, str]],
    output: Path,
    config: FinetuneConfig,
    *,
    head: HeadCheckpoint | None = None,
    trained_on: Sequence[CorpusReference] = (),
    resume: bool = False,
    progress: bool = True,
    watch: Watch | None = None,
) -> HeadCheckpoint:
    """Train a name decoder: of words, or of pieces on an encoder, and the encoder with it unless it
    is frozen; in all processes that `torchrun` has started, if any.

    Args:
        encoder: to begin from; changed in place.
        tokenizer: of the encoder.
        training: sources of functions and their names ("" for the one that the source shows).
        validation: for the best checkpoint.
        output: run folder.
        config: settings.
        head: to go on with, instead of a fresh one: its words or pieces, and its shape whatever the
            settings say of it.
        trained_on: where the functions are from, to be told in the checkpoint.
        resume: go on where a killed run was.
        progress: show a bar on stderr.
        watch: called after each validation.

    Returns:
        The best checkpoint.

    Raises:
        InputError: there is nothing to learn from or to validate on; the folder has a run already,
            or none to resume, or one that began with other settings or data.
    """
    lightning.seed_everything(config.seed, verbose=False)
    if head is not None:
        config = continued(config, head.facts)
    if resume:
        check_resumable(output, config)
    made = (_words if config.decoder == "words" else _pieces)(
        training, validation, encoder, tokenizer, config, head
    )
    facts = HeadFacts(
        task="names",
        encoder=encoder.config,
        window=config.window,
        max_pieces=config.max_pieces,
        trained_on=list(trained_on),
        **made.facts,
    )
    begun = {
        "data": digest(((len(training), len(validation)), *training, *validation)),
        "pieces": tokenizer.fingerprint,
        "outputs": digest((facts.words, facts.pieces)),
    }
    module = made.module(encoder, made.head, config, num_steps(made.batches, config), begun)
    save = HeadCheckpoint(facts, encoder, made.head, tokenizer).save
    return fit(
        module, made.batches, output, config, save, resume=resume, progress=progress, watch=watch
    )


def continued(config: FinetuneConfig, facts: HeadFacts) -> FinetuneConfig:
    """Return the settings of a run that goes on with a head: what makes its shape is the head's."""
    if facts.task == "types":
        return msgspec.structs.replace(
            config,
            wide=facts.features,
            names=facts.names,
            deep=facts.deep,
            width=0 if facts.deep else facts.width,
        )
    if facts.words:
        return msgspec.structs.replace(
            config,
            decoder="words",
            wide=facts.features,
            width=facts.width,
            deep=facts.deep,
            max_pieces=facts.max_pieces,
        )
    return msgspec.structs.replace(
        config, decoder="pieces", layers=facts.layers, max_pieces=facts.max_pieces
    )


def _learning(head: HeadCheckpoint, config: FinetuneConfig) -> Any:
    """Return the module of a head, with the dropout of a run."""
    for module in head.head.modules():
        if isinstance(module, nn.Dropout):
            module.p = config.dropout
    return head.head


class _Naming(NamedTuple):
    facts: dict[str, Any]
    head: nn.Module
    module: type[HeadModule]
    batches: Batches


Named = Sequence[tuple[str, str]]


def _words(
    training: Named,
    validation: Named,
    encoder: Encoder,
    tokenizer: Tokenizer,
    config: FinetuneConfig,
    begun: HeadCheckpoint | None,
) -> _Naming:
    if begun is None:
        names = (words.name_of(source, name) for source, name in training)
        vocabulary = words.word_vocabulary(names, size=config.words)
    else:
        vocabulary = begun.facts.words
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
    if begun is None:
        head = words.WordDecoder(
            config.wide, size, width=width, hidden=hidden, dropout=config.dropout
        )
    else:
        head = _learning(begun, config)
    facts = {"words": vocabulary, "features": config.wide, "width": width, "deep": config.deep}
    collate = partial(words.collate, size=size, pad=tokenizer.pad_id, mask_id=tokenizer.mask_id)
    return _Naming(
        facts, head, WordModule, _batches(training, validation, example, collate, config)
    )


def _pieces(
    training: Named,
    validation: Named,
    encoder: Encoder,
    tokenizer: Tokenizer,
    config: FinetuneConfig,
    begun: HeadCheckpoint | None,
) -> _Naming:
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)
    if begun is not None and begun.facts.pieces != vocabulary.pieces:
        raise InputError("the decoder of names spells of other pieces than its tokenizer has")

    def example(source: str, name: str) -> name_data.NameExample | None:
        return name_data.name_example(
            source, name, tokenizer, vocabulary, window=config.window, max_pieces=config.max_pieces
        )

    if begun is None:
        head = NameDecoder(
            encoder.config.hidden_width,
            len(vocabulary),
            max_pieces=config.max_pieces,
            num_layers=config.layers,
            dropout=config.dropout,
        )
    else:
        head = _learning(begun, config)
    facts = {"pieces": vocabulary.pieces, "layers": config.layers}
    batches = _batches(
        training, validation, example, partial(name_data.collate, pad=tokenizer.pad_id), config
    )
    return _Naming(facts, head, NameModule, batches)


def _batches(
    training: Named,
    validation: Named,
    example: Callable[[str, str], Any],
    collate: Callable[[Sequence[Any]], Any],
    config: FinetuneConfig,
) -> Batches:
    parts = (distributed.share(training), validation)
    examples = [[one for source, name in part if (one := example(source, name))] for part in parts]
    learned = distributed.least(len(examples[0]))
    if not learned or not examples[1]:
        raise InputError(
            f"no named function in the {'validation' if learned else 'training'} split"
        )
    return Batches(
        *examples, cost=lambda _: 1, collate=collate, batch_size=config.batch_size, seed=config.seed
    )
