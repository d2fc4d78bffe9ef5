"""Training corpora: reading, mining, de-duplicating, splitting, and labels of types."""
