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
    """The encoder, the data and the settings for training a head.

    Attributes:
        encoder: the encoder to begin with; changed in place.
        tokenizer: the tokenizer of the encoder.
        training: training items from `HeadTraining.read`.
        validation: validation items; they select the best checkpoint and calibrate the head.
        config: settings.
        projection: the pretrained projection head, or None.
        start: a head to continue, or None for a fresh one.
        trained_on: corpora of the data.
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
    """A head with its module and batches, ready for training.

    Attributes:
        head: the module, fresh or continued.
        module: its LightningModule.
        facts: the facts of the head, without results of validation.
        batches: batches of both splits.
        outputs: labels of the head's outputs, in order; a resumed run must have the same.
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
            Name of the file; "" if the head does not use the encoder.
        """
        ...

    def rounded(self, prefix: str, module: nn.Module, stored: nn.Module | None = None) -> Any:
        """Store weights in `model.safetensors`, rounded to the precision of the model.

        Args:
            prefix: name of the head, put before the names of the weights.
            module: the module of the graph.
            stored: the part of it whose weights are stored; by default all of it.

        Returns:
            A copy of the module that computes with the rounded weights.
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
            file: name of the graph's file.
            module: called with the values of a probe, in order.
            probes: sample inputs by name. Inputs of the first probe must be larger than 1 along
                every free axis.
            outputs: names of the outputs.
            dynamic: names of the free axes of each input.
        """
        ...


@dataclass(frozen=True)
class StoredHead:
    """A head in a model folder, to be read back for training.

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
        """Prepare a head, its module and its batches for training.

        Raises:
            InputError: there is no item to learn from or to validate on.
        """

    @abstractmethod
    def build(self, facts: Any) -> nn.Module:
        """Return a head with these facts and fresh weights."""

    @abstractmethod
    def write(self, checkpoint: HeadCheckpoint, writer: GraphWriter) -> HeadSection:
        """Write graphs and files of a head, and return its section of `config.json`."""

    def continued(self, config: Any, facts: Any) -> Any:
        """Return settings with the shape of the head that a run continues."""
        del facts
        return config

    def uses_encoder(self, config: Any) -> bool:
        """Return whether a head with these settings uses the encoder."""
        del config
        return True

    def labels(self, item: Any) -> object:
        """Return the part of an item that must be unchanged when a run is resumed.

        It consists of texts, numbers and sequences of these.
        """
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
