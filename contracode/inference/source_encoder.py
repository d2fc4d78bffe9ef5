"""Sources to embeddings: cut to the window, encoded, pooled, and joined to what is counted.

An embedding has up to three blocks: what the encoder reads, the counted fragments of the program
(`contracode.inputs.fragment_encoder`), and its names (`contracode.inputs.identifier_vector`).

Legend: N sources, B batch, T pieces, D dimensions of the encoder, W of the fragments, I of the
    names.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

import augment
from contracode.inference.head_spec import ENCODER_ONNX
from contracode.inference.model_folder import WEIGHTS, ModelManifest
from contracode.inference.onnx_graphs import Graphs
from contracode.inputs import windows
from contracode.inputs.fragment_encoder import FragmentEncoder, concat_weighted
from contracode.inputs.input_forms import SourceForms
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.errors import InputError

CHUNK = 256
"""Sources that are embedded at once, so that the encoder reads those of similar length together."""

Progress = Callable[[int, int], None]
"""Called with the number of sources done, and of all."""


class PieceEncoder(Protocol):
    """Encodes pieces; `Graphs` is one."""

    def encode(self, ids: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return hidden states (B, T, D) and pooled vectors (B, D), not normalized."""
        ...


class SourceEncoder:
    """Embeds sources.

    Args:
        encoder: encodes pieces.
        tokenizer: of the encoder.
        manifest: of the model folder.
        fragments: the counted block; None if the model has none.

    Attributes:
        encoder_dim: D.
        identifier_dim: I, 0 if the model reads no names.
    """

    def __init__(
        self,
        encoder: PieceEncoder,
        tokenizer: Tokenizer,
        manifest: ModelManifest,
        fragments: FragmentEncoder | None,
    ) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._manifest = manifest
        self._fragments = fragments
        identifiers = None if fragments is None else fragments.identifiers
        self.identifier_dim = 0 if identifiers is None else identifiers.dimension
        counted = 0 if fragments is None else fragments.dimension
        self.encoder_dim = manifest.dimension - counted - self.identifier_dim

    def embed(
        self,
        sources: Sequence[str],
        *,
        function_names: Sequence[str] | None,
        language: augment.Language,
        dimensions: int | None,
        batch_size: int,
        progress: Progress | None,
    ) -> np.ndarray:
        """Return the embeddings of sources.

        Args:
            sources: any texts.
            function_names: the name of each source, or empty; None to ignore all names.
            language: "javascript", "typescript" or "tsx".
            dimensions: length to which embeddings are cut; None for their whole length.
            batch_size: parts that are encoded at once.
            progress: called after every `CHUNK` sources.

        Returns:
            float32 (N, D + W + I), or (N, D + W) without names; rows of unit norm.
        """
        if not all(isinstance(source, str) for source in sources):
            raise TypeError("sources must be texts")
        if function_names is not None and len(function_names) not in (0, len(sources)):
            raise ValueError(f"{len(function_names)} names for {len(sources)} sources")
        if function_names is not None:
            function_names = function_names or [""] * len(sources)
        size = self._size(dimensions, use_names=function_names is not None)
        vectors_ND = np.zeros((len(sources), size), np.float32)
        for start in range(0, len(sources), CHUNK):
            chunk = slice(start, start + CHUNK)
            names = None if function_names is None else function_names[chunk]
            vectors_ND[chunk] = self._vectors(sources[chunk], names, language, batch_size)[:, :size]
            if progress is not None:
                progress(min(start + CHUNK, len(sources)), len(sources))
        if dimensions is not None:
            vectors_ND /= np.maximum(np.linalg.norm(vectors_ND, axis=1, keepdims=True), 1e-12)
        return vectors_ND

    def _size(self, dimensions: int | None, *, use_names: bool) -> int:
        """Return the length of embeddings; raise ValueError if the model has none so long."""
        whole = self._manifest.dimension - (0 if use_names else self.identifier_dim)
        known = sorted({*self._manifest.nested, whole})
        if dimensions is not None and dimensions not in known:
            raise ValueError(f"embeddings of this model have {known} dimensions, not {dimensions}")
        return whole if dimensions is None else dimensions

    def _vectors(
        self,
        sources: Sequence[str],
        function_names: Sequence[str] | None,
        language: augment.Language,
        batch_size: int,
    ) -> np.ndarray:
        """Embed sources at their full length."""
        fragments = self._fragments
        identifiers = None if fragments is None or function_names is None else fragments.identifiers
        parts: list[np.ndarray] = []
        source_of: list[int] = []
        counted_NW = np.zeros((len(sources), fragments.dimension if fragments else 0), np.float32)
        named_NI = np.zeros((len(sources), self.identifier_dim), np.float32)
        # One source at a time: the syntax tree of a file is many times larger than its text.
        for number, source in enumerate(sources):
            forms = SourceForms(source, language=language)
            for ids_T in self._parts(forms):
                parts.append(ids_T)
                source_of.append(number)
            if fragments is not None:
                counted_NW[number] = fragments.read(forms)
            if identifiers is not None and function_names is not None and forms.program is not None:
                named_NI[number] = identifiers.vector(forms.program, function_names[number])
        vectors_ND = self._pooled(parts, source_of, len(sources), batch_size)
        if self._manifest.fragment_weight is not None:
            vectors_ND = concat_weighted(vectors_ND, counted_NW, self._manifest.fragment_weight)
        return vectors_ND if identifiers is None else identifiers.concat(vectors_ND, named_NI)

    def _pooled(
        self, parts: Sequence[np.ndarray], source_of: Sequence[int], count: int, batch_size: int
    ) -> np.ndarray:
        """Encode parts and return the mean of each source's, weighted by length: (N, D)."""
        sums_ND = np.zeros((count, self.encoder_dim), np.float64)
        order = sorted(range(len(parts)), key=lambda i: len(parts[i]))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            _, pooled_BD = self._encoder.encode([parts[i] for i in chosen])
            for i, vector_D in zip(chosen, pooled_BD, strict=True):
                sums_ND[source_of[i]] += vector_D.astype(np.float64) * len(parts[i])
        return sums_ND / np.linalg.norm(sums_ND, axis=1, keepdims=True)

    def _parts(self, forms: SourceForms) -> Iterator[np.ndarray]:
        """Yield the pieces of a source, cut between statements to at most one window each."""
        text = forms.spelled(self._manifest.reads)
        # UTF-8 cannot encode lone surrogates.
        pieces = self._tokenizer.encode(text.encode(errors="replace"))
        num_pieces = len(pieces.ids)
        if num_pieces == 0:
            yield np.asarray([self._tokenizer.unk_id])  # the vector of an empty text, by convention
        elif num_pieces <= self._manifest.window:
            yield pieces.ids
        else:
            places = forms.breaks(self._manifest.reads, pieces.spans)
            for start, stop in windows.cut(num_pieces, self._manifest.window, places):
                yield pieces.ids[start:stop]

    def fingerprint(self, graphs: Graphs) -> str:
        """Return a SHA-256 of all that the embeddings of a model folder depend on.

        Raises:
            InputError: the weights are missing or broken.
        """
        digest = hashlib.sha256(graphs.file(ENCODER_ONNX).read_bytes())
        path = graphs.file(WEIGHTS)
        try:
            weights = load_file(path)
        except SafetensorError as error:
            raise InputError(str(error), path=path) from None
        for name, weight in sorted(weights.items()):
            if name.startswith("encoder."):  # a graph may read its weights from there
                digest.update(weight.tobytes())
        manifest = self._manifest
        facts = [digest.hexdigest(), manifest.tokenizer, manifest.window, manifest.reads]
        if self._fragments is not None:
            facts += [manifest.fragment_weight, self._fragments.fingerprint]
        return hashlib.sha256(" ".join(map(str, facts)).encode()).hexdigest()
