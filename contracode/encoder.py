"""Transformer encoders of pieces, masked pooling, and the projection head that pretraining puts on top.

Legend: B batch, T pieces, D embedding, H heads, E width of a head, F inner width, P projection.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from contracode.config import EncoderConfig

_INIT_STD = 0.02
"""Of embeddings and matrices, as in BERT and GPT-2."""


class Encoder(nn.Module):
    """Pieces to hidden states; what is masked has no influence on what is not.

    Args:
        config: the shape; `vocab_size` must be set.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        assert config.vocab_size, "vocab_size of 0 stands for the tokenizer's: set it first"
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.dimension)
        self.dropout = nn.Dropout(config.dropout)
        layer = RotaryLayer if config.architecture == "rotary" else SinusoidalLayer
        self.layers = nn.ModuleList(layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.dimension, bias=config.architecture == "sinusoidal")
        self.apply(_initialise)

    def forward(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """Return hidden states (B, T, D).

        Args:
            pieces_BT: int64, anything where the mask is false.
            mask_BT: bool, true for pieces, false for padding; every row has a piece.
        """
        config = self.config
        x_BTD = self.embedding(pieces_BT)
        angles_TE = _angles(pieces_BT, config.dimension // (config.heads if config.architecture == "rotary" else 1))
        if config.architecture == "sinusoidal":
            # Vaswani et al. (2017), sections 3.4 and 3.5; the halves side by side instead of alternating, which is the same
            # up to a permutation of the dimensions.
            x_BTD = x_BTD * math.sqrt(config.dimension) + torch.cat([angles_TE.sin(), angles_TE.cos()], dim=-1)
        x_BTD = self.dropout(x_BTD)
        mask_B11T = mask_BT[:, None, None, :]
        for layer in self.layers:
            x_BTD = layer(x_BTD, mask_B11T, angles_TE)
        return self.norm(x_BTD)


class Attention(nn.Module):
    """Multi-head self-attention over what the mask lets see, with rotary positions or without."""

    def __init__(self, config: EncoderConfig, *, bias: bool) -> None:
        super().__init__()
        self.num_heads = config.heads
        self.inputs = nn.Linear(config.dimension, 3 * config.dimension, bias=bias)
        self.output = nn.Linear(config.dimension, config.dimension, bias=bias)

    def forward(
        self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, angles_TE: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return (B, T, D)."""
        query, key, value = self.inputs(x_BTD).unflatten(2, (3, self.num_heads, -1)).permute(2, 0, 3, 1, 4)
        if angles_TE is not None:
            query, key = _rotated(query, angles_TE), _rotated(key, angles_TE)
        mixed_BHTE = F.scaled_dot_product_attention(query, key, value, attn_mask=mask_B11T)
        return self.output(mixed_BHTE.transpose(1, 2).flatten(2))


class RotaryLayer(nn.Module):
    """Pre-norm without biases, rotary positions, gated feed-forward.

    Source: Xiong et al., On Layer Normalization in the Transformer Architecture, ICML 2020; Su et al., RoFormer
    (arXiv 2104.09864); Shazeer, GLU Variants Improve Transformer (arXiv 2002.05202), GEGLU.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.dimension, bias=False)
        self.attention = Attention(config, bias=False)
        self.forward_norm = nn.LayerNorm(config.dimension, bias=False)
        self.forward_in = nn.Linear(config.dimension, 2 * config.feedforward, bias=False)
        self.forward_out = nn.Linear(config.feedforward, config.dimension, bias=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, angles_TE: torch.Tensor) -> torch.Tensor:
        """Return (B, T, D)."""
        x_BTD = x_BTD + self.dropout(self.attention(self.attention_norm(x_BTD), mask_B11T, angles_TE))
        gate_BTF, value_BTF = self.forward_in(self.forward_norm(x_BTD)).chunk(2, dim=-1)
        return x_BTD + self.dropout(self.forward_out(F.gelu(gate_BTF) * value_BTF))


class SinusoidalLayer(nn.Module):
    """Post-norm with biases and ReLU: the paper's.

    Source: Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3; Jain et al. (2021), section 4.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.attention = Attention(config, bias=True)
        self.attention_norm = nn.LayerNorm(config.dimension)
        self.forward_in = nn.Linear(config.dimension, config.feedforward)
        self.forward_out = nn.Linear(config.feedforward, config.dimension)
        self.forward_norm = nn.LayerNorm(config.dimension)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, _angles_TE: torch.Tensor) -> torch.Tensor:
        """Return (B, T, D)."""
        x_BTD = self.attention_norm(x_BTD + self.dropout(self.attention(x_BTD, mask_B11T)))
        inner_BTF = self.dropout(F.relu(self.forward_in(x_BTD)))
        return self.forward_norm(x_BTD + self.dropout(self.forward_out(inner_BTF)))


class Projection(nn.Module):
    """Three layers between what is pooled and what is contrasted. Fine-tuning starts from the first of them.

    Args:
        dimension: D.
        hidden: width of the two hidden layers.
        output: P.

    Source: Chen et al., Big Self-Supervised Models are Strong Semi-Supervised Learners, NeurIPS 2020, section 3. Layer
    norms stand for its batch norms, by which a row would depend on its batch.
    """

    def __init__(self, dimension: int, hidden: int, output: int) -> None:
        super().__init__()
        self.first = nn.Linear(dimension, hidden)
        self.first_norm = nn.LayerNorm(hidden, bias=False)
        self.second = nn.Linear(hidden, hidden)
        self.second_norm = nn.LayerNorm(hidden, bias=False)
        self.third = nn.Linear(hidden, output)
        self.apply(_initialise)

    def forward(self, pooled_BD: torch.Tensor) -> torch.Tensor:
        """Return (B, P), not normalised."""
        hidden_BF = F.relu(self.first_norm(self.first(pooled_BD)))
        hidden_BF = F.relu(self.second_norm(self.second(hidden_BF)))
        return self.third(hidden_BF)


def pool(hidden_BTD: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
    """Return the mean of the hidden states of pieces, (B, D); every row has a piece."""
    weight_BT1 = mask_BT.to(hidden_BTD.dtype)[:, :, None]
    return (hidden_BTD * weight_BT1).sum(dim=1) / weight_BT1.sum(dim=1)


def _angles(pieces_BT: torch.Tensor, width: int) -> torch.Tensor:
    """Return position times frequency, (T, width / 2). Source: Vaswani et al. (2017), section 3.5."""
    position_T = torch.arange(pieces_BT.shape[1], device=pieces_BT.device, dtype=torch.float32)
    frequency_E = torch.arange(0, width, 2, device=pieces_BT.device, dtype=torch.float32)
    return position_T[:, None] * torch.exp(frequency_E * (-math.log(10_000) / width))[None, :]


def _rotated(x_BHTE: torch.Tensor, angles_TE: torch.Tensor) -> torch.Tensor:
    """Turn each pair of dimensions (i, i + E/2) by its angle. Source: Su et al. (arXiv 2104.09864), eq. 34."""
    cos_TE, sin_TE = angles_TE.cos().to(x_BHTE.dtype), angles_TE.sin().to(x_BHTE.dtype)
    first, second = x_BHTE.chunk(2, dim=-1)
    return torch.cat([first * cos_TE - second * sin_TE, first * sin_TE + second * cos_TE], dim=-1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=_INIT_STD)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
