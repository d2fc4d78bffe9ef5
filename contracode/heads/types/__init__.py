"""The type head: its data, its module, and its training."""
