"""Pretraining by momentum contrast: LightningModule and data, run folder, exact resuming."""

from contracode.pretrain.loading import Pretrained, learned, load_encoder
from contracode.pretrain.module import PairData, Pretraining
from contracode.pretrain.running import pretrain

__all__ = ["PairData", "Pretrained", "Pretraining", "learned", "load_encoder", "pretrain"]
