"""The page of `contracode report` about a training run."""
