"""Syntax: source text, the tree, tokens and what the grammar tells of them, without names."""
