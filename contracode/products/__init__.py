"""What users get from a model: search, clone reports, written types, renames."""
