"""Counted subword pieces of a model's own tokenizer.

Legend: N sources, V pieces.
"""

from collections.abc import Sequence

import numpy as np

from contracode.evaluate.clones.methods.baseline import baseline
from contracode.evaluate.clones.methods.interface import Embedding, Method
from contracode.inference.model import Model
from contracode.inputs.tokenizer import Tokenizer


def bag_of_pieces(tokenizer: Tokenizer, sources: Sequence[str]) -> np.ndarray:
    """Embed sources as the square roots of the counts of their pieces.

    Returns:
        Float32 (N, V), rows of unit norm; the row of an empty source is zero.
    """
    bags_NV = np.zeros((len(sources), tokenizer.size), np.float32)
    for row, source in enumerate(sources):
        np.add.at(bags_NV[row], tokenizer.encode(source).ids, 1)
    norms_N1 = np.sqrt(bags_NV.sum(axis=1, keepdims=True))
    return np.sqrt(bags_NV) / np.maximum(norms_N1, 1)


@baseline("bag-of-pieces", fast=True)
def build(model: Model | None, seed: int) -> Method | None:
    """Count the pieces of the model's tokenizer."""
    if model is None:
        return None
    tokenizer = model.tokenizer
    return Embedding(lambda sources: bag_of_pieces(tokenizer, sources))
