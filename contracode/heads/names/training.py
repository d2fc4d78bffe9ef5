"""The torch side of the name head."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np
import torch
from torch import nn

from contracode.corpus.labels.datasets import read_named, split
from contracode.encoder import distributed
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
from contracode.heads.names.modules import PieceModule, WordModule
from contracode.heads.names.piece_decoder import NameStep, PieceDecoder
from contracode.heads.names.piece_examples import collate_pieces, piece_example
from contracode.heads.names.settings import NameFacts, NameFinetuneConfig
from contracode.heads.names.word_decoder import WordDecoder
from contracode.heads.names.word_examples import (
    collate_words,
    name_of,
    word_example,
    word_vocabulary,
)
from contracode.inference.heads.names import NAME_STEP_ONNX, WORDS, NameSection
from contracode.inference.names.decoder import ENCODED, load_words, save_words
from contracode.inference.names.naming import NameVocabulary
from contracode.support.errors import InputError

BEAM = 8
"""Width of the beam search of the decoder of pieces. The paper evaluates 5 candidates."""

WORD_BEAM = 12
"""Width of the beam search of the decoder of words; agreement among its candidates ranks them."""

WORD_WIDTH = 128
"""Default width of the decoder of words."""

NamedFunction = tuple[str, str]
"""Source of a function, and its name; "" for the name in the source."""


class NameTraining(HeadTraining):
    """Names of functions, by a decoder of words or of pieces."""

    settings = NameFinetuneConfig
    facts = NameFacts

    def read(
        self, data: Sequence[str], config: NameFinetuneConfig
    ) -> tuple[list[NamedFunction], list[NamedFunction]]:
        """Read named functions; data without splits is split here.

        Raises:
            InputError: the data is missing or malformed.
        """
        del config
        parts = split(read_named(data), lambda one: (one.repo, one.path, one.partition))
        training, validation = ([(one.source, one.name) for one in part] for part in parts)
        return training, validation

    def plan(self, request: HeadRequest) -> HeadPlan:
        """Prepare a head, its module and its batches for training.

        Raises:
            InputError: a split has no named function, no word is frequent enough, or the head to
                continue has another tokenizer.
        """
        config = request.config
        assert isinstance(config, NameFinetuneConfig)
        return (_plan_words if config.decoder == "words" else _plan_pieces)(request, config)

    def continued(self, config: NameFinetuneConfig, facts: NameFacts) -> NameFinetuneConfig:
        """Return settings with the shape of the head that a run continues."""
        if not facts.words:
            return msgspec.structs.replace(
                config, decoder="pieces", layers=facts.layers, max_pieces=facts.max_pieces
            )
        return msgspec.structs.replace(
            config,
            decoder="words",
            feature_buckets=facts.feature_buckets,
            width=facts.width,
            uses_encoder=facts.reads_encoder,
            max_pieces=facts.max_pieces,
        )

    def uses_encoder(self, config: NameFinetuneConfig) -> bool:
        """Return whether a head with these settings uses the encoder."""
        return config.uses_encoder or config.decoder == "pieces"

    def build(self, facts: NameFacts) -> nn.Module:
        """Return a head with these facts and fresh weights."""
        hidden = facts.encoder.hidden_width
        if facts.words:
            return WordDecoder(
                facts.feature_buckets,
                len(facts.words) + 1,
                width=facts.width,
                hidden=hidden if facts.reads_encoder else 0,
            )
        return PieceDecoder(
            hidden,
            len(facts.pieces) + 1,
            max_pieces=facts.max_pieces,
            num_layers=facts.layers,
        )

    def write(self, checkpoint: HeadCheckpoint, writer: GraphWriter) -> NameSection:
        """Write the weights of a decoder of words, or the graph of a decoder of pieces."""
        facts, head = checkpoint.facts, checkpoint.head
        assert isinstance(facts, NameFacts)
        encoder = writer.encoder(checkpoint)
        if facts.words:  # inference computes the decoder of words with numpy, without a graph
            state = head.state_dict().items()
            weights = {name: weight.detach().cpu().numpy() for name, weight in state}
            save_words(weights, writer.folder)
            text = "".join(f"{word}\n" for word in facts.words)
            (writer.folder / WORDS).write_text(text, "utf-8")
        else:
            assert isinstance(head, PieceDecoder)
            writer.graph(
                NAME_STEP_ONNX,
                writer.rounded("names", NameStep(head), head),
                _probes(facts),
                outputs=("log_probability",),
                dynamic={"hidden": {1: "length"}, "prefixes": {0: "beams", 1: "prefix"}},
            )
        return NameSection(
            encoder=encoder,
            window=facts.window,
            pieces=facts.pieces,
            max_pieces=facts.max_pieces,
            beam=WORD_BEAM if facts.words else BEAM,
        )

    def read_back(self, section: NameSection, stored: StoredHead) -> tuple[Weights, NameFacts]:
        """Return the weights and the facts of a head in a model folder.

        Raises:
            InputError: a file or a weight is missing.
        """
        facts = NameFacts(
            encoder=stored.encoder, window=section.window, max_pieces=section.max_pieces
        )
        if section.pieces:
            state = stored.part("names")
            layers = {name.split(".")[1] for name in state if name.startswith("layers.")}
            facts.pieces, facts.layers = section.pieces, len(layers)
            return state, facts
        weights = load_words(stored.folder)
        state = {name: torch.from_numpy(np.array(weight)) for name, weight in weights.items()}
        facts.feature_buckets = stored.size(state, "features.weight", 0)
        facts.width = stored.size(state, "features.weight", 1)
        facts.words, facts.reads_encoder = stored.lines(WORDS), ENCODED in state
        return state, facts


def _plan_words(request: HeadRequest, config: NameFinetuneConfig) -> HeadPlan:
    if request.start is None:
        names = (name_of(source, name) for source, name in request.training)
        vocabulary = word_vocabulary(names, size=config.max_words)
    else:
        assert isinstance(request.start.facts, NameFacts)
        vocabulary = request.start.facts.words
    if not vocabulary:
        raise InputError("no word occurs twice in the names of the training split")
    width, size = config.width or WORD_WIDTH, len(vocabulary) + 1
    if request.start is None:
        hidden = request.encoder.config.hidden_width if config.uses_encoder else 0
        head = WordDecoder(
            config.feature_buckets, size, width=width, hidden=hidden, dropout=config.dropout
        )
    else:
        head = set_dropout(request.start.head, config.dropout)
    tokenizer = request.tokenizer
    example = partial(
        word_example,
        output_of={word: output for output, word in enumerate(vocabulary, start=1)},
        buckets=config.feature_buckets,
        max_words=config.max_pieces,
        tokenizer=tokenizer if config.uses_encoder else None,
        window=config.window,
    )
    collate = partial(collate_words, size=size, pad=tokenizer.pad_id, mask_id=tokenizer.mask_id)
    facts = NameFacts(
        **request.base_facts(),
        max_pieces=config.max_pieces,
        words=vocabulary,
        feature_buckets=config.feature_buckets,
        width=width,
        reads_encoder=config.uses_encoder,
    )
    batches = _batches(request, example, collate)
    return HeadPlan(head, WordModule, facts, batches, (facts.words, facts.pieces))


def _plan_pieces(request: HeadRequest, config: NameFinetuneConfig) -> HeadPlan:
    vocabulary = NameVocabulary.of_tokenizer(request.tokenizer)
    if request.start is None:
        head = PieceDecoder(
            request.encoder.config.hidden_width,
            len(vocabulary),
            max_pieces=config.max_pieces,
            num_layers=config.layers,
            dropout=config.dropout,
        )
    else:
        assert isinstance(request.start.facts, NameFacts)
        if request.start.facts.pieces != vocabulary.pieces:
            raise InputError("the pieces of the decoder are not those of its tokenizer")
        head = set_dropout(request.start.head, config.dropout)
    example = partial(
        piece_example,
        tokenizer=request.tokenizer,
        vocabulary=vocabulary,
        window=config.window,
        max_pieces=config.max_pieces,
    )
    facts = NameFacts(
        **request.base_facts(),
        max_pieces=config.max_pieces,
        pieces=vocabulary.pieces,
        layers=config.layers,
    )
    batches = _batches(request, example, partial(collate_pieces, pad=request.tokenizer.pad_id))
    return HeadPlan(head, PieceModule, facts, batches, (facts.words, facts.pieces))


def _batches(
    request: HeadRequest,
    example: Callable[[str, str], Any],
    collate: Callable[[Sequence[Any]], Any],
) -> HeadBatches:
    splits = (distributed.shard(request.training), request.validation)
    training, validation = (
        [one for source, name in part if (one := example(source, name)) is not None]
        for part in splits
    )
    for name, number in (
        ("training", distributed.minimum(len(training))),
        ("validation", len(validation)),
    ):
        if not number:
            raise InputError(f"no named function in the {name} split")
    return HeadBatches(
        training,
        validation,
        collate=collate,
        batch_size=request.config.batch_size,
        seed=request.config.seed,
    )


def _probes(facts: NameFacts) -> list[dict[str, torch.Tensor]]:
    """Return random inputs of one step of the decoder of pieces."""
    probes: list[dict[str, torch.Tensor]] = []
    for length, beams, prefix in ((9, 5, 3), (1, 1, 1), (facts.window, 2, facts.max_pieces + 1)):
        generator = torch.Generator().manual_seed(0)
        hidden_1TD = torch.randn(1, length, facts.encoder.hidden_width, generator=generator)
        prefixes_BL = torch.arange(beams * prefix).reshape(beams, prefix)
        probes.append({"hidden": hidden_1TD, "prefixes": prefixes_BL % (len(facts.pieces) + 1)})
    return probes
