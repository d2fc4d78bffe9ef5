"""The type head: classifies a name from the pooled hidden states of all its occurrences.

Legend: T pieces (of all files of a batch, one after the other), P covered pieces, O occurrences, N targets, D embedding,
E width of the projection head, V types.
"""

import torch
from torch import nn

from contracode.predictions import KINDS


def segment_mean(rows: torch.Tensor, segments: torch.Tensor, num_segments: int) -> torch.Tensor:
    """Return the mean of the rows of each segment, (num_segments, D); every segment must have a row."""
    sums = rows.new_zeros(num_segments, rows.shape[1]).index_add(0, segments, rows)
    return sums / torch.bincount(segments, minlength=num_segments).to(rows.dtype)[:, None]


def pool(
    hidden_TD: torch.Tensor, pieces_P: torch.Tensor, occurrence_P: torch.Tensor, target_O: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pool as `contracode.windows.pool` does, with gradients.

    Args:
        hidden_TD: hidden states.
        pieces_P: index of each covered piece.
        occurrence_P: the occurrence of each of them.
        target_O: the target of each occurrence.

    Returns:
        Mean and maximum over the occurrences of each target, (N, D) each.
    """
    num_targets = int(target_O[-1]) + 1
    occurrence_OD = segment_mean(hidden_TD[pieces_P], occurrence_P, len(target_O))
    mean_ND = segment_mean(occurrence_OD, target_O, num_targets)
    index_OD = target_O[:, None].expand_as(occurrence_OD)
    max_ND = torch.zeros_like(mean_ND).scatter_reduce(0, index_OD, occurrence_OD, "amax", include_self=False)
    return mean_ND, max_ND


class TypeHead(nn.Module):
    """A perceptron whose first layer begins as the first layer of the pretrained projection head.

    The mean of the occurrences goes through that layer; what the maximum and the kind of the target add to it begins at
    zero, so that the first step sees what pretraining left.

    Args:
        dimension: D.
        width: E.
        num_types: V.
        dropout: before the last layer.

    Source: Chen et al., Big Self-Supervised Models are Strong Semi-Supervised Learners, NeurIPS 2020, section 3.
    """

    def __init__(self, dimension: int, width: int, num_types: int, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.mean = nn.Linear(dimension, width)
        self.max = nn.Linear(dimension, width, bias=False)
        self.kind = nn.Embedding(len(KINDS), width)
        self.norm = nn.LayerNorm(width, bias=False)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, num_types)
        nn.init.zeros_(self.max.weight)
        nn.init.zeros_(self.kind.weight)

    def forward(self, mean_ND: torch.Tensor, max_ND: torch.Tensor, kind_N: torch.Tensor) -> torch.Tensor:
        """Return logits (N, V) for pooled occurrences and kinds (indices into `KINDS`)."""
        hidden_NE = self.mean(mean_ND) + self.max(max_ND) + self.kind(kind_N)
        return self.output(self.dropout(torch.relu(self.norm(hidden_NE))))


def fit_temperature(logits_NV: torch.Tensor, label_N: torch.Tensor) -> float:
    """Return the temperature, between 0.2 and 10, under which the labels are most probable; 1 without labels.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    if not len(label_N):
        return 1.0
    logs = torch.linspace(torch.tensor(0.2).log().item(), torch.tensor(10.0).log().item(), 200)
    losses = [nn.functional.cross_entropy(logits_NV / log.exp(), label_N).item() for log in logs]
    return float(logs[min(range(len(losses)), key=losses.__getitem__)].exp())
