"""Training runs to model folders, and model folders back to training.

- `write`, `folder_writer`, `graphs`, `bags`: write a model folder.
- `read_back`, `loading`, `start`: read encoders and heads of runs and model folders.
- `sentence_transformers`: a model folder as a module of that library.
"""
