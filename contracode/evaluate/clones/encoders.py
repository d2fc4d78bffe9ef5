"""Opens encoders: our models, sentence-transformers folders, ONNX files, Python functions.

Legend: N sources, B batch, T pieces, D embedding.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from contracode.evaluate.clones.methods.interface import Embedder
from contracode.inference import model_folder
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.model import Model, load
from contracode.inference.model_folder import shipped
from contracode.inference.onnx_runtime import onnxruntime
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

Progress = Callable[[int, int], None]
"""Called with the number of finished items and the number of all."""

_BATCH = 32
_WINDOW = 512
"""Maximum number of input pieces of an ONNX file whose tokenizer has no limit."""


class OpenedEncoder(NamedTuple):
    """An encoder.

    Attributes:
        name: name in tables.
        embed: function from sources to vectors.
        model: the model if it is one of ours, else None.
    """

    name: str
    embed: Embedder
    model: Model | None = None


def open_encoder(
    spec: str | None, *, threads: int = 1, progress: Progress | None = None
) -> OpenedEncoder:
    """Open an encoder.

    Args:
        spec: one of: a model folder of contracode or the name of a shipped model (None for the
            default one); a folder of sentence-transformers; an ONNX file with `tokenizer.json` or
            `tokenizer.model` in the same folder; `module:function`, a Python function from a list
            of sources to a list of vectors.
        threads: number of threads of onnxruntime.
        progress: called after each batch of one of our models.

    Raises:
        InputError: there is no such encoder, or a library that it needs is missing.
    """
    if spec is not None:
        spec = str(shipped(spec) or spec)
    if (
        spec is None
        or (Path(spec) / model_folder.TOKENIZER).is_file()
        or (Path(spec) / ENCODER_ONNX).is_file()
    ):
        model = load(spec, threads=threads)
        return OpenedEncoder(
            model.metadata.name, lambda sources: model.embed(sources, progress=progress), model
        )
    path = Path(spec)
    if path.is_dir():
        if (path / "modules.json").is_file():
            return OpenedEncoder(path.name, _sentence_transformer(path))
        load(spec)  # raises the precise error
        raise InputError(
            "is neither a model folder of contracode nor one of sentence-transformers", path=path
        )
    if path.suffix == ".onnx":
        return OpenedEncoder(path.stem, _onnx(path, threads))
    module, _, function = spec.partition(":")
    if not module or not function.isidentifier():
        raise InputError("no such model folder", path=spec)
    return OpenedEncoder(function, _checked(_imported(module, function), spec))


def _imported(module: str, function: str) -> Embedder:
    if "" not in sys.path:
        sys.path.insert(0, "")  # modules of the working directory, as for `python -m`
    try:
        found: Any = getattr(importlib.import_module(module), function, None)
    except ImportError as error:
        raise InputError(f"cannot import {module}: {error}") from None
    if not callable(found):
        raise InputError(f"{module} has no function {function}")
    return cast(Embedder, found)


def _checked(embed: Embedder, spec: str) -> Embedder:
    def embed_checked(sources: Sequence[str]) -> np.ndarray:
        rows_ND = np.asarray(embed(list(sources)), np.float64)
        if rows_ND.ndim != 2 or len(rows_ND) != len(sources):
            raise InputError(
                f"{spec} returned shape {rows_ND.shape} for {len(sources)} sources; "
                "expected one row each"
            )
        return rows_ND

    return embed_checked


def _sentence_transformer(path: Path) -> Embedder:
    try:
        # An optional extra.
        from sentence_transformers import SentenceTransformer  # pyright: ignore
    except ImportError:
        raise InputError(
            "needs `pip install 'contracode[sentence-transformers]'`", path=path
        ) from None
    model: Any = SentenceTransformer(str(path), device="cpu")
    return lambda sources: np.asarray(
        model.encode(list(sources), batch_size=_BATCH, normalize_embeddings=True)
    )


def _onnx(path: Path, threads: int) -> Embedder:
    """Open an ONNX file.

    Vectors are its first two-dimensional output, or the mean of its hidden states if it has none.
    """
    if not path.is_file():
        raise InputError("no such file", path=path)
    encode, pad = _tokenizer(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]
    kinds = {one.name: one.type for one in session.get_inputs()}
    unknown = [name for name in names if name not in _INPUTS]
    if unknown:
        raise InputError(
            f"the graph has the input {unknown[0]}; known are {', '.join(_INPUTS)}", path=path
        )

    def embed(sources: Sequence[str]) -> np.ndarray:
        ids = [encode(source) for source in sources]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        rows: dict[int, np.ndarray] = {}
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            length = max(1, *(len(ids[i]) for i in chosen))
            pieces_BT = np.full((len(chosen), length), pad, np.int64)
            mask_BT = np.zeros((len(chosen), length), np.int64)
            for row, i in enumerate(chosen):
                pieces_BT[row, : len(ids[i])] = ids[i]
                mask_BT[row, : max(1, len(ids[i]))] = 1
            values = {"pieces": pieces_BT, "mask": mask_BT, "types": np.zeros_like(pieces_BT)}
            inputs = {
                name: values[_INPUTS[name]].astype(
                    np.bool_ if kinds[name] == "tensor(bool)" else np.int64
                )
                for name in names
            }
            outputs = [np.asarray(one) for one in session.run(None, inputs)]
            pooled = next((one for one in outputs if one.ndim == 2), None)
            if pooled is None:
                weights_BT1 = mask_BT[:, :, None]
                pooled = (outputs[0] * weights_BT1).sum(axis=1) / weights_BT1.sum(axis=1)
            rows.update(zip(chosen, pooled, strict=True))
        return np.stack([rows[i] for i in range(len(sources))])

    return embed


_INPUTS = {
    "input_ids": "pieces",
    "pieces": "pieces",
    "attention_mask": "mask",
    "mask": "mask",
    "token_type_ids": "types",
}
"""Name of a graph input -> its content."""


def _tokenizer(path: Path) -> tuple[Callable[[str], Sequence[int]], int]:
    """Return the tokenizer in the folder of the graph at `path`, and its padding piece."""
    ours, theirs = path.parent / model_folder.TOKENIZER, path.parent / "tokenizer.json"
    if theirs.is_file():
        try:
            import tokenizers  # pyright: ignore[reportMissingImports] an extra
        except ImportError:
            raise InputError("needs `pip install 'contracode[evaluate]'`", path=theirs) from None
        found: Any = tokenizers.Tokenizer.from_file(str(theirs))
        if found.truncation is None:
            found.enable_truncation(_WINDOW)
        pad = (found.padding or {}).get("pad_id", 0)
        found.no_padding()
        return lambda source: found.encode(source).ids, pad
    if not ours.is_file():
        raise InputError("has neither tokenizer.json nor tokenizer.model beside it", path=path)
    tokenizer = Tokenizer.load(ours)
    return lambda source: tokenizer.encode(source).ids[:_WINDOW].tolist(), tokenizer.pad_id
