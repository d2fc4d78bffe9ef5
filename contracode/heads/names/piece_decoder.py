"""A Transformer decoder that spells names piece by piece and reads the encoder's hidden states.

Legend: B functions or beams, T pieces of the function, L outputs of the prefix, D hidden width,
H attention heads, E width of a head, V outputs.
"""

import torch
from torch import nn
from torch.nn import functional as F

from contracode.inference.names.beam import END

IGNORED = -100
"""Label of padding."""


class DecoderAttention(nn.Module):
    """Multi-head attention of a prefix to itself (causal) or to the encoder's hidden states."""

    def __init__(self, dimension: int, num_heads: int) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.query = nn.Linear(dimension, dimension, bias=False)
        self.key_value = nn.Linear(dimension, 2 * dimension, bias=False)
        self.output = nn.Linear(dimension, dimension, bias=False)

    def forward(
        self, x_BLD: torch.Tensor, memory_BTD: torch.Tensor, allowed: torch.Tensor | None
    ) -> torch.Tensor:
        """Attend; `allowed` is bool, broadcast to (B, H, L, T); None allows everything."""
        query_BHLE = self._split(self.query(x_BLD))
        key_BTD, value_BTD = self.key_value(memory_BTD).chunk(2, dim=-1)
        mixed_BHLE = F.scaled_dot_product_attention(
            query_BHLE, self._split(key_BTD), self._split(value_BTD), attn_mask=allowed
        )
        return self.output(mixed_BHLE.transpose(1, 2).flatten(2))

    def _split(self, x_BLD: torch.Tensor) -> torch.Tensor:
        return x_BLD.unflatten(2, (self.num_heads, -1)).transpose(1, 2)


class DecoderLayer(nn.Module):
    """Pre-norm: causal attention, attention to the function, feed-forward."""

    def __init__(self, dimension: int, num_heads: int, dropout: float) -> None:
        super().__init__()
        self.self_norm, self.cross_norm, self.forward_norm = (
            nn.LayerNorm(dimension, bias=False) for _ in range(3)
        )
        self.self_attention = DecoderAttention(dimension, num_heads)
        self.cross_attention = DecoderAttention(dimension, num_heads)
        self.forward_in = nn.Linear(dimension, 4 * dimension, bias=False)
        self.forward_out = nn.Linear(4 * dimension, dimension, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x_BLD: torch.Tensor,
        memory_BTD: torch.Tensor,
        causal_LL: torch.Tensor,
        mask_B11T: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return the states after this layer, (B, L, D)."""
        normed_BLD = self.self_norm(x_BLD)
        x_BLD = x_BLD + self.dropout(self.self_attention(normed_BLD, normed_BLD, causal_LL))
        x_BLD = x_BLD + self.dropout(
            self.cross_attention(self.cross_norm(x_BLD), memory_BTD, mask_B11T)
        )
        return x_BLD + self.dropout(
            self.forward_out(F.gelu(self.forward_in(self.forward_norm(x_BLD))))
        )


class PieceDecoder(nn.Module):
    """Predicts the next piece of a name from the function with its name hidden.

    Args:
        dimension: D of the encoder.
        num_outputs: V, `END` included.
        max_pieces: maximum length of a name.
        num_layers: number of decoder layers.
        num_heads: number of attention heads.
        dropout: dropout rate of every residual branch.
    """

    def __init__(
        self,
        dimension: int,
        num_outputs: int,
        *,
        max_pieces: int,
        num_layers: int = 2,
        num_heads: int = 4,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.max_pieces = max_pieces
        self.outputs = nn.Embedding(num_outputs, dimension)  # tied: embeds and scores outputs
        self.positions = nn.Embedding(max_pieces + 1, dimension)
        self.memory_norm = nn.LayerNorm(dimension, bias=False)
        self.layers = nn.ModuleList(
            DecoderLayer(dimension, num_heads, dropout) for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(dimension, bias=False)
        for embedding in (self.outputs, self.positions):
            nn.init.normal_(embedding.weight, std=0.02)

    def forward(
        self, hidden_BTD: torch.Tensor, mask_BT: torch.Tensor | None, prefixes_BL: torch.Tensor
    ) -> torch.Tensor:
        """Return the logits of the output after every prefix, (B, L, V).

        Args:
            hidden_BTD: the encoder's states.
            mask_BT: bool, false for padding; None if there is none.
            prefixes_BL: outputs so far, each row beginning with `END`.
        """
        length = prefixes_BL.shape[1]
        position_L = torch.arange(length, device=prefixes_BL.device)
        causal_LL = position_L[:, None] >= position_L[None, :]
        x_BLD = self.outputs(prefixes_BL) + self.positions(position_L)
        memory_BTD = self.memory_norm(hidden_BTD)
        mask_B11T = None if mask_BT is None else mask_BT[:, None, None, :]
        for layer in self.layers:
            x_BLD = layer(x_BLD, memory_BTD, causal_LL, mask_B11T)
        return F.linear(self.norm(x_BLD), self.outputs.weight)

    def loss(
        self, hidden_BTD: torch.Tensor, mask_BT: torch.Tensor, names_BL: torch.Tensor
    ) -> torch.Tensor:
        """Return the cross-entropy per output; names end with `END`, padded with `IGNORED`."""
        begin_B1 = torch.full_like(names_BL[:, :1], END)
        prefixes_BL = torch.cat([begin_B1, names_BL[:, :-1].clamp(min=END)], dim=1)
        logits_BLV = self(hidden_BTD, mask_BT, prefixes_BL)
        return F.cross_entropy(logits_BLV.flatten(0, 1), names_BL.flatten(), ignore_index=IGNORED)


class NameStep(nn.Module):
    """One step of the beam search over one function, for the exported graph."""

    def __init__(self, decoder: PieceDecoder) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, hidden_1TD: torch.Tensor, prefixes_BL: torch.Tensor) -> torch.Tensor:
        """Return log-probabilities of the next output for every prefix, (B, V)."""
        hidden_BTD = hidden_1TD.expand(prefixes_BL.shape[0], -1, -1)
        return self.decoder(hidden_BTD, None, prefixes_BL)[:, -1].log_softmax(dim=-1)
