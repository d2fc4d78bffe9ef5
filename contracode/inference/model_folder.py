"""`config.json` of a model folder, typed: the facts of the model and of its heads."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import msgspec

from contracode.inference.head_spec import HeadSection, find_head, shipped_heads
from contracode.support.atomic_files import is_object_of, replacing
from contracode.support.config import InputForm
from contracode.support.errors import InputError
from contracode.support.resources import data_dir

FORMAT = 3
"""Format of a folder that this version reads and writes."""

DEFAULT_MODEL = "editor"
"""Folder of the default model below `data/models`."""

TOKENIZER = "tokenizer.model"
WEIGHTS = "model.safetensors"
CONFIG = "config.json"
MODULES = "modules.json"

SENTENCE_MODULE = "contracode.sentence.CodeEmbedding"
"""The class that sentence-transformers makes of a folder: what `modules.json` names."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Natural = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class ModelManifest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What an inference folder holds.

    Attributes:
        format: of the folder; this program reads `FORMAT`.
        name: of the model.
        dimension: of the embeddings.
        hidden: of the hidden state of a piece; 0 where it is the same.
        window: longest piece sequence that is embedded at once.
        reads: how sources are spelled before they are embedded; heads read them as written.
        tokenizer: fingerprint that `tokenizer.model` must have.
        precision: of the graphs.
        weights: of `model.safetensors`.
        encoder: settings of the encoder, as its configuration writes them.
        fragment_weight: weight of the block of counted fragments beside the encoder's; None without
            one. Stored as `wide`.
        nested: shorter lengths to which embeddings may be cut; empty for models that were not
            trained for that.
        heads: sections of the heads by name; in the file, each is a key of its own.
    """

    format: int = FORMAT
    name: str
    dimension: Count
    hidden: Natural = 0
    window: Count
    reads: InputForm = "written"
    tokenizer: str
    precision: str = "float32"
    weights: str = "float16"
    encoder: dict[str, object]
    fragment_weight: Positive | None = msgspec.field(default=None, name="wide")
    nested: list[Count] = []
    heads: dict[str, HeadSection] = {}


def find_folder(path: str | Path | None) -> Path:
    """Return the model folder at a path, or of a shipped model of that name; by default `editor`.

    Raises:
        InputError: there is no such folder.
    """
    models = data_dir() / "models"
    folder = models / DEFAULT_MODEL if path is None else shipped(path) or Path(path)
    if not folder.is_dir():
        raise InputError("no such model folder", path=folder)
    return folder


def shipped(name: str | Path) -> Path | None:
    """Return the folder of a shipped model; None if no model, or also a path, has that name."""
    folder = data_dir() / "models" / name
    is_model = Path(name).name == str(name) and folder.is_dir()
    return folder if is_model and not Path(name).exists() else None


def read_manifest(folder: Path) -> ModelManifest:
    """Read a folder's `config.json`.

    Raises:
        InputError: the file is missing, malformed, or of another format, or it has a head that no
            installed package knows.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise InputError(f"not a model folder: {CONFIG} is missing", path=folder)
    try:
        keys = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
        names = [key for key in keys if key == "heads" or key not in _OWN_KEYS]
        found = msgspec.json.decode(path.read_bytes(), type=_with_heads(names))
    except (msgspec.MsgspecError, UnicodeDecodeError, InputError) as error:
        raise InputError(str(error), path=path) from None
    sections = {name: getattr(found, name) for name in names}
    found.heads = {name: one for name, one in sections.items() if one is not None}
    if found.format != FORMAT:
        raise InputError(
            f"format {found.format}, but this version reads format {FORMAT}; export it again",
            path=path,
        )
    return found


_OWN_KEYS = frozenset(ModelManifest.__struct_encode_fields__)


def _with_heads(names: Sequence[str]) -> type[ModelManifest]:
    """Return a manifest in whose JSON each head is a key of its own.

    Raises:
        InputError: there is no such head.
    """
    fields = [(name, find_head(name).section | None, None) for name in names]
    made = msgspec.defstruct(
        "ModelManifest", fields, bases=(ModelManifest,), kw_only=True, forbid_unknown_fields=True
    )
    return cast(type[ModelManifest], made)


def is_model_folder(folder: Path) -> bool:
    """Return whether a folder has a `config.json` of ours, of any format."""
    return is_object_of(folder / CONFIG, ("format", "window", "tokenizer", "encoder"))


def copy_folder(folder: Path, target: Path) -> None:
    """Copy a model folder; a model that is there already is replaced.

    Raises:
        InputError: the target holds other files than those of a model, or cannot be written.
    """
    if target.exists() and target.resolve() == folder.resolve():
        return
    if target.is_dir() and any(target.iterdir()) and not is_model_folder(target):
        raise InputError("is not empty, and not a model folder", path=target)
    try:
        with replacing(target) as beside:
            shutil.copytree(folder, beside)
    except OSError as error:
        raise InputError(error.strerror or str(error), path=target) from None


def write_manifest(manifest: ModelManifest, folder: Path) -> None:
    """Write `config.json` into a folder, and the `modules.json` of sentence-transformers."""
    modules = [{"idx": 0, "name": "0", "path": "", "type": SENTENCE_MODULE}]
    content = msgspec.to_builtins(manifest)
    content |= dict.fromkeys(shipped_heads()) | content.pop("heads")
    for name, value in ((MODULES, modules), (CONFIG, content)):
        with replacing(folder / name) as beside:
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
