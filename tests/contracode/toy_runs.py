"""Runs at toy size, and what of them can be compared."""

from pathlib import Path

import torch

from contracode.support import config as settings
from contracode.support.config import Config
from contracode.support.run_folder import read_metrics
from contracode.views.drawing import DrawnViews, PairRefused, draw_views

TINY = [
    "encoder.dimension=16",
    "encoder.layers=1",
    "encoder.heads=2",
    "encoder.feedforward=24",
    "encoder.dropout=0.2",
    "contrast.projection=8",
    "contrast.queue=10",
    "tokenizer.vocab_size=500",
    "training.steps=12",
    "training.batch_size=6",
    "training.log_every=2",
    "training.checkpoint_every=3",
    "data.max_length=40",
    "data.bucket=2",
]


def tiny(*overrides: str) -> Config:
    return settings.load(overrides=[*TINY, *overrides])


def state(run: Path) -> dict[str, torch.Tensor]:
    return torch.load(run / "last.ckpt", weights_only=True)["state_dict"]


def curve(run: Path) -> list[tuple[float, ...]]:
    """What of the rows does not depend on the clock."""
    columns = ("step", "loss", "accuracy", "temperature", "learning_rate", "momentum", "refused")
    return [tuple(row[column] for column in columns) for row in read_metrics(run / "metrics.csv")]


def sparse(source: str, seed: int) -> DrawnViews:
    """Draw views of a third of the functions only."""
    if len(source) % 3:
        raise PairRefused("not of the third")
    return draw_views(source, seed)
