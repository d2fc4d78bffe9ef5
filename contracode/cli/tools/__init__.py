"""Verbs that use a model or the rewriting engine."""
