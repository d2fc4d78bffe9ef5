"""The torch side of a head: its labelled data, its module and loss, and its ONNX graphs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from contracode.encoder.encoders import Encoder, Projection
from contracode.heads.batches import HeadBatches
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.facts import HeadFacts
from contracode.heads.head_module import HeadModule
from contracode.heads.settings import FinetuneConfig
from contracode.inference.head_spec import HeadSection, find_head, resolve
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import EncoderConfig
from contracode.support.errors import InputError
from contracode.support.provenance import CorpusReference

Weights = dict[str, torch.Tensor]


@dataclass(frozen=True)
class HeadRequest:
    """What a head is trained on.

    Attributes:
        encoder: to begin with; it is changed in place.
        tokenizer: of the encoder.
        training: items that `HeadTraining.read` returned, for training.
        validation: the same, for the best checkpoint and the calibration.
        config: settings.
        projection: the pretrained projection head, if there is one.
        start: a head to continue instead of a fresh one.
        trained_on: where the data is from.
    """

    encoder: Encoder
    tokenizer: Tokenizer
    training: Sequence[Any]
    validation: Sequence[Any]
    config: FinetuneConfig
    projection: Projection | None
    start: HeadCheckpoint | None
    trained_on: Sequence[CorpusReference]

    def base_facts(self) -> dict[str, Any]:
        """Return the facts that every head has."""
        return {
            "task": self.config.task,
            "encoder": self.encoder.config,
            "window": self.config.window,
            "trained_on": list(self.trained_on),
        }


@dataclass(frozen=True)
class HeadPlan:
    """What is trained.

    Attributes:
        head: the module, fresh or continued.
        module: its LightningModule.
        facts: of the head, without what validation finds.
        batches: of both splits.
        outputs: what the outputs of the head stand for; a resumed run must have the same.
    """

    head: nn.Module
    module: type[HeadModule]
    facts: HeadFacts
    batches: HeadBatches
    outputs: Iterable[object] = ()


class GraphWriter(Protocol):
    """Writes a head into a model folder that is being exported.

    Attributes:
        folder: the model folder.
        half: weights are stored in 16 bits.
    """

    folder: Path
    half: bool

    def encoder(self, checkpoint: HeadCheckpoint) -> str:
        """Write the graph of the head's encoder, unless a graph with the same weights is there.

        Returns:
            The file; "" if the head reads no encoder.
        """
        ...

    def rounded(self, prefix: str, module: nn.Module, stored: nn.Module | None = None) -> Any:
        """Store weights in `model.safetensors` and return a copy of the module that computes with
        their stored values.

        Args:
            prefix: of the names of the weights; the name of the head.
            module: what the graph computes.
            stored: the part of it whose weights are stored; by default all of it.
        """
        ...

    def graph(
        self,
        file: str,
        module: nn.Module,
        probes: Sequence[Mapping[str, torch.Tensor]],
        *,
        outputs: Sequence[str],
        dynamic: Mapping[str, Mapping[int, str]],
    ) -> None:
        """Write a module as an ONNX graph and compare it with torch on all probes.

        Args:
            file: name of the graph.
            module: takes the values of a probe in order.
            probes: inputs by name; those of the first are larger than 1 along every free axis.
            outputs: names of the results.
            dynamic: names of the free axes of each input.
        """
        ...


@dataclass(frozen=True)
class StoredHead:
    """A head of a model folder that is read back for training.

    Attributes:
        task: name of the head.
        folder: the model folder.
        weights: all its weights, in 32 bits.
        encoder: settings of the head's encoder.
    """

    task: str
    folder: Path
    weights: Weights
    encoder: EncoderConfig

    def part(self, prefix: str) -> Weights:
        """Return the weights under a prefix, without it."""
        start = f"{prefix}."
        return {
            name.removeprefix(start): weight
            for name, weight in self.weights.items()
            if name.startswith(start)
        }

    def lines(self, name: str) -> list[str]:
        """Return the lines of a file.

        Raises:
            InputError: it is missing.
        """
        try:
            return (self.folder / name).read_text("utf-8").splitlines()
        except OSError as error:
            raise InputError(error.strerror or "is missing", path=self.folder / name) from None

    def size(self, state: Weights, name: str, axis: int) -> int:
        """Return the size of a weight along an axis.

        Raises:
            InputError: there is no such weight.
        """
        if name not in state:
            raise InputError(f"{name} of a head is missing", path=self.folder)
        return state[name].shape[axis]


class HeadTraining(ABC):
    """The torch side of a head.

    Attributes:
        settings: type of the settings of its runs.
        facts: type of the facts of its checkpoints.
    """

    settings: type[FinetuneConfig] = FinetuneConfig
    facts: type[HeadFacts] = HeadFacts

    @abstractmethod
    def read(self, data: Sequence[str], config: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        """Read labelled data: the items of the training split and of the validation split.

        Raises:
            InputError: the data is missing or malformed.
        """

    @abstractmethod
    def plan(self, request: HeadRequest) -> HeadPlan:
        """Return what is trained.

        Raises:
            InputError: there is nothing to learn from or to validate on.
        """

    @abstractmethod
    def build(self, facts: Any) -> nn.Module:
        """Return a head of these facts with fresh weights."""

    @abstractmethod
    def write(self, checkpoint: HeadCheckpoint, writer: GraphWriter) -> HeadSection:
        """Write graphs and files of a head, and return its section of `config.json`."""

    def continued(self, config: Any, facts: Any) -> Any:
        """Return the settings of a run that continues a head, whose shape they take over."""
        del facts
        return config

    def uses_encoder(self, config: Any) -> bool:
        """Return whether a head with these settings reads the encoder."""
        del config
        return True

    def labels(self, item: Any) -> object:
        """Return what a resumed run must find unchanged of an item: text, numbers, sequences."""
        return item

    def read_back(self, section: Any, stored: StoredHead) -> tuple[Weights, HeadFacts]:
        """Return the weights and the facts of a head in a model folder."""
        facts = self.facts(task=stored.task, encoder=stored.encoder, window=section.window)
        return stored.part(stored.task), facts


def head_training(name: str) -> HeadTraining:
    """Return the torch side of a head by its name.

    Raises:
        InputError: there is no such head.
    """
    return resolve(find_head(name).training)()


def set_dropout(head: nn.Module, dropout: float) -> nn.Module:
    """Set the dropout of all layers of a head that is continued, and return the head."""
    for module in head.modules():
        if isinstance(module, nn.Dropout):
            module.p = dropout
    return head
