"""Names of functions: what they are guessed from, and how they are spelled."""
