"""Model folders read back for training: encoder, fragment encoder, heads."""

from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import MomentumContrast, Tower
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.head_training import StoredHead, head_training
from contracode.inference import model_folder as folder_format
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.int8_rows import SCALE
from contracode.inference.model_folder import ModelManifest, read_manifest
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import (
    Config,
    ContrastConfig,
    DataConfig,
    EncoderConfig,
    FragmentConfig,
    TokenizerConfig,
)
from contracode.support.errors import InputError

Weights = dict[str, torch.Tensor]


def is_exported(path: str | Path) -> bool:
    """Return whether a path is a model folder."""
    return (Path(path) / folder_format.CONFIG).is_file()


def exported_encoder(folder: Path) -> tuple[Tower, Tokenizer, Config, FragmentEncoder | None]:
    """Read the encoder and the fragment encoder of a model folder.

    Returns:
        A tower whose projection is fresh, its tokenizer, its settings in the form of a pretraining
        run, and the fragment encoder or None.

    Raises:
        InputError: the folder is not a model folder or is broken, or its encoder was trained
            together with its fragment vector and depends on the projection.
    """
    manifest = read_manifest(folder)
    weights = _weights(folder)
    if any(name.startswith("encoder.projection.") for name in weights):
        raise InputError(
            "its encoder was trained together with its fragment vector; begin with the run",
            path=folder,
        )
    shape = _shape(manifest, folder)
    encoder = Encoder(shape)
    _load(encoder, weights, "encoder.", folder)
    tokenizer = _tokenizer(manifest, folder)
    fragments, counts = None, FragmentConfig()
    if manifest.fragment_weight is not None:
        fragments = FragmentEncoder.load(folder)
        dimension, signature, words, operations = fragments.dimensions
        identifiers = fragments.identifiers
        counts = FragmentConfig(
            dimension=dimension,
            signature=signature,
            words=words,
            operations=operations,
            identifier_dim=identifiers.dimension if identifiers is not None else 0,
            fragment_weight=manifest.fragment_weight,
        )
    config = Config(
        tokenizer=TokenizerConfig(
            vocab_size=tokenizer.size, layout="keep" if tokenizer.layout == "keep" else "drop"
        ),
        encoder=shape,
        fragments=counts,
        contrast=ContrastConfig(queue=0),
        data=DataConfig(reads=manifest.reads, max_length=manifest.window),
    )
    return MomentumContrast(encoder, config.contrast).query.eval(), tokenizer, config, fragments


def exported_head(folder: Path, task: str) -> HeadCheckpoint:
    """Read a head of a model folder with its encoder.

    A head without an encoder of its own has the encoder of the model's embeddings.

    Raises:
        InputError: the folder is not a model folder or is broken, or has no such head.
    """
    manifest = read_manifest(folder)
    section = manifest.heads.get(task)
    if section is None:
        raise InputError(f"has no head for {task}", path=folder)
    weights = _weights(folder)
    encoder = Encoder(_shape(manifest, folder))
    own = section.encoder not in ("", ENCODER_ONNX)
    joint = any(name.startswith("encoder.projection.") for name in weights)
    base = "encoder.encoder." if joint else "encoder."
    _load(encoder, weights, f"{Path(section.encoder).stem}." if own else base, folder)
    side = head_training(task)
    stored = StoredHead(task, folder, weights, encoder.config)
    state, facts = side.read_back(section, stored)
    head = side.build(facts)
    _load(head, state, "", folder)
    return HeadCheckpoint(facts, encoder.eval(), head.eval(), _tokenizer(manifest, folder))


def load_head(path: str | Path, task: str) -> HeadCheckpoint:
    """Read a head of a fine-tuning run, or of a model folder.

    Raises:
        InputError: there is no head, or it is for another task.
    """
    if is_exported(path):
        return exported_head(Path(path), task)
    found = HeadCheckpoint.load(Path(path))
    if found.facts.task != task:
        raise InputError(f"is a run of `finetune {found.facts.task}`", path=path)
    return found


def _weights(folder: Path) -> Weights:
    path = folder / folder_format.WEIGHTS
    try:
        stored = {name: weight.float() for name, weight in load_file(path).items()}
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=path) from None
    except SafetensorError:
        raise InputError("is not a file of safetensors", path=path) from None
    for name in [name for name in stored if name.endswith(SCALE)]:
        table = name.removesuffix(SCALE)  # a table of 8-bit rows
        if (
            table not in stored
            or stored[table].ndim != 2
            or stored[name].shape != stored[table].shape[:1]
        ):
            raise InputError(f"{name} does not fit a table", path=path)
        stored[table] *= stored.pop(name)[:, None]
    return stored


def _shape(manifest: ModelManifest, folder: Path) -> EncoderConfig:
    try:
        return msgspec.convert(manifest.encoder, EncoderConfig)
    except msgspec.ValidationError as error:
        raise InputError(f"encoder: {error}", path=folder / folder_format.CONFIG) from None


def _tokenizer(manifest: ModelManifest, folder: Path) -> Tokenizer:
    found = Tokenizer.load(folder)
    if found.fingerprint != manifest.tokenizer:
        raise InputError(
            "is not the tokenizer of this model", path=folder / folder_format.TOKENIZER
        )
    return found


def _part(weights: Weights, prefix: str) -> Weights:
    return {
        name.removeprefix(prefix): weight
        for name, weight in weights.items()
        if name.startswith(prefix)
    }


def _load(module: nn.Module, weights: Weights, prefix: str, folder: Path) -> None:
    state = _part(weights, prefix)
    for name, weight in module.state_dict().items():
        if name not in state or state[name].shape != weight.shape:
            raise InputError(
                f"{prefix}{name} is missing, or its shape is not that of {folder_format.CONFIG}",
                path=folder,
            )
    module.load_state_dict({name: state[name] for name in module.state_dict()})
