"""One page about a training run."""
