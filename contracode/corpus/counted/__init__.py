"""Counted corpora: the bags of every function and of its documentation, in memory-mapped arrays."""
