"""The torch side of the type head.

Legend: N targets, C type names, D hidden width.
"""

import copy
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
import torch
from torch import nn

from contracode.corpus.labels.datasets import read_labelled, split
from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.encoder import distributed
from contracode.encoder.int8_embedding import Int8Embedding
from contracode.heads.batches import HeadBatches
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.head_training import (
    GraphWriter,
    HeadPlan,
    HeadRequest,
    HeadTraining,
    StoredHead,
    Weights,
    set_dropout,
)
from contracode.heads.types.batches import collate
from contracode.heads.types.examples import FileSection, TypeReading, TypeVocabulary, sections
from contracode.heads.types.head import FeatureSum, TypeHead
from contracode.heads.types.module import TypeModule
from contracode.heads.types.settings import TypeFacts, TypeFinetuneConfig
from contracode.inference.heads.types import TYPE_NAMES_ONNX, TYPES, TYPES_ONNX, TypeSection
from contracode.inference.types.features import NAME_SLOTS, TARGET_SLOTS
from contracode.javascript.records import KINDS
from contracode.javascript.subtokens import Splitter
from contracode.support.errors import InputError

UNCUT = 1_000_000
"""Maximum windows of a section in validation: files are not cut, as in inference."""


class TypeTraining(HeadTraining):
    """Types of parameters, returns, variables and fields, from labelled files."""

    settings = TypeFinetuneConfig
    facts = TypeFacts

    def read(
        self, data: Sequence[str], config: TypeFinetuneConfig
    ) -> tuple[list[LabelledFile], list[LabelledFile]]:
        """Read labelled files; data without splits is split here.

        Raises:
            InputError: the data is missing or malformed.
        """
        parts = [
            split(files, lambda file: (file.repo, file.path, file.partition))
            for files in read_labelled(data, config.form)
        ]
        training, validation = ([f for part in parts for f in part[i]] for i in (0, 1))
        return training, validation

    def labels(self, item: LabelledFile) -> object:
        """Return the source and its types."""
        return item.code, [(label.span, label.type) for label in item.labels]

    def plan(self, request: HeadRequest) -> HeadPlan:
        """Prepare a head, its module and its batches for training.

        Raises:
            InputError: no type is frequent enough, or no validation file has a typed name.
        """
        config = request.config
        assert isinstance(config, TypeFinetuneConfig)
        vocabulary = _vocabulary(request, config)
        training = _examples(distributed.shard(request.training), request, vocabulary)
        validation = _examples(request.validation, request, vocabulary, max_windows=UNCUT)
        if not vocabulary.types or not distributed.minimum(len(training)):
            raise InputError(f"no type occurs {config.min_count} times in the training files")
        if not validation:
            raise InputError("the validation files have no typed name")
        batches = HeadBatches(
            training,
            validation,
            cost=lambda section: len(section.rows),
            collate=partial(collate, pad=request.tokenizer.pad_id),
            batch_size=config.batch_size,
            seed=config.seed,
        )
        head, width = _head(request, config, len(vocabulary))
        facts = TypeFacts(
            **request.base_facts(),
            types=vocabulary.types,
            width=width,
            feature_buckets=config.feature_buckets,
            pointer_dim=config.pointer_dim,
            splitter=_splitter(request),
            reads_encoder=config.uses_encoder,
        )
        return HeadPlan(head, TypeModule, facts, batches, vocabulary.types)

    def continued(self, config: TypeFinetuneConfig, facts: TypeFacts) -> TypeFinetuneConfig:
        """Return settings with the shape of the head that a run continues."""
        return msgspec.structs.replace(
            config,
            feature_buckets=facts.feature_buckets,
            pointer_dim=facts.pointer_dim,
            uses_encoder=facts.reads_encoder,
            width=0 if facts.reads_encoder else facts.width,
        )

    def uses_encoder(self, config: TypeFinetuneConfig) -> bool:
        """Return whether a head with these settings uses the encoder."""
        return config.uses_encoder

    def build(self, facts: TypeFacts) -> TypeHead:
        """Return a head with these facts and fresh weights."""
        return TypeHead(
            facts.encoder.hidden_width,
            facts.width,
            len(facts.types) + 1,
            feature_buckets=facts.feature_buckets,
            pointer_dim=facts.pointer_dim,
            uses_encoder=facts.reads_encoder,
        )

    def write(self, checkpoint: HeadCheckpoint, writer: GraphWriter) -> TypeSection:
        """Write the graphs of the head and its vocabulary."""
        facts, head = checkpoint.facts, checkpoint.head
        assert isinstance(facts, TypeFacts)
        assert isinstance(head, TypeHead)
        encoder = writer.encoder(checkpoint)
        targets, names = _probes(facts)
        head = writer.rounded("types", _with_int8_features(head) if writer.half else head)
        if facts.pointer_dim:
            key = head.key
            del head.key  # it gets a graph of its own, as it runs on names instead of targets
            dynamic = {given: {0: "names"} for given in names[0]}
            writer.graph(TYPE_NAMES_ONNX, key, names, outputs=("key",), dynamic=dynamic)
        outputs = ("logits", "query", "fit") if facts.pointer_dim else ("logits",)
        dynamic = {given: {0: "targets"} for given in targets[0]}
        writer.graph(TYPES_ONNX, head, targets, outputs=outputs, dynamic=dynamic)
        (writer.folder / TYPES).write_text("".join(f"{t}\n" for t in facts.types), "utf-8")
        temperatures = facts.temperatures if len(set(facts.temperatures)) > 1 else []
        return TypeSection(
            encoder=encoder,
            window=facts.window,
            temperature=facts.temperatures[0],
            temperatures=temperatures,
            threshold=facts.threshold,
            precision=facts.precision,
            coverage=facts.coverage,
            features=facts.feature_buckets,
            names=facts.pointer_dim,
            splitter=facts.splitter,
            corpora=facts.trained_on,
        )

    def read_back(self, section: TypeSection, stored: StoredHead) -> tuple[Weights, TypeFacts]:
        """Return the weights and the facts of a head in a model folder.

        Raises:
            InputError: a file or a weight is missing.
        """
        state = stored.part("types")
        facts = TypeFacts(
            encoder=stored.encoder,
            window=section.window,
            types=stored.lines(TYPES),
            width=stored.size(state, "norm.weight", 0),
            feature_buckets=section.features,
            pointer_dim=section.names,
            splitter=section.splitter,
            reads_encoder=bool(section.encoder),
            temperatures=section.temperatures or [section.temperature] * len(KINDS),
            threshold=section.threshold,
            precision=section.precision,
            coverage=section.coverage,
            trained_on=section.corpora,
        )
        return state, facts


