"""A decoder that spells names word by word, from a vocabulary and from the function's own words.

The embeddings of a function's hashed features, and the pooled hidden states of the encoder if there
is one, are added up. A perceptron takes the sum and the two previous words, and scores each word of
the vocabulary. A word that occurs in the function gets an additional score for being copied.
`contracode.inference.names.decoder` is the same without torch.

Legend: B functions, N steps of all names, F features of all functions, C words of a function,
T pieces, H hidden width of the encoder, D width, V words of the vocabulary with `END`, M word
features, S = V + C outputs.

Source: Allamanis et al., Suggesting Accurate Method and Class Names (ESEC/FSE 2015), section 3.2,
for a log-bilinear model with features and sub-tokens; See et al., Get To The Point (ACL 2017), for
copying words.
"""

import torch
from torch import nn
from torch.nn import functional as F

from contracode.heads.names.word_examples import WordBatch
from contracode.inference.names.decoder import POSITIONS
from contracode.inference.names.features import MARKS

FORGET = 0.3
"""Share of the features that are dropped in training."""


class WordDecoder(nn.Module):
    """Predicts the next word of a name.

    Args:
        buckets: buckets of the hashed features.
        num_words: V, `END` included.
        width: D.
        hidden: H of the encoder; 0 without an encoder.
        dropout: dropout rate before and after the perceptron.
    """

    def __init__(
        self, buckets: int, num_words: int, *, width: int, hidden: int = 0, dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.encoded = nn.Linear(2 * hidden, width, bias=False) if hidden else None
        self.features = nn.EmbeddingBag(buckets, width, mode="sum", padding_idx=0)
        self.words = nn.Embedding(num_words + 1, width)  # the last row is for unknown words
        self.positions = nn.Embedding(POSITIONS, width)
        self.read_norm, self.state_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.read, self.state = nn.Linear(width, width), nn.Linear(width, width)
        self.first, self.second = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.bias = nn.Parameter(torch.zeros(num_words))
        self.marks = nn.Linear(width, MARKS + 2)
        self.take = nn.Linear(width, width, bias=False)
        self.unknown = nn.Parameter(torch.tensor(-3.0))
        self.capital = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)
        for embedding in (self.features, self.words, self.positions):
            nn.init.normal_(embedding.weight, std=0.02 if embedding is self.features else 0.05)
        for layer in (self.marks, self.take):
            nn.init.zeros_(layer.weight)
        nn.init.zeros_(self.marks.bias)

    def functions(
        self,
        features_F: torch.Tensor,
        offsets_B: torch.Tensor,
        pooled_BH: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the vector of each function, (B, D); `pooled_BH` is from `pool_hidden_name`."""
        ends_B = torch.cat([offsets_B[1:], offsets_B.new_tensor([len(features_F)])])
        if self.training:
            features_F = features_F * (
                torch.rand(len(features_F), device=features_F.device) >= FORGET
            )
        root_B = (ends_B - offsets_B).clamp(min=1).sqrt()
        x_BD = self.features(features_F, offsets_B) / root_B[:, None]
        if self.training:
            x_BD = x_BD / (1 - FORGET)
        if self.encoded is not None and pooled_BH is not None:
            x_BD = x_BD + self.encoded(self.dropout(pooled_BH))
        return x_BD + torch.relu(self.read(self.dropout(torch.relu(self.read_norm(x_BD)))))

    def forward(
        self,
        read_ND: torch.Tensor,
        before_N2: torch.Tensor,
        position_N: torch.Tensor,
        words_NC: torch.Tensor,
        marks_NCM: torch.Tensor,
        follows_NC: torch.Tensor,
        used_NC: torch.Tensor,
    ) -> torch.Tensor:
        """Return the logits of the next word, (N, S).

        `read_ND` is from `functions`. The other arguments are fields of `WordBatch`, one row per
        step.
        """
        table = self.words.weight
        state_ND = read_ND + self.positions(position_N)
        state_ND = (
            state_ND
            + self.first(self.words(before_N2[:, 0]))
            + self.second(self.words(before_N2[:, 1]))
        )
        state_ND = self.dropout(torch.relu(self.state_norm(state_ND + self.state(state_ND))))
        logits_NV = F.linear(state_ND, table[:-1], self.bias)
        weight_NM = self.marks(state_ND)
        taken_NC = torch.einsum("nm,ncm->nc", weight_NM[:, :-2], marks_NCM)
        taken_NC = taken_NC + weight_NM[:, -2:-1] * follows_NC + weight_NM[:, -1:] * used_NC
        key_NCD = table[words_NC.clamp(min=0)] * (words_NC > 0)[:, :, None]
        taken_NC = taken_NC + torch.einsum("nd,ncd->nc", self.take(state_ND), key_NCD)
        known_NC = words_NC > 0
        logits_NV = logits_NV.scatter_add(1, words_NC.clamp(min=0), taken_NC * known_NC)
        return torch.cat(
            [logits_NV, (taken_NC + self.unknown).masked_fill(words_NC != 0, -torch.inf)], dim=1
        )

    def loss(self, batch: WordBatch, pooled_BH: torch.Tensor | None = None) -> torch.Tensor:
        """Return the cross-entropy of the words, plus that of the first letter's case."""
        read_BD = self.functions(batch.features_F, batch.offsets_B, pooled_BH)
        of_N = batch.function_N
        logits_NS = self(
            read_BD[of_N],
            batch.before_N2,
            batch.position_N,
            batch.words_BC[of_N],
            batch.marks_BCM[of_N],
            batch.follows_NC,
            batch.used_NC,
        )
        capital = F.binary_cross_entropy_with_logits(self.capital(read_BD)[:, 0], batch.capital_B)
        return F.cross_entropy(logits_NS, batch.label_N) + capital


def pool_hidden_name(
    hidden_BTH: torch.Tensor, named_BT: torch.Tensor, mask_BT: torch.Tensor
) -> torch.Tensor:
    """Return the mean states of the hidden name and of the function, concatenated: (B, 2H)."""
    means: list[torch.Tensor] = []
    for chosen_BT in (named_BT, mask_BT):
        weight_BT1 = chosen_BT.to(hidden_BTH.dtype)[:, :, None]
        means.append((hidden_BTH * weight_BT1).sum(dim=1) / weight_BT1.sum(dim=1).clamp(min=1))
    return torch.cat(means, dim=1)
