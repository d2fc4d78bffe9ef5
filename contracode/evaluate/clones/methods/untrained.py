"""An encoder of the model's shape with fresh weights: what training added.

Its vectors have no counted part, which is fitted as well.

Legend: B batch, T pieces, D hidden width, W pooled width.
"""

import dataclasses
from collections.abc import Sequence

import msgspec
import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.inference.model import Model


class Untrained(Model):
    """A model with fresh weights.

    Args:
        model: gives the shape and the tokenizer.
        seed: of the weights.

    Source: Jain et al., EMNLP 2021, section 4.1, the untrained encoder.
    """

    def __init__(self, model: Model, *, seed: int = 0) -> None:
        import torch

        from contracode.encoder.encoders import Encoder
        from contracode.support.config import EncoderConfig

        super().__init__(model.folder)
        torch.manual_seed(seed)
        self._fresh = Encoder(msgspec.convert(self.manifest.encoder, EncoderConfig)).eval()
        self._wide = None
        self.metadata = dataclasses.replace(
            self.metadata, dimension=self._fresh.config.pooled_width
        )

    def _encode(self, ids: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        import torch

        pieces_BT, mask_BT = (torch.from_numpy(array) for array in self._graphs.padded(ids))
        with torch.inference_mode():
            hidden_BTD, pooled_BW = self._fresh.embed(pieces_BT, mask_BT)
            return hidden_BTD.numpy(), pooled_BW.numpy()


@baseline("untrained", fast=True)
def build(model: Model | None, seed: int) -> Method | None:
    """Embed by fresh weights of the model's shape."""
    return None if model is None else Embedding(Untrained(model, seed=seed).embed)
