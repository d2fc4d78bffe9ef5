"""Ranked types of the names of a source, from features, the encoder and the file's type names.

Legend: N targets, O targets followed by type names, T pieces, D width of hidden states, C type
    names, R forms of a type, S types, K kinds of targets.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

import augment
from contracode.inference.heads.types import TYPE_NAMES_ONNX, TYPES_ONNX, TypeSection
from contracode.inference.onnx_graphs import Graphs
from contracode.inference.types.evidence import ShownEvidence, contradicted, unless_all
from contracode.inference.types.features import FORMS, Features, Typed, TypeName
from contracode.inference.types.pointing import join_scores, point, softmax
from contracode.inputs import windows
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import COMPLEX, KINDS, Cancelled, Candidate, Span
from contracode.javascript.typing.targets import TypeTarget

KEPT_WINDOWS = 256
"""Encoded windows that are cached: those of a file of 5,000 lines, in 25 MB. An edit changes one or
two of them.
"""

KEPT_EVIDENCE = 512
"""Values of evidence for which the contradicted types of the vocabulary are cached."""

POOLED = 1 << 19
"""Bytes of source that are pooled at once; a name may occur in thousands of places."""

_TYPE_PARAMETER = re.compile(r"(?<![\w$.])[A-Z]\d?(?![\w$])")


class TypeRanker:
    """Ranks the types of targets.

    Args:
        graphs: of the model folder.
        tokenizer: of the encoder.
        head: facts of the head.
        types: its vocabulary.
        width: of the encoder's hidden states.
    """

    def __init__(
        self,
        graphs: Graphs,
        tokenizer: Tokenizer,
        head: TypeSection,
        types: Sequence[str],
        *,
        width: int,
    ) -> None:
        self._graphs = graphs
        self._tokenizer = tokenizer
        self._head = head
        self._types = types
        self._width = width
        self._output_of = {name: output for output, name in enumerate(types, start=1)}
        self._contradicted = functools.lru_cache(maxsize=KEPT_EVIDENCE)(
            functools.partial(contradicted, types)
        )
        self._hidden = functools.lru_cache(maxsize=KEPT_WINDOWS)(self._encode)

    def rank(
        self,
        source: str,
        program: augment.Program | None,
        targets: Sequence[Typed],
        names: Sequence[TypeName],
        features: Features,
        top: int,
        cancelled: Callable[[], bool] | None,
    ) -> list[tuple[Candidate, ...]]:
        """Return the most probable types of targets of a source.

        Args:
            source: text.
            program: the parsed source, or None if it does not parse.
            targets: whose types are wanted.
            names: type names of the source that may be pointed to.
            features: of the source.
            top: candidates for each target.
            cancelled: called between steps; returns true to stop.

        Raises:
            Cancelled: `cancelled` returned true.
        """
        scores_NS, made = self._scores(source, program, targets, names, features, cancelled)
        types = [*self._types, *made]
        out_NS = self._ruled_out(targets, made)
        probability_NS = self._probabilities(scores_NS, out_NS, targets)
        if program is not None:
            probability_NS[:, self._unsayable(program)] = 0
            self._leave_out_own_names(probability_NS, targets, types)
        return [
            tuple(
                Candidate(types[i], float(probability_S[i]))
                for i in _highest(probability_S, top)
                if probability_S[i] > 0
            )
            for probability_S in probability_NS
        ]

    def _scores(
        self,
        source: str,
        program: augment.Program | None,
        targets: Sequence[Typed],
        names: Sequence[TypeName],
        features: Features,
        cancelled: Callable[[], bool] | None,
    ) -> tuple[np.ndarray, list[str]]:
        """Return the scores of output 0, the vocabulary and the types made of names: (N, 1 + S).

        Also returns the types made of names.
        """
        head = self._head
        mean_OD, max_OD = self._pooled(
            source, program, [one.occurrences for one in (*targets, *names)], cancelled
        )
        kind_N = _kinds(targets)
        target_inputs = {
            "mean": mean_OD[: len(targets)],
            "max": max_OD[: len(targets)],
            "kind": kind_N,
        }
        name_inputs = {"mean": mean_OD[len(targets) :]}
        if head.features:
            target_inputs["features"] = features.targets(targets, head.features)
            name_inputs["features"] = features.names(names, head.features)
        stop_if(cancelled)
        outputs = self._graphs.run(TYPES_ONNX, target_inputs)
        if not names:
            return outputs[0], []
        (key_CP,) = self._graphs.run(TYPE_NAMES_ONNX, name_inputs)
        pointer_scores_NCR = point(outputs[1], outputs[2], key_CP, features.fits(targets, names))
        stop_if(cancelled)
        made = [[form.format(name.name) for form in FORMS] for name in names]
        output_CR = np.asarray(
            [[self._output_of.get(type, 0) for type in row] for row in made], np.int64
        )
        joined_NS = join_scores(outputs[0], pointer_scores_NCR, output_CR)
        return joined_NS, [type for row in made for type in row]

    def _probabilities(
        self, scores_NS: np.ndarray, out_NS: np.ndarray, targets: Sequence[Typed]
    ) -> np.ndarray:
        """Return calibrated probabilities (N, S), without those of types that are ruled out.

        What a function returns is certain, so the remaining types take over the probability of what
        it rules out. An initial value is weaker evidence, as annotations are often wider: there
        that probability is lost.
        """
        head = self._head
        returned_N = np.asarray([target.kind == "return" for target in targets])
        scores_NS[:, 1:][out_NS & returned_N[:, None]] = -np.inf
        empty_N = np.asarray(
            [isinstance(one, TypeTarget) and one.return_evidence == "nothing" for one in targets]
        )
        scores_NS[empty_N & out_NS.any(axis=1), 0] = -np.inf
        temperature_K = np.asarray(head.temperatures or [head.temperature] * len(KINDS), np.float32)
        # Output 0 stands for all types outside the vocabulary: it takes its share of probability
        # and is not shown.
        probability_NS = softmax(scores_NS / temperature_K[_kinds(targets)][:, None])[:, 1:]
        probability_NS[out_NS] = 0
        return probability_NS

    def _pooled(
        self,
        source: str,
        program: augment.Program | None,
        occurrences: Sequence[Sequence[Span]],
        cancelled: Callable[[], bool] | None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and maximum of the hidden states of each name's occurrences, (O, D) each.

        Zeros if the head reads no encoder.
        """
        if not self._head.encoder:
            nothing_ND = np.zeros((len(occurrences), self._width), np.float32)
            return nothing_ND, nothing_ND
        encoding = self._tokenizer.encode(source)
        places = windows.breaks(program, encoding.spans) if program is not None else ()
        wanted_T = windows.covered(
            encoding.spans, {span for spans in occurrences for span in spans}
        )
        hidden_TD = self._encode_long(encoding.ids, wanted_T, places, cancelled)
        pooled: list[tuple[np.ndarray, np.ndarray]] = []
        for part in _parts(occurrences):
            stop_if(cancelled)
            pooled.append(windows.pool(hidden_TD, windows.occurrences(encoding.spans, part)))
        mean, highest = zip(*pooled, strict=True)
        return np.concatenate(mean), np.concatenate(highest)

    def _encode_long(
        self,
        ids_T: np.ndarray,
        wanted_T: np.ndarray,
        places: Sequence[windows.Break],
        cancelled: Callable[[], bool] | None,
    ) -> np.ndarray:
        """Encode any number of pieces in overlapping windows: float32 (T, D).

        Windows without a wanted piece are skipped; their states are undefined.
        """
        hidden_TD = np.empty((len(ids_T), self._width), np.float32)
        for window in windows.with_context(len(ids_T), self._head.window, places):
            if not wanted_T[window.core_start : window.core_stop].any():
                continue
            stop_if(cancelled)
            core = slice(window.core_start - window.start, window.core_stop - window.start)
            encoded_TD = self._hidden(ids_T[window.start : window.stop].tobytes())
            hidden_TD[window.core_start : window.core_stop] = encoded_TD[core]
        return hidden_TD

    def _encode(self, ids: bytes) -> np.ndarray:
        """Encode the pieces of one window, given as bytes for the cache: float32 (T, D)."""
        (hidden_TD,), _ = self._graphs.encode([np.frombuffer(ids, np.uint16)], self._head.encoder)
        return hidden_TD

    def _ruled_out(self, targets: Sequence[Typed], made: Sequence[str]) -> np.ndarray:
        """Return which types the source rules out for each target: bool (N, S)."""
        known: dict[ShownEvidence, np.ndarray] = {
            ShownEvidence(): np.zeros(len(self._types) + len(made), bool)
        }
        rows: list[np.ndarray] = []
        for target in targets:
            shown = ShownEvidence()  # of a token
            if isinstance(target, TypeTarget):
                given = target.return_evidence if target.kind == "return" else None
                shown = ShownEvidence(
                    target.value_kind, given, target.is_async, target.is_generator, target.called
                )
            # Many targets show the same, and the vocabulary has thousands of types.
            if shown not in known:
                out_S = np.concatenate([self._contradicted(shown), contradicted(made, shown)])
                known[shown] = unless_all(out_S)
            rows.append(known[shown])
        return np.stack(rows)

    def _unsayable(self, program: augment.Program) -> list[int]:
        """Return the types that cannot be written in a source: a label that stands for many types,
        and type parameters that the source does not have.
        """
        there = {*program.text_of}
        return [i for i, names in self._bound.items() if not there.issuperset(names)]

    def _leave_out_own_names(
        self, probability_NS: np.ndarray, targets: Sequence[Typed], types: Sequence[str]
    ) -> None:
        """Exclude types with the target's own name: `Buffer` is a class, not an instance."""
        made = {name: len(self._types) + i for i, name in enumerate(types[len(self._types) :])}
        for n, target in enumerate(targets):
            if target.kind != "return" and target.name[:1].isupper():
                for output in (self._output_of.get(target.name, 0) - 1, made.get(target.name, -1)):
                    if output >= 0:
                        probability_NS[n, output] = 0

    @functools.cached_property
    def _bound(self) -> dict[int, list[str]]:
        """Types that can be written in some sources only -> the names that the source must have."""
        found = {i: _TYPE_PARAMETER.findall(type) for i, type in enumerate(self._types)}
        found |= {i: [COMPLEX] for i, type in enumerate(self._types) if type == COMPLEX}
        return {i: names for i, names in found.items() if names}


def _kinds(targets: Sequence[Typed]) -> np.ndarray:
    return np.asarray([KINDS.index(target.kind) for target in targets], np.int64)


def stop_if(cancelled: Callable[[], bool] | None) -> None:
    """Raise `Cancelled` if a callback returns true."""
    if cancelled is not None and cancelled():
        raise Cancelled


def _parts(occurrences: Sequence[Sequence[Span]]) -> Iterator[Sequence[Sequence[Span]]]:
    """Split targets into consecutive runs of at most `POOLED` bytes, or of a single target."""
    start = held = 0
    for number, spans in enumerate(occurrences):
        size = sum(end - start for start, end in spans)
        if number > start and held + size > POOLED:
            yield occurrences[start:number]
            start, held = number, 0
        held += size
    yield occurrences[start:]


def _highest(values_S: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the `count` highest values, highest first; ties keep their order."""
    if 0 < count < len(values_S):
        least = np.partition(values_S, len(values_S) - count)[len(values_S) - count]
        (chosen,) = np.nonzero(values_S >= least)
    else:
        chosen = np.arange(len(values_S))
    return chosen[np.argsort(-values_S[chosen], kind="stable")][:count]
