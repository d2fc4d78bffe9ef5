"""`contracode demo`: from rewriting to predictions on the sample corpus."""
