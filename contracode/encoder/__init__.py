"""Encoders, momentum contrast and losses, in torch.

- `encoders`: pieces to hidden states and vectors; projection heads.
- `momentum_contrast`: query and key tower, queue. `losses`: losses and schedules.
- `bag_towers`: towers over bags of fragments and words.
- `embedding`: pieces to unit vectors. `pretrained`: a pretrained tower with its tokenizer.
- `checkpoint_io`, `distributed`, `int8_embedding`: checkpoints, several processes, 8-bit tables.

Names of tensors end with a letter for each axis. `docs/glossary.md` defines the letters; the legend
of a module defines its other letters.
"""
