"""Zero-shot clone detection and retrieval, without and under attack.

A clone set is a folder with `clones.jsonl` and `clone_pairs.jsonl`, and for the attack
`clone_pairs_adv.jsonl` and `clones_adv.jsonl`.

Legend: N programs, P pairs, K rewrites, Q attacked pairs.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np

from contracode.evaluate.clones.attacks import rewritten_scores, worst_of
from contracode.evaluate.clones.methods.interface import Method, ProgramSet
from contracode.evaluate.report import EvaluationCurve, Example, Report
from contracode.evaluate.resampling import SAMPLES, Draws, Ranking, Sampled
from contracode.support.errors import InputError

WORST = (1, 4, 8)
"""Numbers N of given rewrites; the worst of the N counts."""

POSITIVE, RANDOM, LENGTH_MATCHED = "pos", "neg", "neg_len"
"""Kinds of pairs."""

_MAX_NEIGHBOURS = 10
"""Maximum number of neighbours in MAP@R, as in the reference scorer."""

_T = TypeVar("_T")


class CloneProgram(msgspec.Struct):
    """One line of `clones.jsonl`: a solution of a problem.

    Attributes:
        problem: the problem.
        code: the program as its author wrote it.
        anon: the program with the problem's names replaced.
        suite: the collection of problems.
    """

    problem: str | int
    code: str
    anon: str
    suite: str = ""


class ClonePair(msgspec.Struct):
    """One line of `clone_pairs.jsonl`.

    Attributes:
        a: index of one program.
        b: index of the other program.
        kind: `POSITIVE`, `RANDOM` or `LENGTH_MATCHED`.
        label: 1 if the programs solve the same problem, else 0.
    """

    a: int
    b: int
    kind: str
    label: int


class _Rewrites(msgspec.Struct):
    """One line of `clones_adv.jsonl`: rewrites of one field of a program."""

    id: int
    field: str
    variants: list[str]


class CloneSet(NamedTuple):
    """A set of clones.

    Attributes:
        programs: all programs.
        pairs: pairs that are compared without an attack.
        attacked: pairs whose first program is rewritten; empty if the set has no rewrites.
        rewrites: (field, program index) -> rewrites.
    """

    programs: Sequence[CloneProgram]
    pairs: Sequence[ClonePair]
    attacked: Sequence[ClonePair] = ()
    rewrites: Mapping[tuple[str, int], Sequence[str]] = {}


def read_clones(folder: Path) -> CloneSet:
    """Read a clone set.

    Raises:
        InputError: a file is missing or malformed, or a pair names a missing program.
    """
    programs = _read_lines(folder / "clones.jsonl", CloneProgram)
    pairs = _read_pairs(folder / "clone_pairs.jsonl", len(programs))
    if not (folder / "clones_adv.jsonl").exists():
        return CloneSet(programs, pairs)
    attacked = _read_pairs(folder / "clone_pairs_adv.jsonl", len(programs))
    rewrites = {
        (found.field, found.id): found.variants
        for found in _read_lines(folder / "clones_adv.jsonl", _Rewrites)
    }
    return CloneSet(programs, pairs, attacked, rewrites)


def evaluate_clones(
    clones: CloneSet,
    methods: Mapping[str, Method],
    *,
    field: str = "anon",
    models: Sequence[str] = (),
    samples: int = SAMPLES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Score methods on a clone set; every figure has a bootstrap interval over problems.

    AUROC and average precision (AP) rank pairs of one problem against as many random pairs, and
    against pairs of similar length. P@1 and MAP@R measure retrieval: each program is a query for
    programs of its problem in its suite. Under attack, the first program of each pair is rewritten
    N times; a true pair takes the lowest similarity of the N, a false pair the highest.

    Args:
        clones: the set.
        methods: methods by name.
        field: "anon" or "code".
        models: methods whose paired differences from all others are reported.
        samples: number of bootstrap samples.
        seed: seed of the bootstrap.
        progress: called after each method.

    Source: Jain et al., EMNLP 2021, section 4.1.
    """
    scorer = _Scorer(clones, field, samples, seed)
    report = Report(
        task=f"clones, {field}", num_items=len(clones.pairs), num_groups=len(set(scorer.problems))
    )
    measured: dict[str, dict[str, Sampled]] = {}
    for number, (name, method) in enumerate(methods.items(), start=1):
        found = measured[name] = scorer.measure(name, method, report, examples=name in models)
        for metric, sampled in found.items():
            report.add_sampled(name, metric, sampled)
        if progress is not None:
            progress(number, len(methods))
    report.add_differences(models, measured)
    return report


