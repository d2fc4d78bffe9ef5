"""The LightningModule of momentum contrast and masked modelling.

Legend: B batch, T pieces, W width of a fragment vector, M masked pieces or hard negatives, V
vocabulary.
"""

from collections.abc import Mapping
from typing import Any

import torch

from contracode.encoder import distributed
from contracode.encoder.encoders import Encoder, MaskedHead
from contracode.encoder.losses import Contrast, Masked, hybrid, masked_modelling
from contracode.encoder.momentum_contrast import HardNegatives, MomentumContrast
from contracode.inputs.masking import IGNORED
from contracode.pretrain.scheduled import ScheduledTraining
from contracode.support.config import Config
from contracode.views.batches import Batch


class Pretraining(ScheduledTraining):
    """Momentum contrast, masked modelling or both.

    Args:
        config: settings; `encoder.vocab_size` must be set.
    """

    def __init__(self, config: Config) -> None:
        contrast = MomentumContrast(Encoder(config.encoder), config.contrast, config.fragments)
        super().__init__(config, contrast)
        self.masked_head = MaskedHead(config.encoder) if config.masking.share else None

    def begin_with(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Load weights of an encoder into both towers and their average."""
        for tower in (self.contrast.query, self.contrast.key, self.average):
            if tower is not None:
                tower.encoder.load_state_dict(weights)

    def training_step(self, batch: Batch, _index: int) -> dict[str, Any] | None:
        """Return the loss and the accuracies, or None if all functions of the batch were refused.

        If several processes share a batch, some may have fewer functions left than others, or
        none. Each process weights its means by its share of the functions, so that the mean over
        the processes is the mean of the batch.
        """
        mine = len(batch.labels_B)
        masks = batch.num_masked
        counts = (mine, masks, batch.num_pieces, batch.num_refused)
        functions, all_masks, *seen = map(float, distributed.total(counts, self.device))
        self.seen = (seen[0], seen[1])
        if not functions:  # Lightning does not support skipping a step in several processes
            return None if distributed.world() == 1 else {"loss": self._no_loss()}
        self._learned = True
        contrast = self._contrasted(batch)
        masked = self.masked(batch) if mine else None
        nothing = torch.zeros((), device=self.device)
        own = Contrast(nothing, nothing) if contrast is None else contrast
        hidden = Masked(nothing, nothing) if masked is None else masked
        share, masks_share = mine / functions, masks / max(1.0, all_masks)
        loss = hybrid(own.loss * share, hidden.loss * masks_share, self.config.masking.contrast)
        figures = (
            loss.detach(),
            own.accuracy * share,
            hidden.loss.detach() * masks_share,
            hidden.accuracy * masks_share,
        )
        names = ("whole_loss", "accuracy", "masked_loss", "masked_accuracy")
        if not mine:
            loss = self._no_loss()
        # The factor undoes DDP's mean over the processes: the shares are to be summed. Lightning
        # divides `loss` by the batches of a step, so the monitor reads `whole_loss`.
        return {
            "loss": loss * distributed.world(),
            **dict(zip(names, distributed.total(figures, self.device), strict=True)),
        }

    def _no_loss(self) -> torch.Tensor:
        """Return a zero that depends on all weights: DDP waits for the gradient of each."""
        return torch.stack(
            [weight.sum() * 0 for weight in self.parameters() if weight.requires_grad]
        ).sum()

    def _contrasted(self, batch: Batch) -> Contrast | None:
        """Compare queries and keys, and keep the keys for the queue.

        Returns None if this process has no functions, or if the settings contrast nothing.
        """
        config = self.config.masking
        if not config.contrast:
            return None
        if not len(batch.labels_B):
            self._keys.append(self.contrast.absent(self.device))
            return None
        query = batch.query if config.clean or batch.masked is None else batch.masked
        hard = None
        if batch.hard is not None and batch.owners_M is not None:
            hard = HardNegatives(
                batch.hard.pieces_BT, batch.hard.mask_BT, batch.owners_M, batch.hard.fragments_BW
            )
        key = batch.key
        contrast, keys = self.contrast(
            query.pieces_BT,
            query.mask_BT,
            key.pieces_BT,
            key.mask_BT,
            batch.labels_B,
            hard,
            query_fragments_BW=batch.query.fragments_BW,
            key_fragments_BW=key.fragments_BW,
        )
        self._keys.append(keys)
        return contrast

    def masked(self, batch: Batch) -> Masked | None:
        """Predict the masked pieces of a batch; None if it has none."""
        if batch.masked is None or batch.targets_BT is None or self.masked_head is None:
            return None
        encoder = self.contrast.query.encoder
        chosen_BT = batch.targets_BT != IGNORED
        scores_MV = self.masked_head(
            encoder(batch.masked.pieces_BT, batch.masked.mask_BT)[chosen_BT], encoder.embedding
        )
        return masked_modelling(scores_MV, batch.targets_BT[chosen_BT])
