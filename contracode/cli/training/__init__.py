"""Verbs that make corpora and models, and measure them."""
