"""`CodeEmbedding` under the path that `modules.json` of exported folders names."""

from contracode.export.sentence_transformers import CodeEmbedding

__all__ = ["CodeEmbedding"]