class _ScoredPairs(NamedTuple):
    """Pairs that are scored together, and the bootstrap draws of their problems."""

    pairs: list[ClonePair]
    positive_P: np.ndarray
    first_P: np.ndarray
    second_P: np.ndarray
    problems: tuple[list[str | int], list[str | int]]
    draws: Draws

    def areas(self, scores_P: np.ndarray) -> tuple[Sampled, Sampled]:
        return self.draws.areas(scores_P, self.positive_P, *self.problems)


class _Scorer:
    """Measures methods on one field of a clone set."""

    def __init__(self, clones: CloneSet, field: str, samples: int, seed: int) -> None:
        self.field = field
        self.sources: list[str] = [getattr(program, field) for program in clones.programs]
        self.problems = [program.problem for program in clones.programs]
        self._samples, self._seed = samples, seed
        suites = sorted({program.suite for program in clones.programs})
        self._members = {
            suite: [
                number for number, program in enumerate(clones.programs) if program.suite == suite
            ]
            for suite in suites
        }
        self._natural: dict[tuple[str, str], _ScoredPairs] = {}
        for suite in suites:
            inside = [pair for pair in clones.pairs if clones.programs[pair.a].suite == suite]
            for kind in (RANDOM, LENGTH_MATCHED):
                pairs = [pair for pair in inside if pair.kind in (POSITIVE, kind)]
                if any(pair.kind == kind for pair in pairs):
                    self._natural[suite, kind] = self._choose(pairs)
        self._attacked = self._choose(clones.attacked) if clones.attacked else None
        self._rewrites = clones.rewrites

    def _choose(self, pairs: Sequence[ClonePair]) -> _ScoredPairs:
        left, right = (
            [self.problems[pair.a] for pair in pairs],
            [self.problems[pair.b] for pair in pairs],
        )
        return _ScoredPairs(
            list(pairs),
            np.asarray([pair.label == 1 for pair in pairs]),
            np.asarray([pair.a for pair in pairs]),
            np.asarray([pair.b for pair in pairs]),
            (left, right),
            Draws([*left, *right], samples=self._samples, seed=self._seed),
        )

    def measure(
        self, name: str, method: Method, report: Report, *, examples: bool
    ) -> dict[str, Sampled]:
        """Return the figures of a method, and add its curves and examples to the report."""
        method.fit(self.sources)
        programs = method.read(self.sources)
        found: dict[str, Sampled] = {}
        gram_NN = programs.matrix(programs)
        for suite, members in self._members.items():
            prefix = f"{suite} " if len(self._members) > 1 else ""
            for kind, suffix in ((RANDOM, ""), (LENGTH_MATCHED, " length")):
                chosen = self._natural.get((suite, kind))
                if chosen is None:
                    continue
                scores_P = programs.similarities(chosen.first_P, programs, chosen.second_P)
                found[f"{prefix}AUROC{suffix}"], found[f"{prefix}AP{suffix}"] = chosen.areas(
                    scores_P
                )
                report.curves.append(_curve(name, f"{prefix}natural{suffix}", scores_P, chosen))
                if examples and kind == RANDOM:
                    report.examples += self._examples(name, chosen, scores_P)
            own = [self.problems[i] for i in members]
            first_N, precision_N = retrieval(gram_NN[np.ix_(members, members)], own)
            draws = Draws(own, samples=self._samples, seed=self._seed)
            found[f"{prefix}P@1"], found[f"{prefix}MAP@R"] = (
                draws.mean(first_N, own),
                draws.mean(precision_N, own),
            )
        if self._attacked is not None:
            scores_QK = self._under_attack(method, programs, self._attacked)
            for worst in (n for n in WORST if n <= scores_QK.shape[1]):
                scores_Q = worst_of(scores_QK[:, :worst], self._attacked.positive_P)
                found[f"worst of {worst}"], found[f"AP worst of {worst}"] = self._attacked.areas(
                    scores_Q
                )
                report.curves.append(_curve(name, f"worst of {worst}", scores_Q, self._attacked))
        return found

    def _under_attack(
        self, method: Method, programs: ProgramSet, chosen: _ScoredPairs
    ) -> np.ndarray:
        """Return the similarity of each rewrite with the second program of its pair: (Q, K)."""
        missing = [
            number
            for number in chosen.first_P.tolist()
            if not self._rewrites.get((self.field, number))
        ]
        if missing:
            raise InputError(
                f"clones_adv.jsonl has no rewrites of {self.field} of program {missing[0]}"
            )
        rewrites = {
            number: self._rewrites[self.field, number][: max(WORST)]
            for number in chosen.first_P.tolist()
        }
        return rewritten_scores(method, programs, chosen.first_P, chosen.second_P, rewrites)

    def _examples(self, name: str, chosen: _ScoredPairs, scores_P: np.ndarray) -> list[Example]:
        """Return true and false pairs that a method ranks worst and best."""
        ranks_P = scores_P.argsort(kind="stable").argsort(kind="stable") / len(scores_P)
        found: list[Example] = []
        for positive, right in ((True, False), (False, False), (True, True), (False, True)):
            of_kind = np.flatnonzero(chosen.positive_P == positive)
            order = of_kind[np.argsort(ranks_P[of_kind], kind="stable")]
            for at in (order[::-1] if positive == right else order)[:_EXAMPLES].tolist():
                truth = "solve one problem" if positive else "solve two problems"
                text = f"{truth}; more similar than {ranks_P[at]:.0%} of all pairs"
                pair = chosen.pairs[at]
                sources = [self.sources[pair.a], self.sources[pair.b]]
                found.append(Example(method=name, right=right, text=text, sources=sources))
        return found


