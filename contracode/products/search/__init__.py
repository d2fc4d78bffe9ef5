"""Search for functions by what they do: an index of embeddings, nearest functions, and clones.

files ──► scan ──► which vectors are missing ──► embed ──► Index ──► nearest, clones
(functions.py)                    (index.py)     (store.py keeps it in a cache folder)
"""
