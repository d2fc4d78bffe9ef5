"""The name decoder that reads a function's words: it spells a name word by word, from a vocabulary
and from the function itself.

Hashed features of the function are added, with what an encoder says of it where the decoder reads
one; a perceptron reads them with the two words before, and each word of the vocabulary has a score,
to which is added what speaks for taking it over where the function has it. `contracode.inference.names.decoder`
is its twin without torch.

Legend: B functions, N steps (of all functions), F features of all functions, C words of a function,
    T pieces of the longest, H width of the
encoder's states, D width, V words of the vocabulary with `END`, M marks, S = V + C outputs.

Source: Allamanis et al., Suggesting Accurate Method and Class Names (ESEC/FSE 2015), section 3.2,
    for a log-bilinear model with features
and sub-tokens; See et al., Get To The Point (ACL 2017), for taking words over.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from contracode.heads.type_data import pad_rows
from contracode.inference.names.beam import END
from contracode.inference.names.decoder import POSITIONS
from contracode.inference.names.features import MARKS, FunctionWords, function_words
from contracode.inference.names.naming import first_function, hidden_pieces, is_name
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.subtokens import subtokens

FORGET = 0.3
"""Share of the features that training hides."""


class WordExample(NamedTuple):
    """A function and its name, as the decoder learns it.

    Attributes:
        features: int32 (F,).
        words: int32 (C,), outputs of the function's words; 0 for those outside the vocabulary.
        marks: float16 (C, M).
        pairs: int16 (P, 2).
        name: outputs of the name, then `END`; V + c for a word of the function that the vocabulary
            lacks, -1 for one that cannot be said.
        taken: for each of them which word of the function it is; -1 for none.
        capital: the name begins with a capital.
        pieces: uint16 (T,), the name hidden, where an encoder is read; otherwise empty.
    """

    features: np.ndarray
    words: np.ndarray
    marks: np.ndarray
    pairs: np.ndarray
    name: list[int]
    taken: list[int]
    capital: bool
    pieces: np.ndarray


def word_vocabulary(names: Iterable[str], *, size: int, min_count: int = 2) -> list[str]:
    """Return the commonest words of names, the commonest first."""
    counts = Counter(word for name in names for word in subtokens(name))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, count in ranked if count >= min_count][:size]


def name_of(source: str, name: str) -> str:
    """Return the last part of a function's name, or of the one that its source shows; "" where
    there is none.
    """
    if not name:
        found = first_function(source)
        name = (found[1].name or "") if found else ""
    return name.rpartition(".")[2]


def word_example(
    source: str,
    name: str,
    output_of: Mapping[str, int],
    *,
    buckets: int,
    max_words: int,
    tokenizer: Tokenizer | None = None,
    window: int = 0,
) -> WordExample | None:
    """Make an example of the first function of a source; None where there is none, or it has no
    legal name of at most `max_words`.

    Args:
        source: of the function.
        name: that it has; "" for the one that the source shows.
        output_of: the vocabulary's outputs.
        buckets: of the features.
        max_words: a name of more is no example.
        tokenizer: of the encoder, where one is read.
        window: pieces that it reads at most.
    """
    found = first_function(source)
    if found is None:
        return None
    program, function = found
    name = (name or function.name or "").rpartition(".")[2]
    spelt = subtokens(name)
    if not is_name(name) or not 0 < len(spelt) <= max_words:
        return None
    read = function_words(program, function, buckets, name=name)
    number = {word: c for c, word in enumerate(read.words)}
    taken = [number.get(word, -1) for word in spelt]
    size = len(output_of) + 1
    outputs = [
        output_of.get(word, size + c if c >= 0 else -1)
        for word, c in zip(spelt, taken, strict=True)
    ]
    return WordExample(
        read.features.astype(np.int32),
        outputs_of(read, output_of).astype(np.int32),
        read.marks.astype(np.float16),
        read.pairs.astype(np.int16),
        [*outputs, END],
        [*taken, -1],
        name[0].isupper(),
        np.zeros(0, np.uint16)
        if tokenizer is None
        else hidden_pieces(program, function, tokenizer, window, name=name).astype(np.uint16),
    )


def outputs_of(read: FunctionWords, output_of: Mapping[str, int]) -> np.ndarray:
    """Return the vocabulary's output of each word of a function, 0 for none: int64 (C,)."""
    return np.asarray([output_of.get(word, 0) for word in read.words], np.int64)


class WordBatch(NamedTuple):
    """Functions, and every step of their names.

    Attributes:
        features_F: of all functions, one after the other.
        offsets_B: where those of each begin.
        words_BC: outputs; -1 where there is no word.
        marks_BCM: as `FunctionWords`.
        capital_B: float.
        function_N: of each step.
        before_N2: outputs of the word before and the one before that; V for one outside the
            vocabulary, `END` for none.
        position_N: in the name.
        follows_NC: the word follows the one before somewhere in the function.
        used_NC: the name has the word already.
        label_N: the output.
        pieces_BT: of the functions, where an encoder is read.
        mask_BT: false for padding.
        named_BT: true where the name is hidden.
    """

    features_F: torch.Tensor
    offsets_B: torch.Tensor
    words_BC: torch.Tensor
    marks_BCM: torch.Tensor
    capital_B: torch.Tensor
    function_N: torch.Tensor
    before_N2: torch.Tensor
    position_N: torch.Tensor
    follows_NC: torch.Tensor
    used_NC: torch.Tensor
    label_N: torch.Tensor
    pieces_BT: torch.Tensor | None = None
    mask_BT: torch.Tensor | None = None
    named_BT: torch.Tensor | None = None


