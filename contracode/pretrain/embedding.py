"""Pieces to unit vectors by an encoder in training or just read back.

Legend: N sources, T pieces, D embedding.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional as F

from contracode.encoder import Encoder
from contracode.momentum import ROWS
from contracode.tokenizer import PAD
from contracode.views import padded


@torch.no_grad()
def embed(encoder: Encoder, rows: Sequence[np.ndarray], *, batch_size: int | None = None) -> np.ndarray:
    """Return float32 (N, D), rows of unit norm, of an encoder without dropout.

    Nothing is drawn, and the encoder is left in the mode that it was in, so that a run in which this is called goes on as without.

    Args:
        encoder: on any device.
        rows: int (T,): pieces of each source, at least one.
        batch_size: sources encoded at once, those of similar length together; without it 64, and of a Transformer on a CPU as many
            as a tower of pretraining takes: more are no faster there, and the shorter of them are padded more.
    """
    device = encoder.embedding.weight.device
    if batch_size is None:
        batch_size = ROWS if device.type == "cpu" and encoder.config.architecture != "bilstm" else 64
    vectors_ND = np.zeros((len(rows), encoder.config.pooled_width), np.float32)
    order_N = np.argsort([len(row) for row in rows], kind="stable")
    training = encoder.training
    encoder.eval()
    for start in range(0, len(rows), batch_size):
        chosen_B = order_N[start : start + batch_size]
        pieces_BT, mask_BT = padded([rows[number] for number in chosen_B], PAD)
        pooled_BD = encoder.embed(pieces_BT.to(device), mask_BT.to(device))[1]
        vectors_ND[chosen_B] = F.normalize(pooled_BD.float(), dim=1).cpu().numpy()
    encoder.train(training)
    return vectors_ND
