"""What users do with a loaded model.

- `search/`: an index of a folder's functions, nearest functions, and clones.
- `annotate/`: writing predicted types into sources; `rename_edits`: renaming functions.
"""
