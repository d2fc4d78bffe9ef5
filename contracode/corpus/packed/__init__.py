"""The training form of a corpus: shards that are memory-mapped, with sources, labels, and views
rendered ahead.
"""
