"""The LightningModule of the type head.

Legend: N targets, O occurrences, D hidden width, V types of the vocabulary, C type names of a file,
R forms of types made from a name, K names of all files of a batch, P pointer width, F features,
S scores (V + C * R).
"""

import math
from collections.abc import Iterable

import msgspec
import torch
from torch.nn import functional as F

from contracode.heads.facts import HeadFacts
from contracode.heads.head_module import HeadModule
from contracode.heads.types.batches import TypeBatch
from contracode.heads.types.examples import OTHER
from contracode.heads.types.head import FeatureSum, TypeHead, join_scores, point, pool_targets
from contracode.heads.types.temperature import fit_temperatures
from contracode.javascript.records import KINDS
from contracode.support.metrics import threshold_for

CALIBRATED = 20_000
"""Maximum number of tokens of the validation split that the temperatures are fitted to."""

PRECISION = 0.87
"""Minimum precision of the shown types on the validation split; it determines the threshold. It is
above the promised 85 %, as repositories of users differ from those of the split.
"""

TOKEN = KINDS.index("token")


class TypeModule(HeadModule):
    """Encoder and type head."""

    head: TypeHead
    figures = ("train/loss", "valid/loss", "valid/acc@1", "valid/acc@5")

    @property
    def uses_encoder(self) -> bool:
        """Whether the head uses the encoder."""
        return self.head.uses_encoder

    def feature_weights(self) -> Iterable[torch.Tensor]:
        """Return the embeddings of hashed features."""
        return [m.embedding.weight for m in self.head.modules() if isinstance(m, FeatureSum)]

    def size(self, batch: TypeBatch) -> int:
        """Return N."""
        return len(batch.label_N)

    def scores(self, batch: TypeBatch) -> torch.Tensor:
        """Return the scores of all types for each target, joined by `join_scores`: (N, S)."""
        num_targets = len(batch.kind_N)
        if self.head.uses_encoder:
            hidden_BTD = self.encoder(batch.pieces_BT, batch.mask_BT)
            mean_OD, max_OD = pool_targets(
                hidden_BTD.flatten(0, 1), batch.covered_P, batch.occurrence_P, batch.target_O
            )
        else:
            weight = self.head.mean.weight
            mean_OD = max_OD = weight.new_zeros(int(batch.target_O[-1]) + 1, weight.shape[1])
        features_NF = batch.features_NF if self.head.features is not None else None
        outputs = self.head(mean_OD[:num_targets], max_OD[:num_targets], batch.kind_N, features_NF)
        if not self.head.pointer_dim or not batch.name_NC.shape[1]:
            return outputs[0]
        name_features_KF = batch.name_features_KF if self.head.features is not None else None
        key_KP = self.head.key(mean_OD[num_targets:], name_features_KF)
        pointed_NCR = point(outputs[1], outputs[2], key_KP, batch.name_NC, batch.fits_NCM)
        return join_scores(outputs[0], pointed_NCR, batch.name_NC >= 0, batch.outputs_NCR)

    def loss(self, batch: TypeBatch) -> torch.Tensor:
        """Return the cross-entropy; tokens and targets of sources have equal weight."""
        loss_N = F.cross_entropy(self.scores(batch), batch.label_N, reduction="none")
        is_token_N = batch.kind_N == TOKEN
        parts = [
            loss_N[chosen_N].mean() for chosen_N in (is_token_N, ~is_token_N) if chosen_N.any()
        ]
        return torch.stack(parts).mean()

    def on_validation_epoch_start(self) -> None:
        """Discard results of the previous validation."""
        self._collected: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
        self._tokens = 0
        self._sums = torch.zeros(3, dtype=torch.float64)  # loss, hits at 1 and 5
        self._count = 0

    def validation_step(self, batch: TypeBatch, _index: int) -> None:
        """Count hits, and collect scores, labels and kinds for the calibration.

        All targets of sources are collected, but at most `CALIBRATED` tokens.
        """
        scores_NS, label_N, kind_N = (
            self.scores(batch).float().cpu(),
            batch.label_N.cpu(),
            batch.kind_N.cpu(),
        )
        self._sums[0] += F.cross_entropy(scores_NS, label_N, reduction="sum")
        self._count += len(label_N)
        shown_NS = scores_NS.clone()
        shown_NS[:, OTHER] = -math.inf
        for place, k in enumerate((1, 5), start=1):
            top_NK = shown_NS.topk(min(k, shown_NS.shape[1])).indices
            hit_N = (top_NK == label_N[:, None]).any(dim=1)
            self._sums[place] += (hit_N & (label_N != OTHER)).sum()
        is_token_N = kind_N == TOKEN
        kept_N = ~is_token_N | (is_token_N.cumsum(dim=0) + self._tokens <= CALIBRATED)
        self._tokens += int(is_token_N.sum())
        self._collected.append((scores_NS[kept_N], label_N[kept_N], kind_N[kept_N]))

    def on_validation_epoch_end(self) -> None:
        """Log the loss and the accuracies; types outside the vocabulary count as wrong."""
        width = max(scores_NS.shape[1] for scores_NS, _, _ in self._collected)
        self.validated_scores_NS = torch.cat(
            [
                F.pad(scores_NS, (0, width - scores_NS.shape[1]), value=-math.inf)
                for scores_NS, _, _ in self._collected
            ]
        )
        self.validated_label_N, self.validated_kind_N = (
            torch.cat(parts)
            for parts in zip(*(collected[1:] for collected in self._collected), strict=True)
        )
        self._collected.clear()
        loss, hits_1, hits_5 = (self._sums / self._count).float()
        self.log("valid/loss", loss)
        self.log("valid/acc@1", hits_1)
        self.log("valid/acc@5", hits_5)

    def score(self) -> float:
        """Return the accuracy at 1, with ties broken by the lower loss."""
        metrics = self.trainer.callback_metrics
        return float(metrics["valid/acc@1"]) - 1e-6 * float(metrics["valid/loss"])

    def finished(self, facts: HeadFacts) -> HeadFacts:
        """Return the facts with temperatures and threshold, fitted to the latest validation."""
        scores_NS = self.validated_scores_NS
        label_N, kind_N = self.validated_label_N, self.validated_kind_N
        temperatures = fit_temperatures(scores_NS, label_N, kind_N)
        source_N = kind_N != TOKEN
        if source_N.any():  # editors show types of sources, never of tokens
            scores_NS, label_N, kind_N = scores_NS[source_N], label_N[source_N], kind_N[source_N]
        probability_NS = (scores_NS / torch.tensor(temperatures)[kind_N][:, None]).softmax(dim=1)
        confidence_N, best_N = probability_NS[:, OTHER + 1 :].max(dim=1)
        right_N = best_N + OTHER + 1 == label_N
        threshold = threshold_for(confidence_N.numpy(), right_N.numpy(), precision=PRECISION)
        shown_N = confidence_N >= threshold
        return msgspec.structs.replace(
            facts,
            temperatures=temperatures,
            threshold=threshold,
            precision=float(right_N[shown_N].float().mean()) if shown_N.any() else 0.0,
            coverage=float(shown_N.float().mean()),
        )
