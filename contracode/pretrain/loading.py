"""What a pretraining run has learned, or what of it was tuned or exported, read back."""

from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from contracode import config as settings
from contracode.config import Config, DataConfig
from contracode.encoder import Encoder, PlainProjection, Projection
from contracode.errors import InputError
from contracode.exported import exported_encoder, is_exported
from contracode.files import replacing
from contracode.heads.checkpoint import HeadCheckpoint, is_tuned
from contracode.momentum import MomentumContrast, Tower
from contracode.runs import CHECKPOINT, CONFIG, START, read_facts
from contracode.tokenizer import Tokenizer
from contracode.wide import FILE as WIDE
from contracode.wide import WideEncoder


class Pretrained(NamedTuple):
    """A pretrained tower; fine-tuning starts from `projection.first`.

    Attributes:
        tower: encoder and projection.
        tokenizer: of the encoder.
        config: settings of the run; of a fine-tuning run or an exported model, what it tells of
            them.
        wide: the wide part, where there is one.
        projected: the projection was pretrained too; it is fresh where only the encoder is known.
        path: where it was read from.
    """

    tower: Tower
    tokenizer: Tokenizer
    config: Config
    wide: WideEncoder | None = None
    projected: bool = True
    path: str = ""

    @property
    def encoder(self) -> Encoder:
        """The encoder."""
        return self.tower.encoder

    @property
    def embeds(self) -> Encoder | Tower:
        """What embeds beside the wide part: what was compared together with it, or else the
        encoder.
        """
        return self.tower if self.config.wide.joint else self.encoder

    @property
    def projection(self) -> Projection | PlainProjection:
        """The projection head."""
        return self.tower.projection


def load_encoder(path: str | Path, *, average: bool = False) -> Pretrained:
    """Read the encoder of a pretraining run, of a fine-tuning run, or of an exported model.

    Args:
        path: the run folder, a checkpoint in it, or an inference folder.
        average: take the average of the weights: the one that the run kept (`training.average`), or
            else the key tower. A fine-tuning run and an exported model have one kind of weights.

    Raises:
        InputError: there is no run, it has no checkpoint yet, or its files do not fit each other.
    """
    given = Path(path)
    if is_exported(given):
        return Pretrained(*exported_encoder(given), projected=False, path=str(given.absolute()))
    if is_tuned(given):
        head = HeadCheckpoint.load(given)
        config = Config(encoder=head.encoder.config, data=DataConfig(max_length=head.facts.window))
        tower = MomentumContrast(head.encoder, config.contrast).query.eval()
        return Pretrained(
            tower, head.tokenizer, config, projected=False, path=str(given.absolute())
        )
    run = given.parent if given.is_file() else given
    facts = read_facts(run)
    config = settings.load(run / CONFIG)
    tokenizer = Tokenizer.load(run)
    if tokenizer.fingerprint != facts.tokenizer:
        raise InputError("is not the tokenizer of this run", path=run / "tokenizer.model")
    file = given if given.is_file() else run / CHECKPOINT
    state = read_checkpoint(file)["state_dict"]
    contrast = MomentumContrast(Encoder(config.encoder), config.contrast, config.wide)
    load_weights(contrast, _part(state, "contrast."), file)
    tower = contrast.key if average else contrast.query
    if average and config.training.average:
        load_weights(tower, _part(state, "average."), file)
    wide = WideEncoder.load(run) if config.wide.dimension else None
    if wide is not None and wide.fingerprint != facts.wide:
        raise InputError("is not the wide encoder of this run", path=run / WIDE)
    return Pretrained(tower.eval(), tokenizer, config, wide, path=str(given.absolute()))


def learned(path: str | Path) -> Pretrained:
    """Read the best to begin with: as `load_encoder`, the average of a run's weights where it kept
    one.

    Raises:
        InputError: as `load_encoder`.
    """
    found = load_encoder(path)
    return load_encoder(path, average=True) if found.config.training.average else found


def save_start(encoder: Encoder, run: Path) -> None:
    """Write into a run folder the encoder that the run begins with."""
    state = {
        name: weight.detach().cpu().contiguous() for name, weight in encoder.state_dict().items()
    }
    with replacing(run / START) as beside:
        save_file(state, beside)


def read_start(run: Path) -> dict[str, torch.Tensor]:
    """Read it back.

    Raises:
        InputError: it is missing or broken.
    """
    try:
        return load_file(run / START)
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=run / START) from None
    except SafetensorError:
        raise InputError("is not a file of safetensors", path=run / START) from None


def _part(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): weight
        for name, weight in state.items()
        if name.startswith(prefix)
    }


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint, tensors and plain types only.

    Raises:
        InputError: there is none, or it is none.
    """
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        reason = (
            "there is no checkpoint yet"
            if isinstance(error, FileNotFoundError)
            else error.strerror or str(error)
        )
        raise InputError(reason, path=path) from None
    except Exception:  # whatever torch meets in a file that it did not write
        raise InputError("is not a checkpoint", path=path) from None
    if not isinstance(found, dict) or "state_dict" not in found:
        raise InputError("is not a checkpoint", path=path)
    return found


def load_weights(module: torch.nn.Module, state: dict[str, torch.Tensor], path: Path) -> None:
    """Load weights into a module of their shape.

    Raises:
        InputError: it has another; the first weight that differs is named.
    """
    expected = module.state_dict()
    for name in expected | state:
        shapes = [
            tuple(where[name].shape) if name in where else None for where in (expected, state)
        ]
        if shapes[0] != shapes[1]:
            raise InputError(
                f"a checkpoint of another shape: {name} is {shapes[1] or 'missing'}, not {shapes[0] or 'there'}",
                path=path,
            )
    module.load_state_dict(state)
