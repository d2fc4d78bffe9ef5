"""The LightningModule of a head on an encoder: loss, validation, optimiser."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import nn

from contracode.encoder import distributed
from contracode.encoder.encoders import Encoder
from contracode.heads.facts import HeadFacts
from contracode.heads.settings import FinetuneConfig


class HeadModule(lightning.LightningModule):
    """An encoder with a head on it. A head implements `loss`, and overrides what it needs.

    Args:
        encoder: pretrained or not.
        head: the module on top of it.
        config: settings of the run.
        num_steps: steps of the whole run, for the schedule.
        facts: digests of the tokenizer ("pieces"), of the head's "outputs", and of the "data".
            Checkpoints hold them, and a resumed run must have the same.

    Attributes:
        figures: names of the logged figures; the columns of `metrics.csv` after step and epoch.
    """

    figures: tuple[str, ...] = ("train/loss", "valid/loss")

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
        self.encoder.requires_grad_(not config.freeze and self.uses_encoder)

    @property
    def uses_encoder(self) -> bool:
        """Whether the head reads the encoder, which is then trained unless it is frozen."""
        return True

    def loss(self, batch: Any) -> torch.Tensor:
        """Return the mean loss of a batch."""
        raise NotImplementedError

    def size(self, batch: Any) -> int:
        """Return the number of items of a batch, for means over batches."""
        return len(batch[0])

    def score(self) -> float:
        """Return the figure by which checkpoints are compared; the highest is the best."""
        return -float(self.trainer.callback_metrics["valid/loss"])

    def feature_weights(self) -> Iterable[torch.Tensor]:
        """Return the embeddings of hashed features, which have a rate of their own."""
        return ()

    def finished(self, facts: HeadFacts) -> HeadFacts:
        """Return the facts of the head, completed with results of the latest validation."""
        return facts

    def training_step(self, batch: Any, _index: int) -> torch.Tensor:
        """Return and log the loss."""
        loss = self.loss(batch)
        self.log("train/loss", loss, batch_size=self.size(batch), sync_dist=True)
        return loss

    def validation_step(self, batch: Any, _index: int) -> None:
        """Log the loss."""
        self.log("valid/loss", self.loss(batch), batch_size=self.size(batch))

    def on_train_epoch_start(self) -> None:
        """Enable dropout, but not in a frozen encoder."""
        self.train()
        self.encoder.train(not self.config.freeze)

    def on_train_batch_start(self, batch: Any, batch_idx: int) -> None:
        """Seed dropout by seed, step and process, so that a resumed run repeats it."""
        torch.manual_seed(hash((self.config.seed, self.global_step)) + distributed.rank())

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the digests that a resumed run is checked against."""
        checkpoint["contracode"] = self.facts

    def configure_optimizers(self) -> Any:
        """Return AdamW, and a schedule in which all rates rise linearly and fall linearly to 0."""
        config = self.config
        features = {id(weight) for weight in self.feature_weights()}
        groups: list[dict[str, Any]] = []
        for part, factor in ((self.head, 1.0), (self.encoder, config.encoder_rate)):
            rate = config.learning_rate * factor
            trained = [weight for weight in part.parameters() if weight.requires_grad]
            dense = [weight for weight in trained if id(weight) not in features]
            matrices = [weight for weight in dense if weight.ndim >= 2]
            vectors = [weight for weight in trained if weight.ndim < 2]
            hashed = [weight for weight in trained if id(weight) in features]
            groups += [
                {"params": matrices, "lr": rate, "weight_decay": config.weight_decay},
                {"params": vectors, "lr": rate, "weight_decay": 0.0},
                {"params": hashed, "lr": rate * config.feature_rate, "weight_decay": 0.0},
            ]
        groups = [group for group in groups if group["params"]]
        optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98))
        warmup = max(1, round(config.warmup * self.num_steps))

        def factor_at(step: int) -> float:
            falling = (self.num_steps - step) / max(1, self.num_steps - warmup)
            return min((step + 1) / warmup, max(0.0, falling))

        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor_at)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}