def collate(
    chosen: Sequence[WordExample], *, size: int, pad: int = 0, mask_id: int = 0
) -> WordBatch:
    """Put examples into one batch; `size` is V, `pad` the piece that fills up, `mask_id` the one
    that hides a name.
    """
    most = max(1, max(len(one.words) for one in chosen))
    words_BC = np.full((len(chosen), most), -1, np.int64)
    marks_BCM = np.zeros((len(chosen), most, MARKS), np.float32)
    steps: list[tuple[int, ...]] = []
    follows: list[np.ndarray] = []
    used: list[np.ndarray] = []
    for number, one in enumerate(chosen):
        words_BC[number, : len(one.words)] = one.words
        marks_BCM[number, : len(one.words)] = one.marks
        used_C = np.zeros(most, np.float32)
        before = (END, END)
        last = -1
        for position, (output, taken) in enumerate(zip(one.name, one.taken, strict=True)):
            if output >= 0:
                follows_C = np.zeros(most, np.float32)
                if last >= 0:
                    follows_C[one.pairs[one.pairs[:, 0] == last, 1]] = 1
                steps.append((number, *before, min(position, POSITIONS - 1), output))
                follows.append(follows_C)
                used.append(used_C.copy())
            before = (output if 0 <= output < size else size, before[0])
            last = taken
            if taken >= 0:
                used_C[taken] = 1
    step_N5 = torch.tensor(steps)
    lengths = [len(one.features) for one in chosen]
    pieces_BT = mask_BT = named_BT = None
    if len(chosen[0].pieces):
        pieces_BT, mask_BT = pad_rows([one.pieces for one in chosen], pad=pad)
        named_BT = pieces_BT == mask_id
    return WordBatch(
        torch.from_numpy(np.concatenate([one.features for one in chosen]).astype(np.int64)),
        torch.tensor(np.concatenate([[0], np.cumsum(lengths)[:-1]])),
        torch.from_numpy(words_BC),
        torch.from_numpy(marks_BCM),
        torch.tensor([float(one.capital) for one in chosen]),
        step_N5[:, 0],
        step_N5[:, 1:3],
        step_N5[:, 3],
        torch.from_numpy(np.stack(follows)),
        torch.from_numpy(np.stack(used)),
        step_N5[:, 4],
        pieces_BT,
        mask_BT,
        named_BT,
    )


class WordDecoder(nn.Module):
    """Next-word distribution of a name.

    Args:
        buckets: of the hashed features.
        num_words: V, `END` included.
        width: D.
        hidden: H of the encoder that is read; 0 for none.
        dropout: before and behind the perceptron.
    """

    def __init__(
        self, buckets: int, num_words: int, *, width: int, hidden: int = 0, dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.encoded = nn.Linear(2 * hidden, width, bias=False) if hidden else None
        self.features = nn.EmbeddingBag(buckets, width, mode="sum", padding_idx=0)
        self.words = nn.Embedding(num_words + 1, width)  # the last stands for all others
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
        """Return what is read of each function, (B, D); `pooled_BH` is of `pool_hidden_name`, 2H wide."""
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
        """Return the logits of the next word, (N, S); `read_ND` is of `functions`, the rest as in
        `WordBatch`, by steps.
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
        told_NC = torch.einsum("nm,ncm->nc", weight_NM[:, :-2], marks_NCM)
        told_NC = told_NC + weight_NM[:, -2:-1] * follows_NC + weight_NM[:, -1:] * used_NC
        key_NCD = table[words_NC.clamp(min=0)] * (words_NC > 0)[:, :, None]
        told_NC = told_NC + torch.einsum("nd,ncd->nc", self.take(state_ND), key_NCD)
        known_NC = words_NC > 0
        logits_NV = logits_NV.scatter_add(1, words_NC.clamp(min=0), told_NC * known_NC)
        return torch.cat(
            [logits_NV, (told_NC + self.unknown).masked_fill(words_NC != 0, -torch.inf)], dim=1
        )

    def loss(self, batch: WordBatch, pooled_BH: torch.Tensor | None = None) -> torch.Tensor:
        """Cross-entropy of the words, and of the capital."""
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
    """Return what an encoder says of the places where a name is hidden, and of all of a function,
    means side by side: (B, 2H).
    """
    means: list[torch.Tensor] = []
    for chosen_BT in (named_BT, mask_BT):
        weight_BT1 = chosen_BT.to(hidden_BTH.dtype)[:, :, None]
        means.append((hidden_BTH * weight_BT1).sum(dim=1) / weight_BT1.sum(dim=1).clamp(min=1))
    return torch.cat(means, dim=1)
