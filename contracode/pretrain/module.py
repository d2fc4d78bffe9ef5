"""The LightningModule of momentum contrast and masked modelling, and the data that it is fed.

Legend: B batch, T pieces, P projection, M masked pieces, V vocabulary.
"""

import copy
import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import nn
from torch.utils.data import DataLoader

from contracode.config import Config, OptimizerConfig, seconds
from contracode.encoder import Encoder, MaskedHead
from contracode.masking import IGNORED
from contracode.momentum import HardNegatives, MomentumContrast, momentum_update
from contracode.objectives import Masked, cosine_momentum, hybrid, masked_modelling
from contracode.tokenizer import PAD
from contracode.views import Batch, BatchPlan, PairDataset, collate


class Pretraining(lightning.LightningModule):
    """Momentum contrast, masked modelling or both, under a budget of steps or time that learning rate and momentum follow.

    Args:
        config: settings; `encoder.vocab_size` is set.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.contrast = MomentumContrast(Encoder(config.encoder), config.contrast)
        self.masked_head = MaskedHead(config.encoder) if config.masking.share else None
        self.average = copy.deepcopy(self.contrast.query).requires_grad_(False) if config.training.average else None
        self._keys: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._learned = False  # whether a batch of this step had a function
        self._before = 0.0  # seconds of training until the checkpoint that this process began from
        self._began = math.inf
        self._random: torch.Tensor | None = None

    @property
    def elapsed(self) -> float:
        """Seconds of training, those before a break included."""
        return self._before + max(0.0, time.monotonic() - self._began)

    @property
    def progress(self) -> float:
        """The share of the budget that is spent, in the middle of the current step."""
        training = self.config.training
        spent = [(self.trainer.global_step + 0.5) / training.steps] if training.steps else []
        if training.max_time:
            spent.append(self.elapsed / seconds(training.max_time))
        return min(1.0, max(spent))

    @property
    def momentum(self) -> float:
        """The key tower's momentum now."""
        contrast = self.config.contrast
        return cosine_momentum(contrast.momentum, contrast.momentum_end, self.progress)

    @property
    def learning_rate(self) -> float:
        """The learning rate now."""
        return self.config.optimizer.learning_rate * rate(self.progress, self.config.optimizer)

    def training_step(self, batch: Batch, _index: int) -> dict[str, torch.Tensor] | None:
        """Return loss and accuracies; nothing for a batch whose functions were all refused."""
        if not len(batch.labels_B):
            return None
        self._learned = True
        config = self.config.masking
        found: dict[str, torch.Tensor] = {}
        loss = torch.zeros((), device=self.device)
        if config.contrast:
            query = batch.query if config.clean or batch.masked is None else batch.masked
            hard = None
            if batch.hard is not None and batch.owners_M is not None:
                hard = HardNegatives(*batch.hard, batch.owners_M)
            contrast, keys_BP = self.contrast(*query, *batch.key, batch.labels_B, hard)
            self._keys.append((keys_BP, batch.labels_B))
            loss, found["accuracy"] = contrast.loss, contrast.accuracy
        masked = self.masked(batch)
        if masked is not None:
            loss = hybrid(loss, masked.loss, config.contrast)
            found |= {"masked_loss": masked.loss.detach(), "masked_accuracy": masked.accuracy}
        # Lightning divides what it calls the loss by the number of batches of a step.
        return {"loss": loss, "whole_loss": loss.detach(), **found}

    def masked(self, batch: Batch) -> Masked | None:
        """Predict the masked pieces of a batch; None where there are no masks."""
        if batch.masked is None or batch.targets_BT is None or self.masked_head is None:
            return None
        encoder = self.contrast.query.encoder
        chosen_BT = batch.targets_BT != IGNORED
        scores_MV = self.masked_head(encoder(*batch.masked)[chosen_BT], encoder.embedding)
        return masked_modelling(scores_MV, batch.targets_BT[chosen_BT])

    def optimizer_step(
        self,
        epoch: int,
        batch_idx: int,
        optimizer: Any,
        optimizer_closure: Callable[[], Any] | None = None,
    ) -> None:
        """Step, then move the key tower, the queue and the average: all is done when a checkpoint is written after this."""
        momentum, step = self.momentum, self.trainer.global_step
        for group in optimizer.param_groups:
            group["lr"] = self.learning_rate
        super().optimizer_step(epoch, batch_idx, optimizer, optimizer_closure)
        if self._learned:
            self.contrast.update(self._keys, momentum)
            if self.average is not None:
                # The average of few steps is that of those steps: as TensorFlow's ExponentialMovingAverage with num_updates.
                decay = min(self.config.training.average, (1 + step) / (10 + step))
                momentum_update(self.contrast.query, self.average, decay)
        self._keys, self._learned = [], False

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """AdamW; vectors, embeddings and the temperature do not decay."""
        config = self.config.optimizer
        embeddings = {id(module.weight) for module in self.modules() if isinstance(module, nn.Embedding)}
        learned = [weight for weight in self.parameters() if weight.requires_grad]
        decayed = [weight for weight in learned if weight.ndim >= 2 and id(weight) not in embeddings]
        others = [weight for weight in learned if weight.ndim < 2 or id(weight) in embeddings]
        groups = [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            groups, lr=config.learning_rate, betas=(config.beta1, config.beta2), eps=config.epsilon
        )

    def on_train_start(self) -> None:
        """Start the clock; go on with the random numbers of the checkpoint."""
        self._began = time.monotonic()
        if self._random is not None:
            torch.set_rng_state(self._random)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add what a resumed run needs besides the weights, in plain types."""
        checkpoint["contracode"] = {"elapsed": self.elapsed, "random": torch.get_rng_state()}

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take it back."""
        self._before = checkpoint["contracode"]["elapsed"]
        self._random = checkpoint["contracode"]["random"]


def rate(progress: float, config: OptimizerConfig) -> float:
    """Return the factor of the learning rate: a linear rise, one, a linear fall to zero."""
    rise = progress / config.warmup if config.warmup else 1.0
    fall = (1 - progress) / config.decay if config.decay else 1.0
    return min(rise, 1.0, fall)


class PairData(lightning.LightningDataModule):
    """Batches of pairs without end, from the batch on that the trainer is at.

    Args:
        pairs: the dataset.
        lengths: of the functions to train on, in any unit.
        config: settings.
        functions: which these are; all without it.
    """

    def __init__(
        self, pairs: PairDataset, lengths: Sequence[int], config: Config, functions: Sequence[int] | None = None
    ) -> None:
        super().__init__()
        self._functions = functions
        self._pairs = pairs
        self._lengths = lengths
        self._config = config

    def train_dataloader(self) -> DataLoader[Any]:
        """Return the loader."""
        assert self.trainer is not None
        training, data = self._config.training, self._config.data
        plan = BatchPlan(
            self._lengths,
            training.batch_size,
            bucket=data.bucket,
            seed=training.seed,
            start=self.trainer.global_step * training.accumulate,
            functions=self._functions,
        )
        return DataLoader(
            self._pairs,
            batch_sampler=plan,
            collate_fn=partial(collate, pad=PAD),
            num_workers=data.workers,
            pin_memory=torch.cuda.is_available(),
            generator=torch.Generator(),  # one of its own: a loader must not draw from the generator of dropout
        )
