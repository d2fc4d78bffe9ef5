"""The normal form: one spelling for programs that differ only in how they are written."""
