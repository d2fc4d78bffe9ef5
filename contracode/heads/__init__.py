"""Heads on top of an encoder, and how they are trained.

- `finetune`: `finetune`, from labelled data to a validated checkpoint; resuming.
- `head_training`: `HeadTraining`, the torch side of a head, and its arguments.
- `head_module`, `batches`, `best_head`: the LightningModule of a head, its batches, its curve.
- `settings`, `facts`, `checkpoint`: settings of a run, facts of a head, and its best checkpoint.
- `types`, `names`: the heads of this package.

A head is declared by a `contracode.inference.head_spec.HeadSpec`, which names its torch side.
"""
