"""From what is read of names in a source to ranked types: features, the encoder where the head
reads one, and type names of the file.

Legend: N targets, O targets and then type names, T pieces, D width of hidden states, C type names,
    R forms of a type, S
scores, K kinds.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

import augment
from contracode.inference.heads.types import TYPE_NAMES_ONNX, TYPES_ONNX, TypeSection
from contracode.inference.onnx_graphs import Graphs
from contracode.inference.types.evidence import Evidence, contradicted, unless_all
from contracode.inference.types.features import FORMS, Features, Typed, TypeName
from contracode.inference.types.pointing import join_scores, point, softmax
from contracode.inputs import windows
from contracode.inputs.tokenizer import Tokenizer
from contracode.javascript.records import COMPLEX, KINDS, Cancelled, Candidate, Span
from contracode.javascript.typing.targets import TypeTarget

KEPT_WINDOWS = 256
"""Encoded windows that are kept: those of a file of 5,000 lines, in 25 MB. An edit leaves all but
one or two of them as they were.
"""

KEPT_EVIDENCE = 512
"""Kinds of evidence for which it is kept what of the vocabulary it contradicts, a byte for each
type.
"""

POOLED = 1 << 19
"""Bytes of source that are pooled at once: a name may occur in thousands of places, and be that of
thousands of functions.
"""

_TYPE_PARAMETER = re.compile(r"(?<![\w$.])[A-Z]\d?(?![\w$])")


class TypeRanker:
    """Ranks the types of targets.

    Args:
        graphs: of the model's folder.
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
            program: it, parsed; one that is none is cut between pieces.
            targets: what is asked.
            names: of types of the source, that may be pointed to.
            features: of the source.
            top: candidates for each.
            cancelled: asked between steps.

        Raises:
            Cancelled: `cancelled` answered true.
        """
        head = self._head
        mean_OD, max_OD = self._pooled(
            source, program, [one.occurrences for one in (*targets, *names)], cancelled
        )
        kind_N = np.asarray([KINDS.index(target.kind) for target in targets], np.int64)
        asked = {"mean": mean_OD[: len(targets)], "max": max_OD[: len(targets)], "kind": kind_N}
        named = {"mean": mean_OD[len(targets) :]}
        if head.features:
            asked["features"] = features.targets(targets, head.features)
            named["features"] = features.names(names, head.features)
        stop_if(cancelled)
        said = self._graphs.run(TYPES_ONNX, asked)
        scores_NS, types = said[0], list(self._types)
        if names:
            (key_CP,) = self._graphs.run(TYPE_NAMES_ONNX, named)
            pointed_NCR = point(said[1], said[2], key_CP, features.fits(targets, names))
            stop_if(cancelled)
            made = [[form.format(name.name) for form in FORMS] for name in names]
            output_CR = np.asarray(
                [[self._output_of.get(type, 0) for type in row] for row in made], np.int64
            )
            scores_NS = join_scores(scores_NS, pointed_NCR, output_CR)
            types += [type for row in made for type in row]
        out_NS = self._ruled_out(targets, types[len(self._types) :])
        # What a function returns shows its type: what is left takes the place of what is ruled out,
        # all of it where nothing is returned. What a name starts with shows less, as who annotates
        # it means something wider: there the share of what is ruled out is lost.
        returned_N = np.asarray([target.kind == "return" for target in targets])
        scores_NS[:, 1:][out_NS & returned_N[:, None]] = -np.inf
        empty_N = np.asarray(
            [isinstance(one, TypeTarget) and one.return_evidence == "nothing" for one in targets]
        )
        scores_NS[empty_N & out_NS.any(axis=1), 0] = -np.inf
        temperature_K = np.asarray(head.temperatures or [head.temperature] * len(KINDS), np.float32)
        # Output 0 is every type that cannot be said: it takes its share of probability and is not
        # shown.
        probability_NS = softmax(scores_NS / temperature_K[kind_N][:, None])[:, 1:]
        probability_NS[out_NS] = 0
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

    def _pooled(
        self,
        source: str,
        program: augment.Program | None,
        occurrences: Sequence[Sequence[Span]],
        cancelled: Callable[[], bool] | None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and maximum of what the encoder says of names where they occur; zeros where
        the head reads none of it.
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
        """Encode any number of pieces in overlapping windows, one hidden state for each: float32
        (T, D).

        Windows in whose cores no piece is wanted are left out; their states are anything.
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
        """Encode the pieces of one window, given as what a cache can look up: float32 (T, D)."""
        (hidden_TD,), _ = self._graphs.encode([np.frombuffer(ids, np.uint16)], self._head.encoder)
        return hidden_TD

    def _ruled_out(self, targets: Sequence[Typed], made: Sequence[str]) -> np.ndarray:
        """Return which types the source rules out for each target: bool (N, S), of the vocabulary
        and then of the types made of names.
        """
        known: dict[Evidence, np.ndarray] = {
            Evidence(): np.zeros(len(self._types) + len(made), bool)
        }
        rows: list[np.ndarray] = []
        for target in targets:
            shown = Evidence()  # of a token
            if isinstance(target, TypeTarget):
                given = target.return_evidence if target.kind == "return" else None
                shown = Evidence(
                    target.value_kind, given, target.is_async, target.is_generator, target.called
                )
            if (
                shown not in known
            ):  # many targets show the same, and the vocabulary has thousands of types for every source
                out_S = np.concatenate([self._contradicted(shown), contradicted(made, shown)])
                known[shown] = unless_all(out_S)
            rows.append(known[shown])
        return np.stack(rows)

    def _unsayable(self, program: augment.Program) -> list[int]:
        """Return the types that no annotation in a source can be: the label that stands for many,
        and type parameters of other sources.
        """
        there = {*program.text_of}
        return [i for i, names in self._bound.items() if not there.issuperset(names)]

    def _leave_out_own_names(
        self, probability_NS: np.ndarray, targets: Sequence[Typed], types: Sequence[str]
    ) -> None:
        """Rule out that something is of a type of its own name: `Buffer` is the class, and what is
        made by it is called otherwise.
        """
        made = {name: len(self._types) + i for i, name in enumerate(types[len(self._types) :])}
        for n, target in enumerate(targets):
            if target.kind != "return" and target.name[:1].isupper():
                for output in (self._output_of.get(target.name, 0) - 1, made.get(target.name, -1)):
                    if output >= 0:
                        probability_NS[n, output] = 0

    @functools.cached_property
    def _bound(self) -> dict[int, list[str]]:
        """The types that cannot be said everywhere, and the names in them that the source must
        have.
        """
        found = {i: _TYPE_PARAMETER.findall(type) for i, type in enumerate(self._types)}
        found |= {i: [COMPLEX] for i, type in enumerate(self._types) if type == COMPLEX}
        return {i: names for i, names in found.items() if names}


def stop_if(cancelled: Callable[[], bool] | None) -> None:
    """Raise `Cancelled` where it answers true."""
    if cancelled is not None and cancelled():
        raise Cancelled


def _parts(occurrences: Sequence[Sequence[Span]]) -> Iterator[Sequence[Sequence[Span]]]:
    """Cut targets into consecutive parts that are pooled at once, of `POOLED` bytes of source at
    most where one alone has not more.
    """
    start = held = 0
    for number, spans in enumerate(occurrences):
        size = sum(end - start for start, end in spans)
        if number > start and held + size > POOLED:
            yield occurrences[start:number]
            start, held = number, 0
        held += size
    yield occurrences[start:]


def _highest(values_S: np.ndarray, count: int) -> np.ndarray:
    """Return the indices of the `count` highest values, the highest first, the first of equal ones
    first.
    """
    if 0 < count < len(values_S):
        least = np.partition(values_S, len(values_S) - count)[len(values_S) - count]
        (chosen,) = np.nonzero(values_S >= least)
    else:
        chosen = np.arange(len(values_S))
    return chosen[np.argsort(-values_S[chosen], kind="stable")][:count]
