"""Types of names in a source: what is read of them, and how candidates are ranked."""
