"""An encoder of the model's shape with fresh weights; the difference is due to training.

It has no fragment vector, as that is fitted to data as well.

Legend: B batch, T pieces, D hidden width, W pooled width.
"""

from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.inference.model import Model
from contracode.inference.source_encoder import SourceEncoder
from contracode.inputs.tokenizer import PAD
from contracode.inputs.windows import padded


class Untrained:
    """Embeds sources as a model does, but with fresh weights.

    Args:
        model: determines the shape and the tokenizer.
        seed: seed of the weights.

    Source: Jain et al., EMNLP 2021, section 4.1, the untrained encoder.
    """

    def __init__(self, model: Model, *, seed: int = 0) -> None:
        fresh = _FreshEncoder(model, seed)
        manifest = msgspec.structs.replace(
            model.manifest, dimension=fresh.width, fragment_weight=None, nested=[]
        )
        self._encoder = SourceEncoder(fresh, model.tokenizer, manifest, None)

    def embed(
        self, sources: Iterable[str], *, progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Return float32 (N, W), rows of unit norm."""
        return self._encoder.embed(
            list(sources),
            function_names=None,
            language="javascript",
            dimensions=None,
            batch_size=32,
            progress=progress,
        )


class _FreshEncoder:
    """An encoder with fresh weights.

    Attributes:
        width: W.
    """

    def __init__(self, model: Model, seed: int) -> None:
        import torch

        from contracode.encoder.encoders import Encoder
        from contracode.support.config import EncoderConfig

        torch.manual_seed(seed)
        self._encoder = Encoder(msgspec.convert(model.manifest.encoder, EncoderConfig)).eval()
        self.width = self._encoder.config.pooled_width

    def encode(self, ids: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return hidden states (B, T, D) and pooled vectors (B, W)."""
        import torch

        pieces_BT, mask_BT = (torch.from_numpy(array) for array in padded(ids, PAD))
        with torch.inference_mode():
            hidden_BTD, pooled_BW = self._encoder.embed(pieces_BT, mask_BT)
            return hidden_BTD.numpy(), pooled_BW.numpy()


@baseline("untrained", fast=True)
def build(model: Model | None, seed: int) -> Method | None:
    """Embed with fresh weights of the model's shape."""
    return None if model is None else Embedding(Untrained(model, seed=seed).embed)
