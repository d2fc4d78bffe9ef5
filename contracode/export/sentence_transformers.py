"""Model folders as modules of sentence-transformers.

`modules.json` of a model folder names the class `CodeEmbedding`. Its vectors are those of
`Model.embed`, with fragments and for sources of any length, which no class of sentence-transformers
computes. Since version 6.0, sentence-transformers requires `trust_remote_code=True` for third-party
classes; a model folder contains no code, and the class comes from the installed package. The option
is not needed for `SentenceTransformer(modules=[CodeEmbedding(...)])`.

No other module of contracode imports this one.

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
"""Files that sentence-transformers writes itself when it saves a model."""


class CodeEmbedding(torch.nn.Module):
    """Embeds JavaScript sources.

    A torch module with the methods that sentence-transformers calls, but without one of its base
    classes: `SentenceTransformer(modules=[CodeEmbedding("data/models/editor")])`.

    Args:
        path: a model folder written by `contracode export`; by default the shipped model.
        threads: number of threads of onnxruntime.

    Attributes:
        model: the model that embeds.

    Raises:
        InputError: the folder or one of its files is missing, or has a format that this version
            cannot read.
    """

    save_in_root = True
    """Makes sentence-transformers save the module into the top folder, which then is a model folder
    as well.
    """

    modalities = ("text",)

    max_seq_length = None
    """No limit: long sources are cut at syntax and pooled."""

    def __init__(self, path: str | Path | None = None, *, threads: int = 1) -> None:
        super().__init__()
        self._threads = threads
        self.model: Model = load(path, threads=threads)
        self.tokenizer = self.model.tokenizer

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the path of the folder alone, as sessions of onnxruntime cannot be pickled."""
        return partial(type(self), threads=self._threads), (self.model.folder,)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> Self:
        """Load a local folder; sentence-transformers calls this to create the module.

        Args:
            model_name_or_path: folder of the model.
            subfolder: folder of the module within it.
            _: options for downloads and transformers; ignored.

        Raises:
            InputError: see the class.
        """
        return cls(Path(model_name_or_path) / subfolder)

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Return the argument of `forward`: the sources, each preceded by the prompt if given."""
        return {"sources": [f"{prompt or ''}{source}" for source in inputs]}

    def tokenize(self, texts: Sequence[str], **_: Any) -> dict[str, Any]:
        """Return `preprocess(texts)`; sentence-transformers before 5.4 calls this method."""
        return self.preprocess(texts)

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, float32 (N, D) with rows of unit norm, for N sources."""
        return features | {
            "sentence_embedding": torch.from_numpy(self.model.embed(features["sources"]))
        }

    def get_embedding_dimension(self) -> int:
        """Return D."""
        return self.model.metadata.dimension

    def get_sentence_embedding_dimension(self) -> int:
        """Return D; sentence-transformers before 5.4 calls this method."""
        return self.get_embedding_dimension()

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copy the model folder, except for files that sentence-transformers writes itself."""
        for file in sorted(self.model.folder.iterdir()):
            if file.is_file() and file.name not in _NOT_COPIED:
                shutil.copyfile(file, Path(output_path) / file.name)
