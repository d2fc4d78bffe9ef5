"""The module of the type head: classifies a name by the hidden states of all its occurrences.

Legend: T pieces of all files of a batch, P covered pieces or pointer width, O occurrences,
N targets, D hidden width, E width of the head, V types of the vocabulary, F features, C type names
of a file, K type names of all files, R forms of types made from a name, A = C * R, M match
features, S = V + A scores.
"""

import torch
from torch import nn

from contracode.inference.types.features import FORMS, MARKS
from contracode.javascript.records import KINDS


def segment_mean(rows: torch.Tensor, segments: torch.Tensor, num_segments: int) -> torch.Tensor:
    """Return the mean row of each segment, (num_segments, D); no segment may be empty."""
    sums = rows.new_zeros(num_segments, rows.shape[1]).index_add(0, segments, rows)
    return sums / torch.bincount(segments, minlength=num_segments).to(rows.dtype)[:, None]


def pool_targets(
    hidden_TD: torch.Tensor,
    pieces_P: torch.Tensor,
    occurrence_P: torch.Tensor,
    target_O: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Pool hidden states over the occurrences of targets.

    `contracode.inputs.windows.pool` computes the same without gradients.

    Args:
        hidden_TD: hidden states.
        pieces_P: index of each covered piece.
        occurrence_P: the occurrence of each covered piece.
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
    """A perceptron whose first layer is initialised from the pretrained projection head.

    The mean over the occurrences passes through that layer. The contributions of the maximum, the
    kind and the hashed features are initially zero, so that training starts from the pretrained
    function. Features also contribute to the logits directly, as in a table of counts. Types named
    in the file are scored by a pointer: by the similarity of the target to the pooled occurrences
    of the type name, and by how well the words of both match.

    Args:
        dimension: D.
        width: E.
        num_types: V.
        feature_buckets: number of buckets of the hashed features, see
            `contracode.inference.types.features`; 0 for no features.
        pointer_dim: width of the vectors that point to type names of the file; 0 for no pointers.
        uses_encoder: whether the head uses the encoder, or features and kind alone.
        dropout: dropout rate before the last layer.
        forget: share of the features that are dropped in training; the same share of the targets
            loses all features.

    Source: Chen et al., Big Self-Supervised Models are Strong Semi-Supervised Learners, NeurIPS
        2020, section 3; Cheng et al., Wide & Deep Learning for Recommender Systems, DLRS 2016;
        Vinyals et al., Pointer Networks, NIPS 2015.
    """

    def __init__(
        self,
        dimension: int,
        width: int,
        num_types: int,
        *,
        feature_buckets: int = 0,
        pointer_dim: int = 0,
        uses_encoder: bool = True,
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
        self.features = FeatureSum(feature_buckets, width, forget) if feature_buckets else None
        self.direct = nn.Linear(width, num_types, bias=False) if feature_buckets else None
        self.pointer_dim = pointer_dim
        if pointer_dim:
            self.query = nn.Linear(width, len(FORMS) * pointer_dim)
            self.fit = nn.Embedding(len(KINDS), len(FORMS) * MARKS)
            self.key = NameKey(dimension, pointer_dim, feature_buckets, forget)
            nn.init.zeros_(self.query.weight)
            nn.init.zeros_(self.query.bias)
            nn.init.zeros_(self.fit.weight)
        nn.init.zeros_(self.max.weight)
        nn.init.zeros_(self.kind.weight)
        self.uses_encoder = uses_encoder
        if not uses_encoder:
            for weight in (
                self.mean.weight,
                self.max.weight,
                *([self.key.hidden.weight] if pointer_dim else []),
            ):
                nn.init.zeros_(weight).requires_grad_(False)

    def forward(
        self,
        mean_ND: torch.Tensor,
        max_ND: torch.Tensor,
        kind_N: torch.Tensor,
        features_NF: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """Classify targets.

        Args:
            mean_ND: mean over the occurrences of each target.
            max_ND: maximum over the occurrences of each target.
            kind_N: kinds of the targets, as indices into `KINDS`.
            features_NF: hashed features; None if the head uses none.

        Returns:
            Logits of the vocabulary (N, V). With pointers also the vectors that point to type names
            (N, R, P) and the weights of the match features (N, R, M).
        """
        hidden_NE = self.mean(mean_ND) + self.max(max_ND) + self.kind(kind_N)
        direct_NE = None
        if self.features is not None:
            assert features_NF is not None
            direct_NE = self.features(features_NF)
            hidden_NE = hidden_NE + direct_NE
        hidden_NE = self.dropout(torch.relu(self.norm(hidden_NE)))
        logits_NV = self.output(hidden_NE)
        if self.direct is not None:
            logits_NV = logits_NV + self.direct(direct_NE)
        if not self.pointer_dim:
            return (logits_NV,)
        query_NRP = self.query(hidden_NE).unflatten(1, (len(FORMS), self.pointer_dim))
        return logits_NV, query_NRP, self.fit(kind_N).unflatten(1, (len(FORMS), MARKS))


class FeatureSum(nn.Module):
    """The sum of embedded hashed features, divided by the square root of their number.

    Feature 0 is padding. Embeddings are initially zero, so that a feature that does not occur in
    training contributes nothing.
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
    """The vector of a type name of the file, from its pooled occurrences and its words."""

    def __init__(self, dimension: int, width: int, buckets: int, forget: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(dimension, width)
        self.features = FeatureSum(buckets, width, forget) if buckets else None

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
    """Return the score of each form of each type name for each target, (N, C, R).

    `contracode.inference.types.pointing.point` computes the same without torch.

    Args:
        query_NRP: the pointing vector of each form.
        fit_NRM: weights of the match features.
        key_KP: vectors of the type names of all files of a batch.
        name_NC: type names of the target's file, as indices into K; -1 for padding.
        fits_NCM: match features.
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
    """Join the scores of the vocabulary and of a file's own types for one softmax.

    `contracode.inference.types.pointing.join_scores` computes the same without torch.

    Args:
        logits_NV: scores of the vocabulary.
        pointed_NCR: scores of the types made from each name.
        there_NC: true for type names, false for padding.
        output_NCR: the vocabulary's output for the same type, which then receives the probability
            of both; 0 if the vocabulary lacks the type.

    Returns:
        (N, V + C * R), minus infinity for types that the vocabulary has, and for padding.
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
