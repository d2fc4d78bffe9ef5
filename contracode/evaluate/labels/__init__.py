"""Evaluation of predicted types and names, and baselines."""
