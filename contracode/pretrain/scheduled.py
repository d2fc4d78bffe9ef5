"""The base class of pretraining's LightningModules.

It keeps the budget of steps or time that learning rate and momentum follow, the optimiser, the
update of the key tower, and the state of a resumed run.
"""

import copy
import math
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Protocol

import pytorch_lightning as lightning
import torch
from torch import nn

from contracode.encoder import distributed
from contracode.encoder.losses import cosine_momentum
from contracode.encoder.momentum_contrast import Keys, momentum_update
from contracode.support.config import Config, OptimizerConfig, seconds


class Contrasting(Protocol):
    """A module that compares queries with keys of a momentum tower."""

    query: nn.Module
    key: nn.Module

    @property
    def temperature(self) -> torch.Tensor:
        """Temperature of the softmax."""
        ...

    def update(self, keys: Sequence[Keys], momentum: float) -> None:
        """Move the key tower and enqueue the keys of a step."""
        ...


class ScheduledTraining(lightning.LightningModule):
    """Momentum contrast under a budget of steps or time that learning rate and momentum follow.

    Args:
        config: settings.
        contrast: towers, queue and temperature.

    Attributes:
        average: moving average of the query tower's weights, or None.
        seen: number of pieces in the latest batch, and of functions refused, over all processes.
    """

    def __init__(self, config: Config, contrast: Any) -> None:
        super().__init__()
        self.config = config
        self.contrast = contrast
        self.average = (
            copy.deepcopy(contrast.query).requires_grad_(False) if config.training.average else None
        )
        self.seen = (0.0, 0.0)
        self._keys: list[Keys] = []
        self._learned = False  # whether a batch of this step had a function
        self._before = 0.0  # seconds of training before the checkpoint that the run resumed from
        self._began = math.inf
        self._shared_clock = 0.0  # the first process's clock when the batch began
        self._random: torch.Tensor | None = None
        self._random_gpu: torch.Tensor | None = None

    @property
    def elapsed(self) -> float:
        """Seconds of training, including those before the run was resumed.

        Several processes share the clock of the first one, read when the batch began.
        """
        return (
            self._shared_clock
            if distributed.world() > 1
            else self._before + max(0.0, time.monotonic() - self._began)
        )

    @property
    def progress(self) -> float:
        """Share of the budget that is spent by the middle of the current step, in [0, 1]."""
        training = self.config.training
        spent = [(self.trainer.global_step + 0.5) / training.steps] if training.steps else []
        if training.max_time:
            spent.append(self.elapsed / seconds(training.max_time))
        return min(1.0, max(spent))

    @property
    def momentum(self) -> float:
        """Current momentum of the key tower."""
        contrast = self.config.contrast
        return cosine_momentum(contrast.momentum, contrast.momentum_end, self.progress)

    @property
    def learning_rate(self) -> float:
        """Current learning rate."""
        return self.config.optimizer.learning_rate * rate(self.progress, self.config.optimizer)

    def on_train_batch_start(self, batch: Any, batch_idx: int) -> None:
        """Share the clock of the first process."""
        self._shared_clock = distributed.from_first(
            self._before + time.monotonic() - self._began, self.device
        )

    def optimizer_step(
        self,
        epoch: int,
        batch_idx: int,
        optimizer: Any,
        optimizer_closure: Callable[[], Any] | None = None,
    ) -> None:
        """Step, then move the key tower, the queue and the average.

        Callbacks that write a checkpoint run later, so a checkpoint is never between the two.
        """
        momentum, step = self.momentum, self.trainer.global_step
        for group in optimizer.param_groups:
            group["lr"] = self.learning_rate

        def closure() -> Any:
            result = optimizer_closure() if optimizer_closure is not None else None
            if not self._learned:  # a zero gradient would still change AdamW's moments
                optimizer.zero_grad(set_to_none=True)
            return result

        super().optimizer_step(epoch, batch_idx, optimizer, closure)
        if self._learned:
            self.contrast.update(self._keys, momentum)
            if self.average is not None:
                # Lower decay in early steps, as in TensorFlow's ExponentialMovingAverage with
                # num_updates.
                decay = min(self.config.training.average, (1 + step) / (10 + step))
                momentum_update(self.contrast.query, self.average, decay)
        self._keys, self._learned = [], False

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return AdamW, without weight decay of vectors, embeddings and the temperature."""
        config = self.config.optimizer
        embeddings = {
            id(module.weight) for module in self.modules() if isinstance(module, nn.Embedding)
        }
        learned = [weight for weight in self.parameters() if weight.requires_grad]
        decayed = [
            weight for weight in learned if weight.ndim >= 2 and id(weight) not in embeddings
        ]
        others = [weight for weight in learned if weight.ndim < 2 or id(weight) in embeddings]
        groups = [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            groups, lr=config.learning_rate, betas=(config.beta1, config.beta2), eps=config.epsilon
        )

    def on_train_start(self) -> None:
        """Start the clock, and restore the random state of a checkpoint.

        In a new run, each process has a random state of its own.
        """
        self._began = time.monotonic()
        if self._random is not None:
            torch.set_rng_state(_own(self._random))
            if self._random_gpu is not None and self.device.type == "cuda":
                torch.cuda.set_rng_state(_own(self._random_gpu), self.device)
        elif distributed.rank():
            torch.manual_seed(seed_of(self.config.training.seed, distributed.rank()))

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Add the elapsed time and the random states, in plain types."""
        states = distributed.gather(torch.get_rng_state()[None].to(self.device)).cpu()
        checkpoint["contracode"] = {"elapsed": self.elapsed, "random": states}
        if self.device.type == "cuda":
            state = torch.cuda.get_rng_state(self.device)[None].to(self.device)
            checkpoint["contracode"]["random_gpu"] = distributed.gather(state).cpu()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Restore the elapsed time and the random states."""
        self._before = checkpoint["contracode"]["elapsed"]
        self._random = checkpoint["contracode"]["random"]
        self._random_gpu = checkpoint["contracode"].get("random_gpu")


def seed_of(seed: int, rank: int) -> int:
    """Return the seed of a process other than the first.

    It has 32 bits, as torch's CPU generator ignores the others.
    """
    return int.from_bytes(blake2b(f"{seed}/{rank}".encode(), digest_size=4).digest())


def _own(states: torch.Tensor) -> torch.Tensor:
    """Return this process's row of the states of all processes."""
    states = states.reshape(-1, states.shape[-1])
    # Torch reads from the start of a tensor's storage, ignoring the offset of a view: copy the row.
    return states[distributed.rank() % len(states)].clone()


def rate(progress: float, config: OptimizerConfig) -> float:
    """Return the factor of the learning rate: a linear rise to 1, 1, a linear fall to 0."""
    rise = progress / config.warmup if config.warmup else 1.0
    fall = (1 - progress) / config.decay if config.decay else 1.0
    return min(rise, 1.0, fall)
