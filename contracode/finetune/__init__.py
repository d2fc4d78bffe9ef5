"""Fine-tuning of a pretrained encoder with a head.

A run folder holds `config.toml` (the resolved settings), `metrics.csv`, `last.ckpt` (to resume)
and, from the first validation on, `best/`: weights and facts of the best checkpoint, which
`contracode export` reads.
"""

from contracode.finetune.config import FinetuneConfig
from contracode.finetune.tasks import finetune_names, finetune_types

__all__ = ["FinetuneConfig", "finetune_names", "finetune_types"]
