"""Methods that compare programs: embeddings and the baselines that stand beside them.

A baseline is one file here, registered by `@baseline(name)`; options and tables find it by name.
"""
