"""The type head: classifies a name from the pooled hidden states of all its occurrences.

Legend: T pieces (of all files of a batch, one after the other), P covered pieces or width of a
    pointing vector, O occurrences, N targets,
D embedding, E width of the projection head, V types of the vocabulary, F features, C type names of
a file, R forms of types made of a name, A = C * R, M marks of a fit, S = V + A scores.
"""

import torch
from torch import nn

from contracode.inference.types.features import FORMS, MARKS
from contracode.javascript.records import KINDS


def segment_mean(rows: torch.Tensor, segments: torch.Tensor, num_segments: int) -> torch.Tensor:
    """Return the mean of the rows of each segment, (num_segments, D); every segment must have a
    row.
    """
    sums = rows.new_zeros(num_segments, rows.shape[1]).index_add(0, segments, rows)
    return sums / torch.bincount(segments, minlength=num_segments).to(rows.dtype)[:, None]


def pool(
    hidden_TD: torch.Tensor,
    pieces_P: torch.Tensor,
    occurrence_P: torch.Tensor,
    target_O: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pool as `contracode.inputs.windows.pool` does, with gradients.

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
    max_ND = torch.zeros_like(mean_ND).scatter_reduce(
        0, index_OD, occurrence_OD, "amax", include_self=False
    )
    return mean_ND, max_ND


class TypeHead(nn.Module):
    """A perceptron whose first layer begins as the first layer of the pretrained projection head.

    The mean of the occurrences goes through that layer; what the maximum, the kind and the hashed
    features of the target add to it begins at zero, so that the first step sees what pretraining
    left. The features reach the logits past the perceptron too, as a counting table would: so the
    head starts where counting stops. Types that the file names are scored by pointing: the
    similarity of the target and of the name's own pooled occurrences, and how well the words of
    both fit.

    Args:
        dimension: D.
        width: E.
        num_types: V.
        features: buckets of the hashed features (see `contracode.inference.types.features`); 0 for none.
        names: width of the vectors that point to type names of the file; 0 for none.
        deep: read the encoder; otherwise features and kind alone are read.
        dropout: before the last layer.
        forget: share of the features that training hides, and of the targets of which it hides all.

    Source: Chen et al., Big Self-Supervised Models are Strong Semi-Supervised Learners, NeurIPS
        2020, section 3; Cheng et al., Wide &
    Deep Learning for Recommender Systems, DLRS 2016; Vinyals et al., Pointer Networks, NIPS 2015.
    """

    def __init__(
        self,
        dimension: int,
        width: int,
        num_types: int,
        *,
        features: int = 0,
        names: int = 0,
        deep: bool = True,
        dropout: float = 0.1,
        forget: float = 0.15,
    ) -> None:
        super().__init__()
        self.mean = nn.Linear(dimension, width)
        self.max = nn.Linear(dimension, width, bias=False)
        self.kind = nn.Embedding(len(KINDS), width)
        self.norm = nn.LayerNorm(width, bias=False)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, num_types)
        self.features = FeatureSum(features, width, forget) if features else None
        self.direct = nn.Linear(width, num_types, bias=False) if features else None
        self.names = names
        if names:
            self.query = nn.Linear(width, len(FORMS) * names)
            self.fit = nn.Embedding(len(KINDS), len(FORMS) * MARKS)
            self.key = NameKey(dimension, names, features, forget)
            nn.init.zeros_(self.query.weight)
            nn.init.zeros_(self.query.bias)
            nn.init.zeros_(self.fit.weight)
        nn.init.zeros_(self.max.weight)
        nn.init.zeros_(self.kind.weight)
        self.deep = deep
        if not deep:
            for weight in (
                self.mean.weight,
                self.max.weight,
                *([self.key.hidden.weight] if names else []),
            ):
                nn.init.zeros_(weight).requires_grad_(False)

    def forward(
        self,
        mean_ND: torch.Tensor,
        max_ND: torch.Tensor,
        kind_N: torch.Tensor,
        features_NF: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """Return what is said of targets, by their pooled occurrences, kinds (indices into `KINDS`)
        and features.

        Returns:
            Logits of the vocabulary (N, V); with names also the vectors that point to names (N,
            forms, P) and the weights of the marks of their fit (N, forms, M).
        """
        hidden_NE = self.mean(mean_ND) + self.max(max_ND) + self.kind(kind_N)
        wide_NE = None
        if self.features is not None:
            assert features_NF is not None
            wide_NE = self.features(features_NF)
            hidden_NE = hidden_NE + wide_NE
        hidden_NE = self.dropout(torch.relu(self.norm(hidden_NE)))
        logits_NV = self.output(hidden_NE)
        if self.direct is not None:
            logits_NV = logits_NV + self.direct(wide_NE)
        if not self.names:
            return (logits_NV,)
        query_NRP = self.query(hidden_NE).unflatten(1, (len(FORMS), self.names))
        return logits_NV, query_NRP, self.fit(kind_N).unflatten(1, (len(FORMS), MARKS))


class FeatureSum(nn.Module):
    """Embeds the hashed features of a target or name and adds them, over the root of their number;
    0 is no feature.

    Embeddings begin at zero, so that a feature that training never saw says nothing.
    """

    def __init__(self, buckets: int, width: int, forget: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(buckets, width)
        self.forget = forget
        nn.init.zeros_(self.embedding.weight)

    def forward(self, features_NF: torch.Tensor) -> torch.Tensor:
        """Return (N, E)."""
        rows_NFE = self.embedding(features_NF)
        there_NF = (features_NF > 0).to(rows_NFE.dtype)
        number_N1 = there_NF.sum(dim=1, keepdim=True)
        if self.training:
            kept_NF = torch.rand_like(there_NF) >= self.forget
            kept_N1 = torch.rand_like(number_N1) >= self.forget
            there_NF = there_NF * kept_NF * kept_N1 / (1 - self.forget)
        return (rows_NFE * there_NF[:, :, None]).sum(dim=1) / number_N1.clamp(min=1).sqrt()


class NameKey(nn.Module):
    """What is pointed to: a type name of the file, by its pooled occurrences and its words."""

    def __init__(self, dimension: int, width: int, features: int, forget: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(dimension, width)
        self.features = FeatureSum(features, width, forget) if features else None

    def forward(
        self, mean_CD: torch.Tensor, features_CF: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return (C, P)."""
        key_CP = self.hidden(mean_CD)
        if self.features is not None:
            assert features_CF is not None
            key_CP = key_CP + self.features(features_CF)
        return key_CP


def point(
    query_NRP: torch.Tensor,
    fit_NRM: torch.Tensor,
    key_KP: torch.Tensor,
    name_NC: torch.Tensor,
    fits_NCM: torch.Tensor,
) -> torch.Tensor:
    """Return the score of each form of each name for each target, as `contracode.inference.types.pointing.point`
    does: (N, C, R).

    Args:
        query_NRP: vectors that point.
        fit_NRM: weights of the marks of a fit.
        key_KP: of the names of all files of a batch.
        name_NC: which of them are those of the target's file; -1 for none.
        fits_NCM: marks.
    """
    key_NCP = key_KP[name_NC.clamp(min=0)]
    similarity_NCR = torch.einsum("nrp,ncp->ncr", query_NRP, key_NCP) / key_KP.shape[1] ** 0.5
    return similarity_NCR + torch.einsum("nrm,ncm->ncr", fit_NRM, fits_NCM)


def join_scores(
    logits_NV: torch.Tensor,
    pointed_NCR: torch.Tensor,
    there_NC: torch.Tensor,
    output_NCR: torch.Tensor,
) -> torch.Tensor:
    """Join the vocabulary and what a file names to scores of one softmax, as
    `contracode.inference.types.pointing.join_scores` does.

    Args:
        logits_NV: scores of the vocabulary.
        pointed_NCR: scores of the types made of each name.
        there_NC: which names the target's file has.
        output_NCR: the vocabulary's output for the same type, or 0: then both say one thing, and
            the vocabulary's has the sum.

    Returns:
        (N, V + C * R), minus infinity where nothing is said.
    """
    pointed_NA = pointed_NCR.masked_fill(~there_NC[:, :, None], -torch.inf).flatten(1)
    output_NA = output_NCR.flatten(1)
    top_N1 = torch.maximum(logits_NV.amax(dim=1), pointed_NA.amax(dim=1)).detach()[:, None]
    same_NA = torch.where(output_NA > 0, (pointed_NA - top_N1).exp(), torch.zeros_like(pointed_NA))
    floor = torch.finfo(logits_NV.dtype).tiny
    sums_NV = (logits_NV - top_N1).exp().scatter_add(1, output_NA, same_NA)
    return torch.cat(
        [
            sums_NV.clamp(min=floor).log() + top_N1,
            pointed_NA.masked_fill(output_NA > 0, -torch.inf),
        ],
        dim=1,
    )


def fit_temperature(logits_NV: torch.Tensor, label_N: torch.Tensor) -> float:
    """Return the temperature, between 0.2 and 10, under which the labels are most probable; 1
    without labels.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
    """
    if not len(label_N):
        return 1.0
    # The loss is convex in the inverse of the temperature: the least of it is closed in on by
    # golden sections.
    low, high = 0.1, 5.0
    inside = [high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)]
    losses = [_loss(logits_NV, label_N, inverse) for inverse in inside]
    for _ in range(20):
        if losses[0] < losses[1]:
            high = inside[1]
            inside = [high - _GOLDEN * (high - low), inside[0]]
            losses = [_loss(logits_NV, label_N, inside[0]), losses[0]]
        else:
            low = inside[0]
            inside = [inside[1], low + _GOLDEN * (high - low)]
            losses = [losses[1], _loss(logits_NV, label_N, inside[1])]
    return 2 / (low + high)


_GOLDEN = (5**0.5 - 1) / 2


def _loss(logits_NV: torch.Tensor, label_N: torch.Tensor, inverse: float) -> float:
    return nn.functional.cross_entropy(logits_NV * inverse, label_N).item()


def fit_temperatures(
    scores_NS: torch.Tensor, label_N: torch.Tensor, kind_N: torch.Tensor
) -> list[float]:
    """Return a temperature for each kind where that helps, or else one for all of them.

    It helps if labels are more probable under temperatures of the kinds than under a single one,
    both fitted on the other half.
    """
    single = fit_temperature(scores_NS, label_N)
    half_N = torch.arange(len(label_N)) < len(label_N) // 2
    gain = 0.0
    for fitted_N, tried_N in ((half_N, ~half_N), (~half_N, half_N)):
        one = fit_temperature(scores_NS[fitted_N], label_N[fitted_N])
        for kind in range(len(KINDS)):
            mine_N = fitted_N & (kind_N == kind)
            asked_N = tried_N & (kind_N == kind)
            if not asked_N.any():
                continue
            own = fit_temperature(scores_NS[mine_N], label_N[mine_N]) if mine_N.any() else one
            scores_AS, label_A = scores_NS[asked_N], label_N[asked_N]
            gain += len(label_A) * (
                _loss(scores_AS, label_A, 1 / one) - _loss(scores_AS, label_A, 1 / own)
            )
    if gain <= 0:
        return [single] * len(KINDS)
    return [
        fit_temperature(scores_NS[kind_N == kind], label_N[kind_N == kind])
        if (kind_N == kind).any()
        else single
        for kind in range(len(KINDS))
    ]
