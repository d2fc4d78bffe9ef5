"""Encoders of pieces, pooling, and the projection heads of pretraining.

Legend: B batch, T pieces, D hidden width (hidden states of a bilstm have 2 D), H attention heads,
E width of a head, F inner width, P projection, W width of a function's vector, M masked pieces,
V vocabulary.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from contracode.support.config import EncoderConfig

_INIT_STD = 0.02
"""Standard deviation of initial embeddings and matrices, as in BERT and GPT-2."""


class Encoder(nn.Module):
    """Pieces to hidden states, or to one vector. Padding does not affect the result.

    The paper's two architectures have PyTorch's default initial weights, as in its code.

    Args:
        config: shape of the encoder; `vocab_size` must be set.
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        assert config.vocab_size, "set vocab_size to the size of the tokenizer first"
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.dimension)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(
            _LAYERS[config.architecture](config, number) for number in range(config.layers)
        )
        if config.architecture == "bilstm":
            self.norm = nn.Identity()
        else:
            self.norm = nn.LayerNorm(config.dimension, bias=config.architecture == "sinusoidal")
        if config.architecture == "rotary":
            self.apply(_initialise)

    def forward(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
        """Return hidden states (B, T, `hidden_width`).

        Args:
            pieces_BT: int64, any value where the mask is false.
            mask_BT: bool, true for pieces, false for the padding after them; no row may be empty.
        """
        return self.norm(self._states(pieces_BT, mask_BT)[-1])

    def embed(
        self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return hidden states, and the vector of each function, (B, `pooled_width`).

        Args:
            pieces_BT: as in `forward`.
            mask_BT: as in `forward`.
        """
        states = self._states(pieces_BT, mask_BT)
        hidden_BTD = self.norm(states[-1])
        if self.config.pooling == "mean":
            return hidden_BTD, pool(hidden_BTD, mask_BT)
        # Final states: at the last piece for the forward LSTM, at the first for the backward one.
        last_B1D = (mask_BT.sum(dim=1) - 1)[:, None, None].expand(-1, 1, self.config.dimension)
        ends = [
            (state.chunk(2, dim=2)[0].gather(1, last_B1D)[:, 0], state.chunk(2, dim=2)[1][:, 0])
            for state in states
        ]
        return hidden_BTD, torch.cat([end_BD for pair in ends for end_BD in pair], dim=1)

    def _states(self, pieces_BT: torch.Tensor, mask_BT: torch.Tensor) -> list[torch.Tensor]:
        """Return the output of each layer, before the final norm."""
        config = self.config
        x_BTD = self.embedding(pieces_BT)
        rotary = config.architecture == "rotary"
        angles_TE = _angles(pieces_BT, config.dimension // (config.heads if rotary else 1))
        if not rotary:
            # Vaswani et al. (2017), sections 3.4 and 3.5. Sines and cosines are in two halves
            # instead of alternating: the same up to a permutation of the dimensions.
            x_BTD = x_BTD * math.sqrt(config.dimension) + torch.cat(
                [angles_TE.sin(), angles_TE.cos()], dim=-1
            )
        x_BTD = self.dropout(x_BTD)
        mask_B11T = mask_BT[:, None, None, :]
        states: list[torch.Tensor] = []
        for layer in self.layers:
            x_BTD = layer(x_BTD, mask_B11T, angles_TE)
            states.append(x_BTD)
        return states


class SelfAttention(nn.Module):
    """Multi-head self-attention under a mask, with or without rotary positions."""

    def __init__(self, config: EncoderConfig, *, bias: bool) -> None:
        super().__init__()
        self.num_heads = config.heads
        self.inputs = nn.Linear(config.dimension, 3 * config.dimension, bias=bias)
        self.output = nn.Linear(config.dimension, config.dimension, bias=bias)
        if bias:  # initialised as in PyTorch's attention, which the paper uses
            nn.init.xavier_uniform_(self.inputs.weight)
            nn.init.zeros_(self.inputs.bias)
            nn.init.zeros_(self.output.bias)

    def forward(
        self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, angles_TE: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return (B, T, D)."""
        query, key, value = (
            self.inputs(x_BTD).unflatten(2, (3, self.num_heads, -1)).permute(2, 0, 3, 1, 4)
        )
        if angles_TE is not None:
            query, key = _rotated(query, angles_TE), _rotated(key, angles_TE)
        # A float mask, added to the scores: a boolean one would be exported with code that handles
        # empty rows, which cannot occur.
        bias_B11T = torch.zeros_like(mask_B11T, dtype=query.dtype).masked_fill(
            ~mask_B11T, -math.inf
        )
        mixed_BHTE = F.scaled_dot_product_attention(query, key, value, attn_mask=bias_B11T)
        return self.output(mixed_BHTE.transpose(1, 2).flatten(2))


class RotaryLayer(nn.Module):
    """Pre-norm without biases, rotary positions, gated feed-forward.

    Source: Xiong et al., On Layer Normalization in the Transformer Architecture, ICML 2020; Su et
        al., RoFormer (arXiv 2104.09864); Shazeer, GLU Variants Improve Transformer (arXiv
        2002.05202), GEGLU.
    """

    def __init__(self, config: EncoderConfig, _number: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.dimension, bias=False)
        self.attention = SelfAttention(config, bias=False)
        self.forward_norm = nn.LayerNorm(config.dimension, bias=False)
        self.forward_in = nn.Linear(config.dimension, 2 * config.feedforward, bias=False)
        self.forward_out = nn.Linear(config.feedforward, config.dimension, bias=False)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, angles_TE: torch.Tensor
    ) -> torch.Tensor:
        """Return (B, T, D)."""
        x_BTD = x_BTD + self.dropout(
            self.attention(self.attention_norm(x_BTD), mask_B11T, angles_TE)
        )
        gate_BTF, value_BTF = self.forward_in(self.forward_norm(x_BTD)).chunk(2, dim=-1)
        return x_BTD + self.dropout(self.forward_out(F.gelu(gate_BTF) * value_BTF))


class SinusoidalLayer(nn.Module):
    """Post-norm with biases and ReLU: a layer of the paper's Transformer.

    Source: Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3; Jain et al. (2021),
        section 4.
    """

    def __init__(self, config: EncoderConfig, _number: int) -> None:
        super().__init__()
        self.attention = SelfAttention(config, bias=True)
        self.attention_norm = nn.LayerNorm(config.dimension)
        self.forward_in = nn.Linear(config.dimension, config.feedforward)
        self.forward_out = nn.Linear(config.feedforward, config.dimension)
        self.forward_norm = nn.LayerNorm(config.dimension)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, _angles_TE: torch.Tensor
    ) -> torch.Tensor:
        """Return (B, T, D)."""
        x_BTD = self.attention_norm(x_BTD + self.dropout(self.attention(x_BTD, mask_B11T)))
        inner_BTF = self.dropout(F.relu(self.forward_in(x_BTD)))
        return self.forward_norm(x_BTD + self.dropout(self.forward_out(inner_BTF)))


