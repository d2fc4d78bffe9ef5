"""Inference folders in sentence-transformers: their `modules.json` names `CodeEmbedding`, and
nothing of contracode imports this module.

Vectors are those of `Model.embed`, wide part and long sources included, which no class of
sentence-transformers computes. Since 6.0 that library imports classes of other packages that a
folder names only where it is told `trust_remote_code=True`: no code lies in the folder, and the
class comes from the installed package. A module that is made first and handed over
(`modules=[...]`) needs no such word.

Source: sentence-transformers 5.6 and 6.2, `base/modules/input_module.py` and `util/misc.py`
    (`import_module_class`).
"""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import torch

from contracode.inference import model_folder
from contracode.inference.model import Model, load

_NOT_COPIED = (model_folder.MODULES, "README.md")
"""What sentence-transformers writes itself where it saves a model."""


class CodeEmbedding(torch.nn.Module):
    """Embeds sources of JavaScript.

    A torch module with the methods that sentence-transformers calls, without a base class of
    theirs: `SentenceTransformer(modules=[CodeEmbedding("data/models/editor")])`.

    Args:
        path: an inference folder, as `contracode export` writes it; the shipped model without it.
        threads: that onnxruntime may use for one call.

    Attributes:
        model: what embeds.

    Raises:
        InputError: the folder or one of its files is missing, or of a form that this version does
            not read.
    """

    save_in_root = True
    """Where sentence-transformers saves it: `save` then gives a folder that is an inference folder
    as well.
    """

    modalities = ("text",)

    max_seq_length = None
    """None: long sources are cut at syntax and pooled, whatever their length."""

    def __init__(self, path: str | Path | None = None, *, threads: int = 1) -> None:
        super().__init__()
        self._threads = threads
        self.model: Model = load(path, threads=threads)
        self.tokenizer = self.model.tokenizer

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as the path of the folder, for pools of processes: sessions of
        onnxruntime cannot.
        """
        return partial(type(self), threads=self._threads), (self.model.folder,)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> Self:
        """Load a folder of this machine: sentence-transformers' way to make a module.

        Args:
            model_name_or_path: of the model.
            subfolder: of the module in it.
            _: what concerns downloads and transformers.

        Raises:
            InputError: see the class.
        """
        return cls(Path(model_name_or_path) / subfolder)

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Return what `forward` takes: the sources as they are, each behind the prompt where one is
        asked for.
        """
        return {"sources": [f"{prompt or ''}{source}" for source in inputs]}

    def tokenize(self, texts: Sequence[str], **_: Any) -> dict[str, Any]:
        """Return the same: `preprocess` by its name before sentence-transformers 5.4."""
        return self.preprocess(texts)

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `sentence_embedding`: float32 (N, D) of unit norm, for N sources."""
        return features | {
            "sentence_embedding": torch.from_numpy(self.model.embed(features["sources"]))
        }

    def get_embedding_dimension(self) -> int:
        """Return D."""
        return self.model.metadata.dimension

    def get_sentence_embedding_dimension(self) -> int:
        """Return D: the same by its name before sentence-transformers 5.4."""
        return self.get_embedding_dimension()

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copy the folder, but for what sentence-transformers writes beside its modules."""
        for file in sorted(self.model.folder.iterdir()):
            if file.is_file() and file.name not in _NOT_COPIED:
                shutil.copyfile(file, Path(output_path) / file.name)
