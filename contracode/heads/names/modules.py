"""The LightningModules of the name decoders."""

from collections.abc import Iterable

import torch

from contracode.heads.head_module import HeadModule
from contracode.heads.names.piece_decoder import PieceDecoder
from contracode.heads.names.piece_examples import PieceBatch
from contracode.heads.names.word_decoder import WordDecoder, pool_hidden_name
from contracode.heads.names.word_examples import WordBatch


class PieceModule(HeadModule):
    """Encoder and decoder of pieces."""

    head: PieceDecoder

    def size(self, batch: PieceBatch) -> int:
        """Return the number of functions."""
        return len(batch.name_BL)

    def loss(self, batch: PieceBatch) -> torch.Tensor:
        """Return the cross-entropy of the pieces of the names."""
        hidden_BTD = self.encoder(batch.pieces_BT, batch.mask_BT)
        return self.head.loss(hidden_BTD, batch.mask_BT, batch.name_BL)


class WordModule(HeadModule):
    """Decoder of words, and the encoder if the decoder uses one."""

    head: WordDecoder

    @property
    def uses_encoder(self) -> bool:
        """Whether the head uses the encoder."""
        return self.head.encoded is not None

    def feature_weights(self) -> Iterable[torch.Tensor]:
        """Return the embeddings of hashed features."""
        return [self.head.features.weight]

    def size(self, batch: WordBatch) -> int:
        """Return the number of functions."""
        return len(batch.capital_B)

    def loss(self, batch: WordBatch) -> torch.Tensor:
        """Return the cross-entropy of the words of the names."""
        if batch.pieces_BT is None or batch.mask_BT is None or batch.named_BT is None:
            return self.head.loss(batch)
        hidden_BTH = self.encoder(batch.pieces_BT, batch.mask_BT)
        pooled_BH = pool_hidden_name(hidden_BTH, batch.named_BT, batch.mask_BT)
        return self.head.loss(batch, pooled_BH)
