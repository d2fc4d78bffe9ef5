"""`config.json` of an inference folder: what its files hold, typed, read and written by one
module.
"""

from pathlib import Path
from typing import Annotated

import msgspec

from contracode.javascript.records import KINDS
from contracode.support.atomic_files import is_object_of, replacing
from contracode.support.config import InputForm
from contracode.support.errors import InputError
from contracode.support.provenance import CorpusReference

FORMAT = 3

ENCODER_ONNX = "encoder.onnx"
TYPES_ONNX = "types.onnx"
TYPE_NAMES_ONNX = "type_names.onnx"
NAME_STEP_ONNX = "name_step.onnx"
TOKENIZER = "tokenizer.model"
WEIGHTS = "model.safetensors"
TYPES = "types.txt"
WORDS = "words.txt"
CONFIG = "config.json"
MODULES = "modules.json"

SENTENCE_MODULE = "contracode.sentence.CodeEmbedding"
"""The class that sentence-transformers makes of a folder: what `modules.json` names."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Natural = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[float, msgspec.Meta(gt=0)]


class TypeHeadFacts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The type head.

    Attributes:
        encoder: file of the encoder's graph that it reads; empty where it reads features alone.
        window: longest piece sequence that this encoder reads at once.
        temperature: the scores are divided by it; fitted on the validation split.
        temperatures: for each kind of target, where that is better than a single one; empty
            otherwise.
        threshold: confidence from which a type is shown by default.
        precision: share of the validation split's types that are right from the threshold on; 0
            where unknown.
        coverage: share of them that reach it.
        features: buckets of the hashed features that the head reads; 0 for none.
        names: width of the vectors with which it points to type names of the file; 0 for none.
        corpora: what it was trained on.
    """

    encoder: str = ENCODER_ONNX
    window: Count
    temperature: Positive
    temperatures: list[Positive] = []
    threshold: float
    precision: float = 0.0
    coverage: float = 0.0
    features: Natural = 0
    names: Natural = 0
    corpora: list[CorpusReference] = []

    def __post_init__(self) -> None:
        if self.temperatures and len(self.temperatures) != len(KINDS):
            raise ValueError(
                f"{len(self.temperatures)} temperatures for {len(KINDS)} kinds of targets"
            )


class NameHeadFacts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The name decoder.

    Attributes:
        encoder: file of the encoder's graph that it reads; empty where it reads a function's words
            alone.
        window: longest piece sequence that this encoder reads at once.
        pieces: the piece that each of its outputs stands for, but for output 0, which ends the name
            and begins it; empty where it spells words.
        max_pieces: longest name that it was trained on, in pieces or words.
        beam: width of the beam search.
    """

    encoder: str = ENCODER_ONNX
    window: Count
    pieces: list[Natural] = []
    max_pieces: Count
    beam: Count


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
        wide: what the wide part weighs beside the encoder's, where there is one.
        types: the type head, where there is one.
        names: the name decoder, where there is one.
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
    wide: Positive | None = None
    types: TypeHeadFacts | None = None
    names: NameHeadFacts | None = None


def read_manifest(folder: Path) -> ModelManifest:
    """Read a folder's `config.json`.

    Raises:
        InputError: there is none, it is not of this form, or it is of another format.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise InputError(f"not a model folder: {CONFIG} is missing", path=folder)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=ModelManifest)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(str(error), path=path) from None
    if found.format != FORMAT:
        raise InputError(
            f"format {found.format}, but this version reads format {FORMAT}; export it again",
            path=path,
        )
    return found


def is_model_folder(folder: Path) -> bool:
    """Whether `config.json` there is one of ours, of whatever format: other programs call theirs so
    too.
    """
    return is_object_of(folder / CONFIG, ("format", "window", "tokenizer", "encoder"))


def write_manifest(manifest: ModelManifest, folder: Path) -> None:
    """Write `config.json` into a folder, and `modules.json`, by which sentence-transformers finds
    its way into it.
    """
    modules = [{"idx": 0, "name": "0", "path": "", "type": SENTENCE_MODULE}]
    for name, told in ((MODULES, modules), (CONFIG, manifest)):
        with replacing(folder / name) as beside:
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