class RecurrentLayer(nn.Module):
    """One LSTM for each direction: a layer of the paper's bidirectional LSTM.

    The backward LSTM reads the pieces of each row in reverse, so that both read padding last.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997; Jain
        et al. (2021), section 4, and their code: two layers of 512 without dropout in between.
    """

    def __init__(self, config: EncoderConfig, number: int) -> None:
        super().__init__()
        inputs = config.hidden_width if number else config.dimension
        self.forwards = nn.LSTM(inputs, config.dimension, batch_first=True)
        self.backwards = nn.LSTM(inputs, config.dimension, batch_first=True)

    def forward(
        self, x_BTD: torch.Tensor, mask_B11T: torch.Tensor, _angles_TE: torch.Tensor
    ) -> torch.Tensor:
        """Return (B, T, 2 D)."""
        mask_BT = mask_B11T[:, 0, 0]
        lengths_B1 = mask_BT.sum(dim=1, keepdim=True)
        place_1T = torch.arange(mask_BT.shape[1], device=x_BTD.device)[None]
        turned_BT = torch.where(mask_BT, lengths_B1 - 1 - place_1T, place_1T)
        forwards_BTD, _ = self.forwards(x_BTD)
        backwards_BTD, _ = self.backwards(_picked(x_BTD, turned_BT))
        return torch.cat([forwards_BTD, _picked(backwards_BTD, turned_BT)], dim=2)


_LAYERS = {"rotary": RotaryLayer, "sinusoidal": SinusoidalLayer, "bilstm": RecurrentLayer}


