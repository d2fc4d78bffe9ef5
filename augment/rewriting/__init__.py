"""Rewrites: edits, templates of new code, new names, random choices and renaming."""
