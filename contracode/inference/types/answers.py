"""The answers of the type head: types of the names of a source."""

import functools
from collections.abc import Callable, Sequence

import augment
from contracode.inference.head_answers import HeadAnswers, ModelFiles
from contracode.inference.heads.types import TYPE_NAMES_ONNX, TYPES, TYPES_ONNX, TypeSection
from contracode.inference.model_folder import CONFIG
from contracode.inference.onnx_graphs import GraphSignature, Shape
from contracode.inference.types.features import Features, Typed, type_names, type_names_of_tokens
from contracode.inference.types.ranking import TypeRanker, stop_if
from contracode.javascript.records import Candidate, TypePrediction
from contracode.javascript.typing.targets import find_targets
from contracode.support.errors import InputError

FEATURES = "types.features.embedding.weight"
"""The weight with a row for each bucket of the hashed features."""


class TypeAnswers(HeadAnswers):
    """Predicts types.

    Attributes:
        types: the vocabulary.
        section: facts of the head.

    Raises:
        InputError: the vocabulary is missing or not UTF-8.
    """

    def __init__(self, files: ModelFiles, section: TypeSection) -> None:
        self.section = section
        self.types = files.lines(TYPES)
        self._files = files
        self.signatures = _signatures(section, files.hidden_width, len(self.types))

    def check(self) -> None:
        """Compare the number of feature buckets with that of the weights.

        Raises:
            InputError: they differ.
        """
        buckets = self._files.graphs.rows(FEATURES)
        if buckets is not None and buckets != self.section.features:
            raise InputError(
                f"types.features is {self.section.features}, but the head has {buckets}",
                path=self._files.folder / CONFIG,
            )

    def predict(
        self,
        source: str,
        program: augment.Program,
        *,
        top: int,
        evidence: bool = True,
        cancelled: Callable[[], bool] | None = None,
    ) -> list[TypePrediction]:
        """Predict the types of a parsed source; see `Model.predict_types`."""
        # Imported with the first prediction, so that a model loads sooner.
        from contracode.inference.types.usage_join import CONSIDERED, Joined, join_all
        from contracode.usage import Usage

        stop_if(cancelled)
        targets = find_targets(program)
        if not targets:
            return []
        stop_if(cancelled)
        names = type_names(program) if self.section.names else []
        features = Features.of_program(program, self.section.splitter)
        count = max(top, CONSIDERED)
        ranked = self._ranker.rank(source, program, targets, names, features, count, cancelled)
        stop_if(cancelled)
        joined = (
            join_all(ranked, targets, Usage(program))
            if evidence
            else [Joined(one) for one in ranked]
        )
        return [
            TypePrediction(
                kind=target.kind,
                name=target.name,
                span=target.span,
                hint_offset=target.hint_offset,
                candidates=found.candidates[:top],
                written=target.written,
                obvious=target.obvious,
                function=target.function,
                evident=found.evident,
                resolves=found.resolves or program.language != "javascript",
            )
            for target, found in zip(targets, joined, strict=True)
        ]

    def predict_tokens(
        self, code: str, tokens: Sequence[Typed], *, top: int
    ) -> list[tuple[Candidate, ...]]:
        """Predict the types of tokens; see `Model.predict_tokens`."""
        names = type_names_of_tokens(code) if self.section.names else []
        return self._ranker.rank(
            code, None, tokens, names, Features.of_tokens(code, self.section.splitter), top, None
        )

    def records(
        self, source: str, *, language: augment.Language, top: int
    ) -> list[dict[str, object]]:
        """Return a record for each name that can carry a type.

        Raises:
            augment.ParseError: the source does not parse.
        """
        program = augment.parse(source, language=language)
        return [_record(source, found) for found in self.predict(source, program, top=top)]

    @functools.cached_property
    def _ranker(self) -> TypeRanker:
        files = self._files
        return TypeRanker(
            files.graphs, files.tokenizer, self.section, self.types, width=files.hidden_width
        )


def _signatures(section: TypeSection, width: int, types: int) -> dict[str, GraphSignature]:
    features: dict[str, Shape] = {"features": (None, None)} if section.features else {}
    pointers: dict[str, Shape] = {"query": (None, None, section.names), "fit": (None, None, None)}
    return {
        TYPES_ONNX: GraphSignature(
            {"mean": (None, width), "max": (None, width), "kind": (None,), **features},
            {"logits": (None, types + 1), **(pointers if section.names else {})},
        ),
        TYPE_NAMES_ONNX: GraphSignature(
            {"mean": (None, width), **features}, {"key": (None, section.names)}
        ),
    }


def _record(source: str, prediction: TypePrediction) -> dict[str, object]:
    before = source.encode()[: prediction.span[0]].decode()
    return {
        "kind": prediction.kind,
        "name": prediction.name,
        "line": before.count("\n") + 1,
        "column": len(before) - before.rfind("\n"),
        "span": prediction.span,
        "hint_offset": prediction.hint_offset,
        "written": prediction.written,
        "obvious": prediction.obvious,
        "candidates": [
            {"type": one.type, "probability": round(one.probability, 6), "reason": one.reason}
            for one in prediction.candidates
        ],
    }
