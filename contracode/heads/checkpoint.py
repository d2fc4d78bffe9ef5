"""What a fine-tuning run leaves behind: encoder and head weights with the facts that are needed to
build them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from contracode.encoder.encoders import Encoder
from contracode.heads.names import NameDecoder
from contracode.heads.types import TypeHead
from contracode.heads.words import WordDecoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import KINDS
from contracode.javascript.subtokens import Splitter
from contracode.support.config import EncoderConfig
from contracode.support.errors import InputError
from contracode.support.provenance import CorpusReference

BEST = "best"
"""Folder of the best checkpoint of a run."""

FACTS, WEIGHTS, TOKENIZER = "head.json", "head.safetensors", "tokenizer.model"


def is_tuned(run: str | Path) -> bool:
    """Return whether a path is a fine-tuning run with a validated checkpoint."""
    return (Path(run) / BEST / FACTS).is_file()


class HeadFacts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What the weights of a head do not say themselves.

    Attributes:
        task: which head.
        encoder: settings of the encoder below it.
        window: longest piece sequence it was trained on.
        types: vocabulary of the type head.
        width: of the type head's hidden layer, or of the decoder of words.
        features: buckets of hashed features that the head reads; 0 for none.
        names: width of the vectors with which it points to names of the file; 0 for none.
        splitter: how the type head splits names.
        deep: it reads the encoder.
        temperatures: of the type head for each kind, fitted on the validation split.
        threshold: confidence from which `PRECISION` of the validation split's best types are right.
        precision: share of them that are right from the threshold on, there.
        coverage: share of them that reach it.
        words: of the decoder of words, of each output from 1 on; none of the decoder of pieces.
        pieces: of the decoder of pieces, of each output from 1 on.
        max_pieces: longest name, in words or pieces.
        layers: of the decoder.
        trained_on: the labelled data.
    """

    task: Literal["types", "names"]
    encoder: EncoderConfig
    window: int
    types: list[str] = []
    width: int = 0
    features: int = 0
    names: int = 0
    splitter: Splitter = "ascii"
    deep: bool = True
    temperatures: list[float] = msgspec.field(default_factory=lambda: [1.0] * len(KINDS))
    threshold: float = 1.0
    precision: float = 0.0
    coverage: float = 0.0
    words: list[str] = []
    pieces: list[int] = []
    max_pieces: int = 0
    layers: int = 0
    trained_on: list[CorpusReference] = []

    def build(self) -> nn.Module:
        """Return a head of these facts with fresh weights."""
        if self.task == "types":
            return TypeHead(
                self.encoder.hidden_width,
                self.width,
                len(self.types) + 1,
                features=self.features,
                names=self.names,
                deep=self.deep,
            )
        if self.words:
            hidden = self.encoder.hidden_width if self.deep else 0
            return WordDecoder(self.features, len(self.words) + 1, width=self.width, hidden=hidden)
        return NameDecoder(
            self.encoder.hidden_width,
            len(self.pieces) + 1,
            max_pieces=self.max_pieces,
            num_layers=self.layers,
        )


@dataclass(slots=True)
class HeadCheckpoint:
    """A head on its encoder."""

    facts: HeadFacts
    encoder: Encoder
    head: nn.Module
    tokenizer: Tokenizer

    def save(self, folder: Path) -> None:
        """Write it into an existing empty folder."""
        weights = {
            f"{part}.{name}": weight.detach().cpu().contiguous()
            for part, module in (("encoder", self.encoder), ("head", self.head))
            for name, weight in module.state_dict().items()
        }
        save_file(weights, folder / WEIGHTS)
        (folder / FACTS).write_bytes(msgspec.json.format(msgspec.json.encode(self.facts)) + b"\n")
        self.tokenizer.save(folder / TOKENIZER)

    @classmethod
    def load(cls, run: Path) -> HeadCheckpoint:
        """Read the best checkpoint of a run.

        Raises:
            InputError: the run has none, it is broken, or another version wrote it.
        """
        folder = run / BEST
        if not is_tuned(run):
            raise InputError("not a fine-tuning run with a validated checkpoint", path=run)
        try:
            facts = msgspec.json.decode((folder / FACTS).read_bytes(), type=HeadFacts)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise InputError(
                f"{error}; it was written by another version: train again", path=folder / FACTS
            ) from None
        encoder, head = Encoder(facts.encoder), facts.build()
        weights = _weights(folder / WEIGHTS)
        for part, module in (("encoder", encoder), ("head", head)):
            prefix = f"{part}."
            try:
                module.load_state_dict(
                    {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}
                )
            except RuntimeError:
                raise InputError(
                    "does not fit its facts: another version wrote it; train again",
                    path=folder / WEIGHTS,
                ) from None
        return cls(facts, encoder.eval(), head.eval(), Tokenizer.load(folder / TOKENIZER))


def _weights(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=path) from None
    except SafetensorError:
        raise InputError("is not a file of safetensors", path=path) from None