class Projection(nn.Module):
    """Three layers from pooled to contrasted vectors. Type heads start from the first layer.

    Args:
        dimension: W.
        hidden: width of the two hidden layers.
        output: P.

    Source: Chen et al., Big Self-Supervised Models are Strong Semi-Supervised Learners, NeurIPS
        2020, section 3. Layer norms replace its batch norms, which make a row depend on its batch.
    """

    def __init__(self, dimension: int, hidden: int, output: int) -> None:
        super().__init__()
        self.first = nn.Linear(dimension, hidden)
        self.first_norm = nn.LayerNorm(hidden, bias=False)
        self.second = nn.Linear(hidden, hidden)
        self.second_norm = nn.LayerNorm(hidden, bias=False)
        self.third = nn.Linear(hidden, output)
        self.width = output
        self.apply(_initialise)

    def forward(self, pooled_BW: torch.Tensor) -> torch.Tensor:
        """Return (B, P), not normalised."""
        hidden_BF = F.relu(self.first_norm(self.first(pooled_BW)))
        hidden_BF = F.relu(self.second_norm(self.second(hidden_BF)))
        return self.third(hidden_BF)


class PlainProjection(nn.Module):
    """The paper's projection: two layers.

    Args:
        dimension: W.
        hidden: width of the hidden layer.
        output: P.

    Source: Jain et al. (2021), section 4, and their code; Chen et al., Improved Baselines with
        Momentum Contrastive Learning (arXiv 2003.04297).
    """

    def __init__(self, dimension: int, hidden: int, output: int) -> None:
        super().__init__()
        self.first = nn.Linear(dimension, hidden)
        self.second = nn.Linear(hidden, output)
        self.width = output

    def forward(self, pooled_BW: torch.Tensor) -> torch.Tensor:
        """Return (B, P), not normalised."""
        return self.second(F.relu(self.first(pooled_BW)))


class MaskedHead(nn.Module):
    """Scores original pieces from the hidden states of masked pieces.

    Args:
        config: settings of the encoder.

    Source: Devlin et al., BERT, NAACL 2019, section 3.1 and its code (output weights are tied to
        the embedding), in the form of the code of Jain et al. (2021).
    """

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.linear = nn.Linear(config.hidden_width, config.dimension)
        self.norm = nn.LayerNorm(config.dimension)
        self.apply(_initialise)

    def forward(self, hidden_MD: torch.Tensor, embedding: nn.Embedding) -> torch.Tensor:
        """Return scores (M, V)."""
        return self.norm(F.relu(self.linear(hidden_MD))) @ embedding.weight.T


def pool(hidden_BTD: torch.Tensor, mask_BT: torch.Tensor) -> torch.Tensor:
    """Return the mean hidden state of the pieces, (B, D); no row may be empty."""
    weight_BT1 = mask_BT.to(hidden_BTD.dtype)[:, :, None]
    return (hidden_BTD * weight_BT1).sum(dim=1) / weight_BT1.sum(dim=1)


def _picked(x_BTD: torch.Tensor, places_BT: torch.Tensor) -> torch.Tensor:
    """Return the given positions of each row, (B, T, D)."""
    return x_BTD.gather(1, places_BT[:, :, None].expand(-1, -1, x_BTD.shape[2]))


def _angles(pieces_BT: torch.Tensor, width: int) -> torch.Tensor:
    """Return position times frequency, (T, width / 2).

    Source: Vaswani et al. (2017), section 3.5.
    """
    position_T = torch.arange(pieces_BT.shape[1], device=pieces_BT.device, dtype=torch.float32)
    frequency_E = torch.arange(0, width, 2, device=pieces_BT.device, dtype=torch.float32)
    return position_T[:, None] * torch.exp(frequency_E * (-math.log(10_000) / width))[None, :]


def _rotated(x_BHTE: torch.Tensor, angles_TE: torch.Tensor) -> torch.Tensor:
    """Rotate each pair of dimensions (i, i + E/2) by its angle.

    Source: Su et al. (arXiv 2104.09864), eq. 34.
    """
    cos_TE, sin_TE = angles_TE.cos().to(x_BHTE.dtype), angles_TE.sin().to(x_BHTE.dtype)
    first, second = x_BHTE.chunk(2, dim=-1)
    return torch.cat([first * cos_TE - second * sin_TE, first * sin_TE + second * cos_TE], dim=-1)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=_INIT_STD)
    if isinstance(module, nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
