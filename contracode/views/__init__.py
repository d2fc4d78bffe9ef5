"""Functions to training batches: pairs of views, positives and hard negatives."""
