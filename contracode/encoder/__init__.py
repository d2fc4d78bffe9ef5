"""Encoders, momentum contrast and losses, in torch."""
