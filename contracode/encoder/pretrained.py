"""A pretrained tower with what belongs to it."""

from typing import NamedTuple

from contracode.encoder.encoders import Encoder, PlainProjection, Projection
from contracode.encoder.momentum_contrast import Tower
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import Config


class Pretrained(NamedTuple):
    """A pretrained tower; fine-tuning starts from `projection.first`.

    Attributes:
        tower: encoder and projection.
        tokenizer: of the encoder.
        config: settings of the run; for a fine-tuning run or a model folder, those that are known.
        wide: the fragment encoder, if there is one.
        projected: the projection was pretrained too; otherwise it is fresh.
        path: where the tower was read from.
    """

    tower: Tower
    tokenizer: Tokenizer
    config: Config
    wide: FragmentEncoder | None = None
    projected: bool = True
    path: str = ""

    @property
    def encoder(self) -> Encoder:
        """The encoder."""
        return self.tower.encoder

    @property
    def embeds(self) -> Encoder | Tower:
        """The part that embeds: the tower if it was contrasted with fragments, else the encoder."""
        return self.tower if self.config.wide.joint else self.encoder

    @property
    def projection(self) -> Projection | PlainProjection:
        """The projection head."""
        return self.tower.projection