def _vocabulary(request: HeadRequest, config: TypeFinetuneConfig) -> TypeVocabulary:
    if request.start is not None:
        assert isinstance(request.start.facts, TypeFacts)
        return TypeVocabulary(request.start.facts.types)
    return TypeVocabulary.of_files(
        request.training,
        size=config.max_types,
        min_count=config.min_count,
        min_repos=config.min_repos,
    )


def _examples(
    files: Sequence[LabelledFile],
    request: HeadRequest,
    vocabulary: TypeVocabulary,
    *,
    max_windows: int = 0,
) -> list[FileSection]:
    config: Any = request.config
    pointers = config.pointer_dim > 0
    reading = TypeReading(config.feature_buckets, pointers, _splitter(request))
    return [
        section
        for file in files
        for section in sections(
            file,
            request.tokenizer,
            vocabulary,
            window=config.window,
            max_windows=max_windows or config.max_windows,
            reading=reading,
        )
    ]


def _splitter(request: HeadRequest) -> Splitter:
    if request.start is None:
        return "unicode"
    assert isinstance(request.start.facts, TypeFacts)
    return request.start.facts.splitter


def _head(
    request: HeadRequest, config: TypeFinetuneConfig, num_types: int
) -> tuple[nn.Module, int]:
    """Return the head to train, and its width."""
    if request.start is not None:
        assert isinstance(request.start.facts, TypeFacts)
        return set_dropout(request.start.head, config.dropout), request.start.facts.width
    projection, hidden = request.projection, request.encoder.config.hidden_width
    width = hidden if projection is None else projection.first.out_features
    if config.width and not config.uses_encoder:
        width = config.width
    head = TypeHead(
        hidden,
        width,
        num_types,
        feature_buckets=config.feature_buckets,
        pointer_dim=config.pointer_dim,
        uses_encoder=config.uses_encoder,
        dropout=config.dropout,
    )
    if projection is not None and config.uses_encoder:
        head.mean.load_state_dict(projection.first.state_dict())
        head.norm.load_state_dict(projection.first_norm.state_dict())
    return head, width


def _probes(
    facts: TypeFacts,
) -> tuple[list[dict[str, torch.Tensor]], list[dict[str, torch.Tensor]]]:
    """Return random inputs of the graph of targets, and of the graph of type names."""
    targets: list[dict[str, torch.Tensor]] = []
    names: list[dict[str, torch.Tensor]] = []
    for number in (7, 1):
        mean_ND, max_ND = torch.randn(2, number, facts.encoder.hidden_width, generator=_generator())
        target = {"mean": mean_ND, "max": max_ND, "kind": torch.arange(number) % len(KINDS)}
        name = {"mean": mean_ND}
        if buckets := facts.feature_buckets:
            for probe, slots in ((target, TARGET_SLOTS), (name, NAME_SLOTS)):
                shape = (number, slots)
                probe["features"] = torch.randint(buckets, shape, generator=_generator())
        targets.append(target)
        names.append(name)
    return targets, names


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _with_int8_features(head: TypeHead) -> TypeHead:
    """Return a copy of the head with feature tables, the bulk of its weights, in 8 bits."""
    head = copy.deepcopy(head)
    for part in head.modules():
        if isinstance(part, FeatureSum):
            part.register_module("embedding", Int8Embedding(part.embedding.weight))
    return head
