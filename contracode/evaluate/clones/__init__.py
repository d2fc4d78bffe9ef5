"""Similarity of programs: clones, retrieval and robustness, beside baselines."""
