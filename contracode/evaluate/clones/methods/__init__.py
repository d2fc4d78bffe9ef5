"""Methods that compare programs: embeddings and baselines.

A baseline is one file, registered by `@baseline(name)`; options and tables find it by its name.
"""
