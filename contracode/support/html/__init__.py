"""Self-contained HTML pages: blocks of figures, plots and embeddings in a plane."""