_EXAMPLES = 2
"""Number of examples of each kind."""


def retrieval(gram_NN: np.ndarray, problems: Sequence[str | int]) -> tuple[np.ndarray, np.ndarray]:
    """Return P@1 and average precision at R of each program: float (N,) both.

    R is the number of other programs of the problem. At most `_MAX_NEIGHBOURS` neighbours count.

    Source: Musgrave et al., A Metric Learning Reality Check, 2020, section 3.2 (MAP@R).
    """
    number = {problem: i for i, problem in enumerate(dict.fromkeys(problems))}
    problem_N = np.asarray([number[problem] for problem in problems])
    gram_NN = gram_NN.copy()
    np.fill_diagonal(gram_NN, -np.inf)
    nearest_NK = np.argsort(-gram_NN, axis=1, kind="stable")[:, :_MAX_NEIGHBOURS]
    hit_NK = problem_N[nearest_NK] == problem_N[:, None]
    others_N = np.bincount(problem_N)[problem_N] - 1
    precision_N = np.zeros(len(problem_N))
    for row, (hit_K, others) in enumerate(zip(hit_NK, others_N.tolist(), strict=True)):
        if others:
            found_R = hit_K[:others]
            precision_N[row] = (
                np.cumsum(found_R) / np.arange(1, len(found_R) + 1) * found_R
            ).sum() / others
    return hit_NK[:, 0].astype(np.float64), precision_N


def _curve(method: str, name: str, scores_P: np.ndarray, chosen: _ScoredPairs) -> EvaluationCurve:
    xs, ys = Ranking(scores_P, chosen.positive_P).curve()
    return EvaluationCurve(method=method, name=name, xs=xs, ys=ys)


def _read_pairs(path: Path, num_programs: int) -> list[ClonePair]:
    pairs = _read_lines(path, ClonePair)
    for number, pair in enumerate(pairs, start=1):
        if not (0 <= pair.a < num_programs and 0 <= pair.b < num_programs):
            raise InputError(
                "a pair names a program that clones.jsonl lacks", path=path, line=number
            )
    return pairs


def _read_lines(path: Path, form: type[_T]) -> list[_T]:
    if not path.is_file():
        raise InputError("no such file", path=path)
    decoder = msgspec.json.Decoder(form)
    found: list[_T] = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(decoder.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise InputError(str(error), path=path, line=number) from None
    if not found:
        raise InputError("is empty", path=path)
    return found
