"""Evaluation of similarity of programs (clones, retrieval, robustness), and baselines."""
