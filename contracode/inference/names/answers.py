"""The answers of the name head: names for the functions of a source."""

import functools

import numpy as np

import augment
from contracode.inference.head_answers import HeadAnswers, ModelFiles
from contracode.inference.heads.names import NAME_STEP_ONNX, WORDS, NameSection
from contracode.inference.model_folder import CONFIG
from contracode.inference.names.beam import beam_search
from contracode.inference.names.decoder import FILE as WORD_DECODER
from contracode.inference.names.decoder import WordNamer, pool_hidden_name
from contracode.inference.names.features import function_words
from contracode.inference.names.naming import NameVocabulary, hidden_pieces, hide_name
from contracode.inference.onnx_graphs import GraphSignature
from contracode.javascript.records import NamePrediction
from contracode.support.errors import InputError


class NameAnswers(HeadAnswers):
    """Predicts names of functions.

    Raises:
        InputError: a file of the decoder is missing, or its pieces are not the tokenizer's.
    """

    def __init__(self, files: ModelFiles, section: NameSection) -> None:
        self.section = section
        self._files = files
        self._tokenizer = files.tokenizer
        if max(section.pieces, default=0) >= self._tokenizer.size:
            raise InputError(
                f"names.pieces has {max(section.pieces)}, but the tokenizer has "
                f"{self._tokenizer.size} pieces",
                path=files.folder / CONFIG,
            )
        if not section.pieces:
            for name in (WORD_DECODER, WORDS):
                files.graphs.file(name)
        self.signatures = {
            NAME_STEP_ONNX: GraphSignature(
                {"hidden": (None, None, files.hidden_width), "prefixes": (None, None)},
                {"log_probability": (None, len(section.pieces) + 1)},
            )
        }

    def predict(
        self,
        program: augment.Program,
        function: augment.Function,
        *,
        top: int,
        hidden: str | None = None,
    ) -> list[NamePrediction]:
        """Predict names for one function of a source; see `Model.predict_names`."""
        if self.section.pieces:
            return self._predict_pieces(program, function, top, hidden)
        return self._predict_words(program, function, top, hidden)

    def records(
        self, source: str, *, language: augment.Language, top: int
    ) -> list[dict[str, object]]:
        """Return a record for each function that has a name.

        Raises:
            augment.ParseError: the source does not parse.
        """
        program = augment.parse(source, language=language)
        return [
            {
                "name": function.name,
                "line": program.source.count(b"\n", 0, function.node.start) + 1,
                "span": function.node.span,
                "candidates": [
                    {"name": one.name, "probability": round(one.probability, 6)}
                    for one in self.predict(program, function, top=top)
                ],
            }
            for function in program.functions
            if function.name is not None
        ]

    def _predict_pieces(
        self, program: augment.Program, function: augment.Function, top: int, hidden: str | None
    ) -> list[NamePrediction]:
        section, graphs = self.section, self._files.graphs
        ids_T = hide_name(program, function, self._tokenizer, name=hidden)[: section.window]
        hidden_BTD, _ = graphs.encode([ids_T], section.encoder)

        def step(prefixes_BL: np.ndarray) -> np.ndarray:
            (log_probability_BV,) = graphs.run(
                NAME_STEP_ONNX, {"hidden": hidden_BTD, "prefixes": prefixes_BL}
            )
            return log_probability_BV

        found = beam_search(
            step,
            width=max(top, section.beam),
            max_length=section.max_pieces,
            starts_V=self._vocabulary.starts_V,
        )
        return self._vocabulary.names(found)[:top]

    def _predict_words(
        self, program: augment.Program, function: augment.Function, top: int, hidden: str | None
    ) -> list[NamePrediction]:
        section, namer = self.section, self._namer
        words = function_words(program, function, namer.buckets, name=hidden)
        pooled_H = None
        if section.encoder:
            ids_T = hidden_pieces(program, function, self._tokenizer, section.window, name=hidden)
            (hidden_TH,), _ = self._files.graphs.encode([ids_T], section.encoder)
            pooled_H = pool_hidden_name(hidden_TH, ids_T, self._tokenizer.mask_id)
        return namer.predict(
            words, top=top, width=section.beam, max_words=section.max_pieces, pooled_H=pooled_H
        )

    @functools.cached_property
    def _vocabulary(self) -> NameVocabulary:
        return NameVocabulary(self._tokenizer, self.section.pieces)

    @functools.cached_property
    def _namer(self) -> WordNamer:
        return WordNamer.load(self._files.folder, self._files.lines(WORDS))
