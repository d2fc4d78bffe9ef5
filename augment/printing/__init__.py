"""Printing: a program and a plan of edits become text, with a map of positions."""
