"""Rows of a corpus on disk: readers, shards, splits and manifests."""
