"""An embedding in 8 bits, for exported graphs.

Legend: V rows, W width.
"""

import torch
from torch import nn

from contracode.inference.int8_rows import SCALE, to_bytes


class Int8Embedding(nn.Module):
    """Looks up rows of a table of 8-bit numbers, and scales them to 32 bits.

    Only the rows of a lookup are converted, not the whole table.

    Args:
        table_VW: the embedding to store.
    """

    weight: torch.Tensor
    weight_scale: torch.Tensor

    def __init__(self, table_VW: torch.Tensor) -> None:
        super().__init__()
        bytes_VW, scale_V = map(torch.from_numpy, to_bytes(table_VW.detach().cpu().numpy()))
        self.register_buffer("weight", bytes_VW)
        self.register_buffer(f"weight{SCALE}", scale_V.float())

    def forward(self, index: torch.Tensor) -> torch.Tensor:
        """Return the rows of an index of any shape."""
        return self.weight[index].float() * self.weight_scale[index][..., None]
