"""Checkpoints and initial weights of a run: reading, writing, and loading them into modules."""

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
