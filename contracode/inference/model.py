"""Shipped and exported models with numpy and onnxruntime alone: embeddings, types and names.

Legend: N sources or targets, B batch, T pieces, D embedding, V vocabulary of a head.
"""

import functools
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

import augment
from contracode.inference import model_folder as folder_format
from contracode.inference.head_answers import HeadAnswers, ModelFiles
from contracode.inference.head_spec import ENCODER_ONNX, find_head, resolve
from contracode.inference.model_folder import read_manifest
from contracode.inference.names.answers import NameAnswers
from contracode.inference.onnx_graphs import Graphs, encoder_signature
from contracode.inference.types.answers import TypeAnswers
from contracode.inference.types.features import Typed
from contracode.inputs import windows
from contracode.inputs.fragment_encoder import FragmentEncoder, concat_weighted
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import (
    Cancelled,
    Candidate,
    FunctionEmbedding,
    Metadata,
    NamePrediction,
    Span,
    TypePrediction,
)
from contracode.support.errors import InputError
from contracode.support.resources import data_dir

__all__ = [
    "Cancelled",
    "Candidate",
    "FunctionEmbedding",
    "Metadata",
    "Model",
    "NamePrediction",
    "TypePrediction",
    "load",
]

DEFAULT_MODEL = "editor"
"""Folder of the shipped model below `data/models`."""

