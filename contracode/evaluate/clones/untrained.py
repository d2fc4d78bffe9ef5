"""The baseline that says what training added: an encoder of the same shape with fresh weights, and
no wide part, which is fitted too.

Legend: B batch, T pieces, D embedding, W width of what stands for a function.
"""

import dataclasses
from collections.abc import Sequence

import msgspec
import numpy as np

from contracode.inference.model import Model


class Untrained(Model):
    """A model whose embeddings come from fresh weights; the paper's untrained encoder (section
    4.1).

    Args:
        model: whose shape and tokenizer it has.
        seed: of the weights.
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
