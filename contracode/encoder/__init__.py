"""Encoders, momentum contrast and losses, in torch.

- `encoders`: pieces to hidden states and vectors; projection heads.
- `momentum_contrast`: query and key tower, queue. `losses`: losses and schedules.
- `embedding`: pieces to unit vectors. `pretrained`: a pretrained tower with what belongs to it.
- `checkpoint_io`, `distributed`, `int8_embedding`: checkpoints, several processes, 8-bit tables.

Names of tensors end with a letter for each axis. Everywhere in the project:

    B batch           T pieces            D hidden width       V vocabulary or outputs
    H attention heads or hard negatives   E width of an attention head
    P projection or pointer width         K queue or type names of a batch
    N items of any kind (functions, targets, negatives, steps)
    M masked pieces or match features     S scores             L length of a name
    C names or words of one file or function                   R forms of a type name
    O occurrences     F features           W fragment vector

A module whose letters mean something else, or more, says so in its legend.
"""
