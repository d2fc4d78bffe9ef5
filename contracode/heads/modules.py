"""LightningModules: an encoder with a head on it, its loss, what validation logs, the optimiser.

Legend: B batch, T pieces, D embedding, N targets, V outputs of a head, C type names of a file, R
    forms of types made of a name, K names of
a batch, S scores.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import nn
from torch.nn import functional as F

from contracode.encoder import distributed
from contracode.encoder.encoders import Encoder
from contracode.heads import name_data, type_data, words
from contracode.heads.names import NameDecoder
from contracode.heads.settings import FinetuneConfig
from contracode.heads.type_data import OTHER
from contracode.heads.types import FeatureSum, TypeHead, join_scores, point, pool
from contracode.heads.words import WordDecoder
from contracode.javascript.records import KINDS

CALIBRATED = 20_000
"""Tokens of the validation split on which the temperature is fitted at most."""


class HeadModule(lightning.LightningModule):
    """What both heads share: the optimiser, and the encoder that may be frozen.

    Args:
        encoder: pretrained or not.
        head: on top of it.
        config: settings of the run.
        num_steps: of the whole run, for the schedule.
        facts: what a run that is resumed must have begun with: "pieces" of the tokenizer, "outputs"
            of the head, "data". Each is told by a digest, and goes into checkpoints.
    """

    def __init__(
        self,
        encoder: Encoder,
        head: nn.Module,
        config: FinetuneConfig,
        num_steps: int,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.config = config
        self.num_steps = num_steps
        self.facts = dict(facts or {})
        self.encoder.requires_grad_(not config.freeze and self.reads_encoder)

    @property
    def reads_encoder(self) -> bool:
        """Whether the head reads the encoder, which learns with it then unless it is frozen."""
        return True

    def score(self) -> float:
        """Return what the best checkpoint has most of."""
        return -float(self.trainer.callback_metrics["valid/loss"])

    def on_train_epoch_start(self) -> None:
        """Let dropout work, but not in a frozen encoder."""
        self.train()
        self.encoder.train(not self.config.freeze)

    def on_train_batch_start(self, batch: Any, batch_idx: int) -> None:
        """Let dropout hang on seed, step and process alone, as the batches hang on seed and epoch:
        a resumed run repeats them.
        """
        torch.manual_seed(hash((self.config.seed, self.global_step)) + distributed.rank())

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add what the run began with."""
        checkpoint["contracode"] = self.facts

    def configure_optimizers(self) -> Any:
        """AdamW with a lower rate for the encoder; rates rise linearly, then fall linearly to
        zero.
        """
        config = self.config
        wide = {id(weight) for weight in _wide_weights(self.head)}
        groups: list[dict[str, Any]] = []
        for part, rate in ((self.head, 1.0), (self.encoder, config.encoder_rate)):
            trained = [weight for weight in part.parameters() if weight.requires_grad]
            for factor_of_rate, decay, weights in (
                (
                    1.0,
                    config.weight_decay,
                    [w for w in trained if w.ndim >= 2 and id(w) not in wide],
                ),
                (1.0, 0.0, [w for w in trained if w.ndim < 2]),
                (config.wide_rate, 0.0, [w for w in trained if id(w) in wide]),
            ):
                if weights:
                    learning_rate = config.learning_rate * rate * factor_of_rate
                    groups.append({"params": weights, "lr": learning_rate, "weight_decay": decay})
        optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
        warmup = max(1, round(config.warmup * self.num_steps))

        def factor(step: int) -> float:
            return min(
                (step + 1) / warmup,
                max(0.0, (self.num_steps - step) / max(1, self.num_steps - warmup)),
            )

        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def _wide_weights(head: nn.Module) -> Iterator[torch.Tensor]:
    """Yield the embeddings of hashed features."""
    for part in head.modules():
        if isinstance(part, FeatureSum):
            yield part.embedding.weight
        elif isinstance(part, nn.EmbeddingBag):
            yield part.weight


