"""The name head: decoders of words and of pieces, their data, and their training."""
