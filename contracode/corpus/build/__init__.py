"""The stages that build a corpus, from its inputs to its shards."""