class TypeModule(HeadModule):
    """Encoder and type head."""

    head: TypeHead

    @property
    def reads_encoder(self) -> bool:
        """As the head was built."""
        return self.head.deep

    def scores(self, batch: type_data.TypeBatch) -> torch.Tensor:
        """Return what `join_scores` does, (N, V + C * R)."""
        num_targets = len(batch.kind_N)
        if self.head.deep:
            hidden_BTD = self.encoder(batch.pieces_BT, batch.mask_BT)
            mean_OD, max_OD = pool(
                hidden_BTD.flatten(0, 1), batch.covered_P, batch.occurrence_P, batch.target_O
            )
        else:
            weight = self.head.mean.weight
            mean_OD = max_OD = weight.new_zeros(int(batch.target_O[-1]) + 1, weight.shape[1])
        features_NF = batch.features_NF if self.head.features is not None else None
        said = self.head(mean_OD[:num_targets], max_OD[:num_targets], batch.kind_N, features_NF)
        if not self.head.names or not batch.name_NC.shape[1]:
            return said[0]
        name_features_KF = batch.name_features_KF if self.head.features is not None else None
        key_KP = self.head.key(mean_OD[num_targets:], name_features_KF)
        pointed_NCR = point(said[1], said[2], key_KP, batch.name_NC, batch.fits_NCM)
        return join_scores(said[0], pointed_NCR, batch.name_NC >= 0, batch.outputs_NCR)

    def training_step(self, batch: type_data.TypeBatch, _index: int) -> torch.Tensor:
        """Cross-entropy over the targets; targets of sources and tokens, where a batch has both,
        count alike whatever their numbers.
        """
        loss_N = F.cross_entropy(self.scores(batch), batch.label_N, reduction="none")
        is_token_N = batch.kind_N == KINDS.index("token")
        parts = [
            loss_N[chosen_N].mean() for chosen_N in (is_token_N, ~is_token_N) if chosen_N.any()
        ]
        loss = torch.stack(parts).mean()
        self.log("train/loss", loss, batch_size=len(batch.label_N), sync_dist=True)
        return loss

    def on_validation_epoch_start(self) -> None:
        """Begin to collect."""
        self._collected: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
        self._tokens = 0
        self._sums = torch.zeros(3, dtype=torch.float64)  # loss, hits at 1 and 5
        self._count = 0

    def validation_step(self, batch: type_data.TypeBatch, _index: int) -> None:
        """Count, and collect scores, labels and kinds: of tokens, of which a file has thousands,
        `CALIBRATED` at most.
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
            hit_N = (shown_NS.topk(min(k, shown_NS.shape[1])).indices == label_N[:, None]).any(
                dim=1
            )
            self._sums[place] += (hit_N & (label_N != OTHER)).sum()
        is_token_N = kind_N == KINDS.index("token")
        kept_N = ~is_token_N | (is_token_N.cumsum(dim=0) + self._tokens <= CALIBRATED)
        self._tokens += int(is_token_N.sum())
        self._collected.append((scores_NS[kept_N], label_N[kept_N], kind_N[kept_N]))

    def on_validation_epoch_end(self) -> None:
        """Log loss and accuracies; a type outside the vocabulary and the file counts as wrong."""
        most = max(scores_NS.shape[1] for scores_NS, _, _ in self._collected)
        self.validated_scores_NS = torch.cat(
            [
                F.pad(scores_NS, (0, most - scores_NS.shape[1]), value=-math.inf)
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
        """Return the accuracy, and among equal ones prefer the lower loss."""
        metrics = self.trainer.callback_metrics
        return float(metrics["valid/acc@1"]) - 1e-6 * float(metrics["valid/loss"])


class NameModule(HeadModule):
    """Encoder and name decoder."""

    head: NameDecoder

    def training_step(self, batch: name_data.NameBatch, _index: int) -> torch.Tensor:
        """Cross-entropy over the pieces of the names."""
        loss = self._loss(batch)
        self.log("train/loss", loss, batch_size=len(batch.name_BL), sync_dist=True)
        return loss

    def validation_step(self, batch: name_data.NameBatch, _index: int) -> None:
        """Log the loss."""
        self.log("valid/loss", self._loss(batch), batch_size=len(batch.name_BL))

    def _loss(self, batch: name_data.NameBatch) -> torch.Tensor:
        return self.head.loss(
            self.encoder(batch.pieces_BT, batch.mask_BT), batch.mask_BT, batch.name_BL
        )


class WordModule(HeadModule):
    """Decoder of words, and the encoder where it reads one."""

    head: WordDecoder

    @property
    def reads_encoder(self) -> bool:
        """As the head was built."""
        return self.head.encoded is not None

    def training_step(self, batch: words.WordBatch, _index: int) -> torch.Tensor:
        """Cross-entropy over the words of the names."""
        loss = self._loss(batch)
        self.log("train/loss", loss, batch_size=len(batch.capital_B), sync_dist=True)
        return loss

    def validation_step(self, batch: words.WordBatch, _index: int) -> None:
        """Log the loss."""
        self.log("valid/loss", self._loss(batch), batch_size=len(batch.capital_B))

    def _loss(self, batch: words.WordBatch) -> torch.Tensor:
        if batch.pieces_BT is None or batch.mask_BT is None or batch.named_BT is None:
            return self.head.loss(batch)
        hidden_BTH = self.encoder(batch.pieces_BT, batch.mask_BT)
        return self.head.loss(
            batch, words.pool_hidden_name(hidden_BTH, batch.named_BT, batch.mask_BT)
        )
