"""Training runs to model folders, and model folders back to training."""
