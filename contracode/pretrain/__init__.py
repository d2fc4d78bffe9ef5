"""Pretraining by momentum contrast, masked modelling or both.

- `running`: `pretrain`, from a corpus to a run folder; resuming.
- `corpus`, `parts`: what a run is made of: functions and pairs; tokenizer and fragment encoder.
- `module`, `batches`: the LightningModule, and the batches that it is fed.
- `monitor`, `validation`, `probe`: the learning curve, and figures on held-out functions.
- `fit_fragments`: fits the fragment encoder to a corpus.
"""

from contracode.pretrain.batches import PairData
from contracode.pretrain.module import Pretraining
from contracode.pretrain.running import pretrain

__all__ = ["PairData", "Pretraining", "pretrain"]
