"""Functions to training batches.

- `drawing`: two equivalent views of a function; `mutations`: hard negatives; `same_name_pairs`:
  namesakes in other repositories.
- `pairs`, `copy_pairs`: datasets of pairs in pieces; `batches`, `batch_plan`: pairs as tensors, and
  their order.
- `bag_pairs`: batches of a bag model.
- `training_data`: the training functions of a corpus.
"""
