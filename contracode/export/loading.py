"""Reading encoders of pretraining runs, fine-tuning runs and model folders."""

from pathlib import Path

import torch

from contracode.encoder.checkpoint_io import load_weights, read_checkpoint
from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import MomentumContrast
from contracode.encoder.pretrained import Pretrained
from contracode.export.read_back import exported_encoder, is_exported
from contracode.heads.checkpoint import HeadCheckpoint, is_tuned
from contracode.inputs.fragment_encoder import FILE as FRAGMENTS
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support import config as settings
from contracode.support.config import Config, DataConfig
from contracode.support.errors import InputError
from contracode.support.run_folder import CHECKPOINT, CONFIG, read_facts


def load_encoder(path: str | Path, *, average: bool = False) -> Pretrained:
    """Read the encoder of a pretraining run, of a fine-tuning run, or of an exported model.

    Args:
        path: the run folder, a checkpoint in it, or a model folder.
        average: read the moving average of the weights (`training.average`), or the key tower if
            the run has no average. Fine-tuning runs and model folders ignore this option.

    Raises:
        InputError: there is no run, it has no checkpoint yet, or its files do not belong together.
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
    contrast = MomentumContrast(Encoder(config.encoder), config.contrast, config.fragments)
    load_weights(contrast, _part(state, "contrast."), file)
    tower = contrast.key if average else contrast.query
    if average and config.training.average:
        load_weights(tower, _part(state, "average."), file)
    fragments = FragmentEncoder.load(run) if config.fragments.dimension else None
    if fragments is not None and fragments.fingerprint != facts.fragments:
        raise InputError("is not the fragment encoder of this run", path=run / FRAGMENTS)
    return Pretrained(tower.eval(), tokenizer, config, fragments, path=str(given.absolute()))


def learned(path: str | Path) -> Pretrained:
    """Read the best encoder to begin with: the average of a run's weights, if it has one.

    Raises:
        InputError: see `load_encoder`.
    """
    found = load_encoder(path)
    return load_encoder(path, average=True) if found.config.training.average else found


def _part(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): weight
        for name, weight in state.items()
        if name.startswith(prefix)
    }
