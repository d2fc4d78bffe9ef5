"""Pieces to unit vectors, by an encoder in training or loaded from a file.

Legend: N sources, T pieces, D embedding.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional as F

from contracode.encoder.encoders import Encoder
from contracode.encoder.momentum_contrast import ROWS, Tower
from contracode.inputs.fragment_encoder import concat_weighted
from contracode.inputs.tokenizer import PAD
from contracode.views.batches import padded


@torch.no_grad()
def embed(
    model: Encoder | Tower,
    rows: Sequence[np.ndarray],
    *,
    fragments: Sequence[np.ndarray] | None = None,
    gain: float = 1.0,
    batch_size: int | None = None,
) -> np.ndarray:
    """Embed sources without dropout.

    No random number is drawn, and the model keeps its mode, so that a training run is not affected.

    Args:
        model: an encoder, or a tower whose projection is applied as well; on any device.
        rows: pieces of each source, int (T,) with T at least 1.
        fragments: fragment vector of each source, float32 (W,), to append; None to append nothing.
        gain: weight of the fragment vectors.
        batch_size: number of sources of similar length encoded at once. The default is 64, or
            `ROWS` for a Transformer on a CPU, where larger batches only add padding.

    Returns:
        float32 (N, D), rows of unit norm.
    """
    encoder = model.encoder if isinstance(model, Tower) else model
    device = encoder.embedding.weight.device
    if batch_size is None:
        batch_size = (
            ROWS if device.type == "cpu" and encoder.config.architecture != "bilstm" else 64
        )
    vectors: list[np.ndarray] = []
    order_N = np.argsort([len(row) for row in rows], kind="stable")
    training = model.training
    model.eval()
    for start in range(0, len(rows), batch_size):
        chosen_B = order_N[start : start + batch_size]
        batch = padded([rows[number] for number in chosen_B], PAD)
        pieces_BT, mask_BT = batch.pieces_BT.to(device), batch.mask_BT.to(device)
        if isinstance(model, Tower):
            vector_BD = model.projected(pieces_BT, mask_BT)
        else:
            vector_BD = F.normalize(encoder.embed(pieces_BT, mask_BT)[1].float(), dim=1)
        vectors.append(vector_BD.cpu().numpy())
    model.train(training)
    vectors_ND = np.concatenate(vectors)[np.argsort(order_N, kind="stable")]
    if fragments is None:
        return vectors_ND
    return concat_weighted(vectors_ND, np.stack(fragments), gain)
