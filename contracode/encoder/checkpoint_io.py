"""Checkpoints and initial weights of a run: reading, writing, loading into modules."""

from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from contracode.encoder.encoders import Encoder
from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError
from contracode.support.run_folder import START


def save_start(encoder: Encoder, run: Path) -> None:
    """Write the initial encoder of a run into its folder."""
    state = {
        name: weight.detach().cpu().contiguous() for name, weight in encoder.state_dict().items()
    }
    with replacing(run / START) as beside:
        save_file(state, beside)
        beside.chmod(0o644)  # safetensors creates it for its owner only


def read_start(run: Path) -> dict[str, torch.Tensor]:
    """Read the initial encoder of a run.

    Raises:
        InputError: the file is missing or broken.
    """
    try:
        return load_file(run / START)
    except OSError as error:
        raise InputError(error.strerror or "is missing", path=run / START) from None
    except SafetensorError:
        raise InputError("is not a file of safetensors", path=run / START) from None


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint. Only tensors and plain types are read; no code runs.

    Raises:
        InputError: the file is missing, or is not a checkpoint.
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
    except Exception:  # torch raises many types of errors for a broken file
        raise InputError("is not a checkpoint", path=path) from None
    if not isinstance(found, dict) or "state_dict" not in found:
        raise InputError("is not a checkpoint", path=path)
    return found


def load_weights(module: torch.nn.Module, state: dict[str, torch.Tensor], path: Path) -> None:
    """Load weights into a module.

    Raises:
        InputError: names or shapes differ; the message names the first such weight.
    """
    expected = module.state_dict()
    for name in expected | state:
        shapes = [
            tuple(where[name].shape) if name in where else None for where in (expected, state)
        ]
        if shapes[0] != shapes[1]:
            raise InputError(
                f"a checkpoint of another shape: {name} is {shapes[1] or 'missing'}, "
                f"not {shapes[0] or 'there'}",
                path=path,
            )
    module.load_state_dict(state)
