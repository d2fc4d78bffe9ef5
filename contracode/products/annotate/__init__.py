"""Types written into sources and projects."""
