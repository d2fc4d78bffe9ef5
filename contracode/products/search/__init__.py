"""Functions of a workspace by what they do: an index of embeddings, the nearest of it, and groups
of clones.

files ──► scan ──► which vectors are missing ──► embed ──► Index ──► nearest, clones
(functions.py)                    (index.py)     (store.py keeps it in a cache folder)
"""
