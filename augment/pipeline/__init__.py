"""Pipelines: draw transforms, compose their rewrites and render views."""
