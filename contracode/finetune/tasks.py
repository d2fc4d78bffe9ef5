"""The two tasks: from labelled data and an encoder to a validated checkpoint of a head."""

from collections.abc import Sequence
from pathlib import Path

import pytorch_lightning as lightning
import torch

from contracode.corpus.types import LabelledFile
from contracode.encoder import Encoder, Projection
from contracode.errors import InputError
from contracode.evaluate.metrics import threshold_for
from contracode.finetune.config import FinetuneConfig
from contracode.finetune.modules import NameModule, TypeModule
from contracode.finetune.running import Batches, Watch, fit, num_steps
from contracode.heads import name_data, type_data
from contracode.heads.checkpoint import HeadCheckpoint, HeadFacts
from contracode.heads.names import NameDecoder
from contracode.heads.type_data import OTHER, Reading, TypeVocabulary
from contracode.heads.types import TypeHead, fit_temperatures
from contracode.manifest import Corpus
from contracode.naming import NameVocabulary
from contracode.tokenizer import Tokenizer

WHOLE = 1_000_000
"""Windows of a section that is never cut: validation reads a file as inference does."""

PRECISION = 0.85
"""Share of shown types that is to be right: the threshold is chosen for it on the validation split."""


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
        probability_NS = (module.validated_scores_NS / torch.tensor(temperatures)[kind_N][:, None]).softmax(dim=1)
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
    """Train a name decoder on an encoder, and the encoder with it unless it is frozen.

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
    vocabulary = NameVocabulary.of_tokenizer(tokenizer)
    examples = [
        [
            example
            for source, name in functions
            if (
                example := name_data.name_example(
                    source, name, tokenizer, vocabulary, window=config.window, max_pieces=config.max_pieces
                )
            )
        ]
        for functions in (training, validation)
    ]
    if not examples[0] or not examples[1]:
        raise InputError(f"no named function in the {'validation' if examples[0] else 'training'} split")
    facts = HeadFacts(
        task="names",
        encoder=encoder.config,
        window=config.window,
        pieces=vocabulary.pieces,
        max_pieces=config.max_pieces,
        layers=config.layers,
        trained_on=list(trained_on),
    )
    head = NameDecoder(
        encoder.config.hidden_width,
        len(vocabulary),
        max_pieces=config.max_pieces,
        num_layers=config.layers,
        dropout=config.dropout,
    )
    batches = Batches(
        *examples,
        cost=lambda _: 1,
        collate=lambda chosen: name_data.collate(chosen, pad=tokenizer.pad_id),
        batch_size=config.batch_size,
        seed=config.seed,
    )
    module = NameModule(encoder, head, config, num_steps(batches, config))
    save = HeadCheckpoint(facts, encoder, head, tokenizer).save
    return fit(module, batches, output, config, save, resume=resume, progress=progress, watch=watch)
