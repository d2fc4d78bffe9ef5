"""The best checkpoint of a fine-tuning run: weights of encoder and head, facts, tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from contracode.encoder.encoders import Encoder
from contracode.heads.facts import HeadFacts
from contracode.inference.head_spec import find_head, resolve
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

BEST = "best"
"""Folder of the best checkpoint in a run folder."""

FACTS, WEIGHTS, TOKENIZER = "head.json", "head.safetensors", "tokenizer.model"


class _Task(msgspec.Struct):
    task: str


def is_tuned(run: str | Path) -> bool:
    """Return whether a path is a fine-tuning run with a validated checkpoint."""
    return (Path(run) / BEST / FACTS).is_file()


@dataclass(slots=True)
class HeadCheckpoint:
    """A head on its encoder."""

    facts: HeadFacts
    encoder: Encoder
    head: nn.Module
    tokenizer: Tokenizer

    def save(self, folder: Path) -> None:
        """Write the checkpoint into an existing empty folder."""
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
            InputError: there is none, it is broken, or another version wrote it.
        """
        folder = run / BEST
        if not is_tuned(run):
            raise InputError("not a fine-tuning run with a validated checkpoint", path=run)
        facts = _facts(folder / FACTS)
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


def _facts(path: Path) -> HeadFacts:
    content = path.read_bytes()
    try:
        task = msgspec.json.decode(content, type=_Task).task
        kind = resolve(find_head(task).training)().facts
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            f"{error}; it was written by another version: train again", path=path
        ) from None


def _weights(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=path) from None
    except SafetensorError:
        raise InputError("is not a file of safetensors", path=path) from None
