"""Pretraining by momentum contrast, masked modelling or both.

- `running`: `pretrain`, from a corpus to a run folder; resuming.
- `corpus`, `parts`: the functions and pairs of a run; its tokenizer and fragment encoder.
- `module`, `batches`, `scheduled`: the LightningModule, its batches, and its schedules.
- `monitor`, `validation`, `probe`: the learning curve, and figures on held-out functions.
- `fit_fragments`: fits the fragment encoder to a corpus.
- `bag_training`: training of a bag model.
"""

from contracode.pretrain.batches import PairData
from contracode.pretrain.module import Pretraining
from contracode.pretrain.running import pretrain

__all__ = ["PairData", "Pretraining", "pretrain"]
