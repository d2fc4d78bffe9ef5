"""Pretraining by momentum contrast: LightningModule and data, run folder, exact resuming."""

from contracode.pretrain.module import PairData, Pretraining
from contracode.pretrain.running import pretrain

__all__ = ["PairData", "Pretraining", "pretrain"]
