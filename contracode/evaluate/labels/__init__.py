"""Predicted types and names, beside baselines."""
