"""Shipped and exported models, with numpy and onnxruntime alone: embeddings, types and names.

Legend: N, M sources, D dimensions, B batch, T pieces, V vocabulary of a head, H hidden state.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np

import augment
from contracode.inference import model_folder as folder_format
from contracode.inference.head_answers import HeadAnswers, ModelFiles
from contracode.inference.head_spec import ENCODER_ONNX, find_head, resolve
from contracode.inference.model_folder import find_folder, read_manifest
from contracode.inference.names.answers import NameAnswers
from contracode.inference.onnx_graphs import Graphs, encoder_signature
from contracode.inference.source_encoder import Progress, SourceEncoder
from contracode.inference.types.answers import TypeAnswers
from contracode.inference.types.features import Typed
from contracode.inputs.fragment_encoder import FragmentEncoder
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
from contracode.support.deprecation import renamed_arguments, warn_renamed
from contracode.support.errors import InputError

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


def load(path: str | Path | None = None, *, threads: int = 1) -> Model:
    """Load a model.

    Args:
        path: a model folder, as `contracode export` writes it, or the name of a shipped model:
            "editor" (the default), or "search", which has better embeddings and predicts neither
            types nor names.
        threads: threads of onnxruntime for one call; at most four times the cores of the machine.

    Raises:
        InputError: the folder or one of its files is missing, or has a format that this version
            does not read; or `threads` is out of range.
    """
    return Model(find_folder(path), threads=threads)


class _NameOptions(TypedDict, total=False):
    language: augment.Language
    top: int
    function: Span | None
    hidden: str | None


class Model:
    """A loaded model. Its methods may be called from several threads at once.

    Models can be pickled; unpickling loads the same folder again.

    Args:
        folder: a model folder.
        threads: threads of onnxruntime for one call.

    Attributes:
        folder: the same.
        manifest: its `config.json`.
        metadata: facts about the model.
        heads: its heads by name.
        tokenizer: its tokenizer.

    Raises:
        InputError: a file of the folder is missing or does not fit the others, or `threads` is too
            high.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        most = 4 * (os.cpu_count() or 1)
        if not 1 <= threads <= most:
            raise InputError(f"the number of threads must be from 1 to {most}, not {threads}")
        self.folder = folder
        self.manifest = found = read_manifest(folder)
        self._threads = threads
        self._graphs = Graphs(folder, threads=threads)
        self.tokenizer = Tokenizer.load(self._graphs.file(folder_format.TOKENIZER))
        if self.tokenizer.fingerprint != found.tokenizer:
            raise InputError(
                "is not the tokenizer that the model was trained with",
                path=folder / folder_format.TOKENIZER,
            )
        fragments = FragmentEncoder.load(folder) if found.fragment_weight is not None else None
        self._encoder = SourceEncoder(self._graphs, self.tokenizer, found, fragments)
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
        signatures[ENCODER_ONNX] = encoder_signature(width, self._encoder.encoder_dim)
        for head in self.heads.values():
            signatures |= head.signatures
        self._graphs.signatures = signatures
        self._graphs.open(ENCODER_ONNX)
        for head in self.heads.values():
            head.check()

    @classmethod
    def from_pretrained(cls, name_or_path: str | Path | None = None, *, threads: int = 1) -> Model:
        """Load a shipped model by its name, or a model folder: the same as `contracode.load`."""
        return load(name_or_path, threads=threads)

    def save_pretrained(self, folder: str | Path) -> None:
        """Copy the files of the model into a folder, which is made if it does not exist.

        Raises:
            InputError: the folder holds other files than those of a model, or cannot be written.
        """
        folder_format.copy_folder(self.folder, Path(folder))

    def __repr__(self) -> str:
        known = self.metadata
        return (
            f"Model({known.name!r}, dimension={known.dimension}, window={known.window}, "
            f"types={len(known.types)}, names={known.predicts_names}, folder={str(self.folder)!r})"
        )

    def __reduce__(self) -> tuple[Callable[[Path], Model], tuple[Path]]:
        return functools.partial(Model, threads=self._threads), (self.folder.absolute(),)

    @property
    def dimension(self) -> int:
        """Dimensions of an embedding, names included."""
        return self.metadata.dimension

    @property
    def fingerprint(self) -> str:
        """Changes whenever the embeddings change: SHA-256 of all that they depend on."""
        return self._fingerprint

    @functools.cached_property
    def _fingerprint(self) -> str:
        return self._encoder.fingerprint(self._graphs)

    def encode(
        self,
        sources: str | Iterable[str],
        *,
        language: augment.Language = "javascript",
        use_names: bool = True,
        function_names: Sequence[str] = (),
        dimensions: int | None = None,
        batch_size: int = 32,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Embed one source, or several: functions, snippets or whole files.

        A source longer than the window is cut between statements, and its parts are pooled,
        weighted by length. Every text has an embedding, even if it is broken, empty or binary.

        Args:
            sources: a text, or texts, of any length.
            language: "javascript", "typescript" or "tsx".
            use_names: also compare what the sources call their functions, variables and parameters,
                if the model reads names: functions with similar names are then nearer, and renamed
                copies further apart.
            function_names: the name of each source that its text does not show, such as an arrow
                function's; "" if it has none.
            dimensions: length to which embeddings are cut. Only models with nested dimensions
                support it (`nested` in their `config.json`).
            batch_size: parts that are encoded at once.
            progress: called now and then.

        Returns:
            float32 (D,) for a text, (N, D) for several, of unit norm. Without names D is smaller. A
            row does not depend on the other sources.

        Raises:
            TypeError: `sources` has something else than texts.
            ValueError: `function_names` has another length than `sources`, or the model does not
                support `dimensions`.
        """
        vectors_ND = self.embed(
            [sources] if isinstance(sources, str) else sources,
            language=language,
            use_names=use_names,
            function_names=function_names,
            dimensions=dimensions,
            batch_size=batch_size,
            progress=progress,
        )
        return vectors_ND[0] if isinstance(sources, str) else vectors_ND

    @renamed_arguments(names="use_names", called="function_names")
    def embed(
        self,
        sources: Iterable[str],
        *,
        language: augment.Language = "javascript",
        use_names: bool = True,
        function_names: Sequence[str] = (),
        dimensions: int | None = None,
        batch_size: int = 32,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Embed several sources: `encode` for anything but a single text."""
        if isinstance(sources, str | bytes):
            raise TypeError("embed takes several texts; encode takes one as well")
        return self._encoder.embed(
            list(sources),
            function_names=function_names if use_names else None,
            language=language,
            dimensions=dimensions,
            batch_size=batch_size,
            progress=progress,
        )

    @staticmethod
    def similarity(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return the cosine similarity of embeddings, each with each.

        Args:
            one: (N, D), or (D,) for a single one.
            other: (M, D), or (D,).

        Returns:
            float32 (N, M).
        """
        unit_ND, unit_MD = (
            rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
            for rows in (np.atleast_2d(one), np.atleast_2d(other))
        )
        return (unit_ND @ unit_MD.T).astype(np.float32)

    @renamed_arguments(names="use_names")
    def embed_functions(
        self, source: str, *, language: augment.Language = "javascript", use_names: bool = True
    ) -> list[FunctionEmbedding]:
        """Embed every function of a source, nested ones too, by its own text and name.

        Args:
            source: a whole file.
            language: "javascript", "typescript" or "tsx".
            use_names: as in `encode`.

        Raises:
            augment.ParseError: the source does not parse.
        """
        program = augment.parse(source, language=language)
        functions = program.functions
        vectors_ND = self.embed(
            [program.text(function.node) for function in functions],
            language=language,
            use_names=use_names,
            function_names=[function.name or "" for function in functions],
        )
        return [
            FunctionEmbedding(span=function.node.span, name=function.name, vector=vector_D)
            for function, vector_D in zip(functions, vectors_ND, strict=True)
        ]

    def predict_types(
        self,
        source: str | augment.Program,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        evidence: bool = True,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[TypePrediction]:
        """Predict the types of every parameter, return, variable and field of a source.

        Names whose type is written already or obvious are included, and marked so.

        Args:
            source: a whole file of any length, or the file parsed.
            language: "javascript", "typescript" or "tsx"; ignored for a parsed file.
            top: candidates for each name.
            evidence: join what the code itself shows of types (see `contracode.usage`).
            cancelled: called between steps and batches; returns true to stop.

        Returns:
            Predictions in the order of their spans; none if the model has no type head.

        Raises:
            augment.ParseError: the source does not parse.
            Cancelled: `cancelled` returned true.
            InputError: a graph is missing or broken, or does not fit the other files of the folder.
        """
        parsed = isinstance(source, augment.Program)
        program = source if parsed else augment.parse(source, language=language)
        if self._types is None:
            return []
        text = source.source.decode() if parsed else source
        return self._types.predict(text, program, top=top, evidence=evidence, cancelled=cancelled)

    def predict_tokens(
        self, code: str, tokens: Sequence[Typed], *, top: int = 5
    ) -> list[tuple[Candidate, ...]]:
        """Predict the types of some tokens of a text that need not parse.

        Args:
            code: tokens with spaces between them, as in DeepTyper's data.
            tokens: those whose types are wanted.
            top: candidates for each token.

        Returns:
            Candidates for each token, most probable first; none if the model has no type head.
        """
        if self._types is None or not tokens:
            return []
        return self._types.predict_tokens(code, tokens, top=top)

    def predict_names(
        self,
        source: str | augment.Program,
        *,
        language: augment.Language = "javascript",
        top: int = 5,
        function: Span | None = None,
        hidden: str | None = None,
    ) -> list[NamePrediction]:
        """Predict names for a function from its body, in which its own name is hidden.

        Args:
            source: a text with at least one function, or the parsed text.
            language: "javascript", "typescript" or "tsx", of a text.
            top: most names to return.
            function: span of the function; by default the first of the source.
            hidden: the name to hide, if the source around the function does not show it.

        Returns:
            Legal names that are not reserved, best first; none if the model has no name decoder.

        Raises:
            augment.ParseError: the source does not parse.
            InputError: there is no function, or none at that span.
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

    def predict_name(
        self, source: str | augment.Program, **options: Unpack[_NameOptions]
    ) -> list[NamePrediction]:
        """Predict names: the former name of `predict_names`."""
        warn_renamed("predict_name", "predict_names")
        return self.predict_names(source, **options)

    def head(self, name: str) -> HeadAnswers:
        """Return the answers of a head by its name, such as "types".

        Raises:
            InputError: the model has no such head.
        """
        if name not in self.heads:
            raise InputError(f"the model has no head for {name}", path=self.folder)
        return self.heads[name]