CHUNK = 256
"""Sources embedded at once: the encoder reads those of like length together."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


def load(path: str | Path | None = None, *, threads: int = 1) -> "Model":
    """Load a model.

    Args:
        path: an inference folder, as `contracode export` writes it, or the name of a shipped model:
            "editor", which it is without it, or "search", which tells clones better and has neither
            hints nor names.
        threads: that onnxruntime may use for one call; four times the cores of the machine at most.

    Raises:
        InputError: the folder or one of its files is missing, or of a form that this version does
            not read; or a number of threads that no machine like this one has, as they would all be
            started.
    """
    most = 4 * (os.cpu_count() or 1)
    if not 1 <= threads <= most:
        raise InputError(f"the number of threads must be from 1 to {most}, not {threads}")
    folder = data_dir() / "models" / DEFAULT_MODEL if path is None else shipped(path) or Path(path)
    if not folder.is_dir():
        raise InputError("no such model folder", path=folder)
    return Model(folder, threads=threads)


def shipped(name: str | Path) -> Path | None:
    """Return the folder of the shipped model of a name; None where there is none, or where a folder
    here is called so.
    """
    folder = data_dir() / "models" / name
    return (
        folder
        if Path(name).name == str(name) and folder.is_dir() and not Path(name).exists()
        else None
    )


class Model:
    """A loaded model; its methods may be called from several threads at once.

    Args:
        folder: an inference folder.
        threads: that onnxruntime may use for one call.

    Attributes:
        folder: the same.
        manifest: its `config.json`.
        metadata: the facts of the model.
        heads: its heads by name.
        tokenizer: its tokenizer.

    Raises:
        InputError: a file of the folder is missing or does not fit the others.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self.folder = folder
        self.manifest = found = read_manifest(folder)
        self._graphs = Graphs(folder, threads=threads)
        self.tokenizer = Tokenizer.load(self._graphs.file(folder_format.TOKENIZER))
        if self.tokenizer.fingerprint != found.tokenizer:
            raise InputError(
                "is not the tokenizer that the model was trained with",
                path=folder / folder_format.TOKENIZER,
            )
        self._wide = FragmentEncoder.load(folder) if found.wide is not None else None
        width = found.hidden or found.dimension
        files = ModelFiles(folder, self._graphs, self.tokenizer, width)
        self.heads: dict[str, HeadAnswers] = {
            name: resolve(find_head(name).answers)(files, section)
            for name, section in found.heads.items()
        }
        types, names = self.heads.get("types"), self.heads.get("names")
        self._types = types if isinstance(types, TypeAnswers) else None
        self._names = names if isinstance(names, NameAnswers) else None
        self.metadata = Metadata(
            name=found.name,
            dimension=found.dimension,
            window=found.window,
            tokenizer=found.tokenizer,
            types=tuple(self._types.types) if self._types else (),
            predicts_names=self._names is not None,
            threshold=self._types.section.threshold if self._types else 1.0,
        )
        signatures = {one.encoder: encoder_signature(width) for one in found.heads.values()}
        signatures[ENCODER_ONNX] = encoder_signature(width, self._deep)
        for head in self.heads.values():
            signatures |= head.signatures
        self._graphs.signatures = signatures
        self._graphs.open(ENCODER_ONNX)
        for head in self.heads.values():
            head.check()

    @property
    def _deep(self) -> int:
        """Dimensions of an embedding that the encoder gives."""
        if self._wide is None:
            return self.metadata.dimension
        return self.metadata.dimension - self._wide.dimension - self._named

    @property
    def _named(self) -> int:
        """Dimensions of an embedding that names give."""
        identifiers = None if self._wide is None else self._wide.identifiers
        return 0 if identifiers is None else identifiers.dimension

    @property
    def fingerprint(self) -> str:
        """What is another for a model whose embeddings are others: SHA-256 over its weights,
        tokenizer and wide part.
        """
        return self._fingerprint

    @functools.cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.sha256(self._graphs.file(ENCODER_ONNX).read_bytes())
        path = self._graphs.file(folder_format.WEIGHTS)
        try:
            weights = load_file(path)
        except SafetensorError as error:
            raise InputError(str(error), path=path) from None
        for name, weight in sorted(weights.items()):
            if name.startswith("encoder."):  # a graph may read its weights from there
                digest.update(weight.tobytes())
        encoder = digest.hexdigest()
        wide = f" {self.manifest.wide} {self._wide.fingerprint}" if self._wide is not None else ""
        told = f"{encoder} {self.manifest.tokenizer} {self.manifest.window} {self.manifest.reads}{wide}"
        return hashlib.sha256(told.encode()).hexdigest()

    def embed(
        self,
        sources: Sequence[str],
        *,
        language: augment.Language = "javascript",
        names: bool = True,
        called: Sequence[str] = (),
        batch_size: int = 32,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Embed sources: functions, snippets or whole files.

        A source longer than the window is cut between its statements (where it does not parse,
        between pieces), embedded in parts, and pooled with the lengths as weights. No source is
        refused: broken, empty and binary text has a vector too.

        Args:
            sources: texts of any length.
            language: "javascript", "typescript" or "tsx": where long ones may be cut.
            names: what the sources call their own counts too, where the model reads that: two
                functions called alike are nearer then, and copies that were renamed further apart.
            called: what a reader calls each source, where its own text does not say, as that of an
                arrow function; "" for nothing.
            batch_size: parts encoded at once.
            progress: called now and then with the sources done, and how many there are.

        Returns:
            float32 (N, D), rows of unit norm; of fewer dimensions where names do not count. A row
            does not depend on the other sources.

        Raises:
            TypeError: `sources` is one text and not a list of them.
            ValueError: `called` is for another number of sources.
        """
        if isinstance(sources, str | bytes) or not all(
            isinstance(source, str) for source in sources
        ):
            raise TypeError("embed takes a list of texts")
        called = called or [""] * len(sources)
        if len(called) != len(sources):
            raise ValueError(f"{len(called)} names for {len(sources)} sources")
        dimension = self.metadata.dimension - (0 if names else self._named)
        vectors_ND = np.zeros((len(sources), dimension), np.float32)
        for start in range(0, len(sources), CHUNK):
            chunk = slice(start, start + CHUNK)
            vectors_ND[chunk] = self._embedded(
                sources[chunk], called[chunk] if names else None, language, batch_size
            )
            if progress is not None:
                progress(min(start + CHUNK, len(sources)), len(sources))
        return vectors_ND

    def _embedded(
        self,
        sources: Sequence[str],
        called: Sequence[str] | None,
        language: augment.Language,
        batch_size: int,
    ) -> np.ndarray:
        """Return the vectors of some sources; without `called`, names do not count."""
        wide = self._wide
        identifiers = None if wide is None or called is None else wide.identifiers
        parts: list[np.ndarray] = []
        owner: list[int] = []
        wide_NW = np.zeros((len(sources), wide.dimension if wide is not None else 0), np.float32)
        named_NI = np.zeros((len(sources), self._named), np.float32)
        for number, source in enumerate(
            sources
        ):  # one at a time: the syntax of a file is many times its text
            forms = SourceForms(source, language=language)
            for ids_T in self._parts(forms):
                parts.append(ids_T)
                owner.append(number)
            if wide is not None:
                wide_NW[number] = wide.read(forms)
            if identifiers is not None and called is not None and forms.program is not None:
                named_NI[number] = identifiers.vector(forms.program, called[number])
        sums_ND = np.zeros((len(sources), self._deep), np.float64)
        order = sorted(range(len(parts)), key=lambda i: len(parts[i]))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            _, pooled_BD = self._encode([parts[i] for i in chosen])
            for i, vector_D in zip(chosen, pooled_BD, strict=True):
                sums_ND[owner[i]] += vector_D.astype(np.float64) * len(parts[i])
        vectors_ND = sums_ND / np.linalg.norm(sums_ND, axis=1, keepdims=True)
        if wide is not None and self.manifest.wide is not None:
            vectors_ND = concat_weighted(vectors_ND, wide_NW, self.manifest.wide)
        return vectors_ND if identifiers is None else identifiers.concat(vectors_ND, named_NI)

    def embed_functions(
        self, source: str, *, language: augment.Language = "javascript", names: bool = True
    ) -> list[FunctionEmbedding]:
        """Embed every function of a source, nested ones too, each by its own text and what it is
        called.

        Args:
            source: a whole file.
            language: "javascript", "typescript" or "tsx".
            names: as in `embed`.

        Raises:
            augment.ParseError: the source does not parse.
        """
        program = augment.parse(source, language=language)
        functions = program.functions
        texts = [program.text(function.node) for function in functions]
        called = [function.name or "" for function in functions]
        vectors_ND = self.embed(texts, language=language, names=names, called=called)
        return [
            FunctionEmbedding(span=function.node.span, name=function.name, vector=vector_D)
            for function, vector_D in zip(functions, vectors_ND, strict=True)
        ]

    def predict_types(
        self,
        source: str,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[TypePrediction]:
        """Predict the types of every parameter, return, variable and field of a source.

        What has a type written, or is obvious, is answered as well and marked: silence is up to the
        caller.

        Args:
            source: a whole file, of any length.
            language: "javascript", "typescript" or "tsx".
            top: candidates for each.
            cancelled: asked between steps and batches.

        Returns:
            Predictions in the order of their spans; none where the model has no type head.

        Raises:
            augment.ParseError: the source does not parse.
            Cancelled: `cancelled` answered true.
            InputError: a graph is missing or broken, or does not fit the other files of the folder.
        """
        program = augment.parse(source, language=language)
        if self._types is None:
            return []
        return self._types.predict(source, program, top=top, cancelled=cancelled)

    def predict_tokens(
        self, code: str, tokens: Sequence[Typed], *, top: int = 5
    ) -> list[tuple[Candidate, ...]]:
        """Predict the types of some tokens of a text that need not parse: tokens with spaces
        between, as DeepTyper's lines have them.

        Args:
            code: the text.
            tokens: what is asked, where it stands, and where else it occurs.
            top: candidates for each.

        Returns:
            Candidates for each of them, most probable first; none where the model has no type head.
        """
        if self._types is None or not tokens:
            return []
        return self._types.predict_tokens(code, tokens, top=top)

    def predict_name(
        self,
        source: str | augment.Program,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        function: Span | None = None,
        hidden: str | None = None,
    ) -> list[NamePrediction]:
        """Predict names for a function from its body: its own name, wherever it stands in it, is
        hidden first.

        Args:
            source: text with at least one function, or such a text parsed: for many functions of
                it.
            language: "javascript", "typescript" or "tsx", of a text.
            top: most names returned.
            function: span of the function meant; the first of the source without it.
            hidden: the name to hide, where the source around the function does not show it.

        Returns:
            Legal names that are no reserved words, best first; none where the model has no name
            decoder.

        Raises:
            augment.ParseError: the source does not parse.
            InputError: there is no function (at that span).
        """
        program = (
            source
            if isinstance(source, augment.Program)
            else augment.parse(source, language=language)
        )
        chosen = next(
            (f for f in program.functions if function is None or f.node.span == function), None
        )
        if chosen is None:
            raise InputError("no function there" if function else "no function in the source")
        if self._names is None:
            return []
        return self._names.predict(program, chosen, top=top, hidden=hidden)

    def head(self, name: str) -> HeadAnswers:
        """Return the answers of a head by its name, such as "types".

        Raises:
            InputError: the model has no such head.
        """
        if name not in self.heads:
            raise InputError(f"the model has no head for {name}", path=self.folder)
        return self.heads[name]

    def _encode(self, ids: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        return self._graphs.encode(ids)

    def _parts(self, forms: SourceForms) -> Iterator[np.ndarray]:
        text = forms.spelled(self.manifest.reads)
        encoding = self.tokenizer.encode(text.encode(errors="replace"))  # lone surrogates
        num_pieces = len(encoding.ids)
        if num_pieces == 0:
            yield np.asarray([self.tokenizer.unk_id])  # the vector of nothing, by convention
        elif num_pieces <= self.metadata.window:
            yield encoding.ids
        else:
            places = forms.breaks(self.manifest.reads, encoding.spans)
            for start, stop in windows.cut(num_pieces, self.metadata.window, places):
                yield encoding.ids[start:stop]
