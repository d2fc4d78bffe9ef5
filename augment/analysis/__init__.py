"""Analyses of a program that say when a rewrite is safe."""
