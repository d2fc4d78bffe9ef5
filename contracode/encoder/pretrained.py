"""A pretrained tower with its tokenizer, settings and fragment encoder."""

from typing import NamedTuple

from contracode.encoder.encoders import Encoder, PlainProjection, Projection
from contracode.encoder.momentum_contrast import Tower
from contracode.inputs.fragment_encoder import FragmentEncoder
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import Config


class Pretrained(NamedTuple):
    """A pretrained tower with its tokenizer, settings and fragment encoder.

    Attributes:
        tower: encoder and projection.
        tokenizer: the tokenizer of the encoder.
        config: settings of the pretraining run. A fine-tuning run or a model folder records only
            some of them; the others have default values.
        fragments: the fragment encoder, or None.
        projected: whether the projection was pretrained as well; otherwise it is fresh.
        path: the run or model folder that the tower was read from.
    """

    tower: Tower
    tokenizer: Tokenizer
    config: Config
    fragments: FragmentEncoder | None = None
    projected: bool = True
    path: str = ""

    @property
    def encoder(self) -> Encoder:
        """The encoder."""
        return self.tower.encoder

    @property
    def embeds(self) -> Encoder | Tower:
        """The module that embeds: the tower if it was trained with fragments, else the encoder."""
        return self.tower if self.config.fragments.joint else self.encoder

    @property
    def projection(self) -> Projection | PlainProjection:
        """The projection head."""
        return self.tower.projection
