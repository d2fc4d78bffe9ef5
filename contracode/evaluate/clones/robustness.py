"""Similarity under attack: the worst of N rewrites, by the paper's protocol.

Legend: P pairs, K rewrites, N rewrites that count.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

import augment
from contracode.corpus.labels.datasets import NamedFunction
from contracode.evaluate.clones.attacks import rewritten_scores, worst_of
from contracode.evaluate.clones.clone_set import read_clones
from contracode.evaluate.clones.methods.interface import Method
from contracode.evaluate.clones.rewrites import Rewriter
from contracode.evaluate.report import EvaluationCurve, Report
from contracode.evaluate.resampling import SAMPLES, Draws, Ranking, Sampled
from contracode.support.errors import InputError

WORST = (1, 4, 16)
"""Numbers N of rewrites by all transforms, as in the paper."""

OF_FAMILY = 4
"""Number N of rewrites by one family or one tool."""

PAIRS = 500
"""Default number of attacked pairs."""


class PairSet(NamedTuple):
    """Pairs of programs; the first program of each pair is rewritten.

    Attributes:
        name: the name of the set.
        sources: the programs.
        groups: problem, repository or file of each program.
        first_P: indices of the rewritten programs.
        second_P: indices of the programs that they are compared with.
        positive_P: bool, true for true pairs.
        natural: whether to measure the pairs without an attack as well. This makes no sense for a
            function paired with itself.
    """

    name: str
    sources: Sequence[str]
    groups: Sequence[str]
    first_P: np.ndarray
    second_P: np.ndarray
    positive_P: np.ndarray
    natural: bool


class Attack(NamedTuple):
    """A rewriter that attacks pairs.

    Attributes:
        label: prefix of its metrics in tables.
        rewriter: rewrites programs.
        worst: numbers N of rewrites; the worst of the N counts.
    """

    label: str
    rewriter: Rewriter
    worst: Sequence[int]


def pairs_of_clones(folder: Path, *, field: str, max_pairs: int = PAIRS, seed: int = 0) -> PairSet:
    """Return pairs of a clone set to attack.

    They are the pairs of `clone_pairs_adv.jsonl`, or else true and random pairs of the set.

    Args:
        folder: the clone set.
        field: "anon" or "code".
        max_pairs: maximum number of pairs, half of them true; a sample is drawn if there are more.
        seed: seed of the sample.

    Raises:
        InputError: the folder is not a clone set.
    """
    clones = read_clones(folder)
    pairs = list(clones.attacked) or [pair for pair in clones.pairs if pair.kind in ("pos", "neg")]
    draw = random.Random(seed)
    chosen = []
    for label in (1, 0):
        mine = [pair for pair in pairs if pair.label == label]
        chosen += mine if len(mine) <= max_pairs // 2 else draw.sample(mine, max_pairs // 2)
    return PairSet(
        f"clones, {field}",
        [getattr(program, field) for program in clones.programs],
        [str(program.problem) for program in clones.programs],
        np.asarray([pair.a for pair in chosen]),
        np.asarray([pair.b for pair in chosen]),
        np.asarray([pair.label == 1 for pair in chosen]),
        natural=True,
    )


def pairs_of_functions(
    functions: Sequence[NamedFunction], *, max_pairs: int = PAIRS, seed: int = 0
) -> PairSet:
    """Pair each of `max_pairs / 2` random functions with itself and with another one.

    Raises:
        InputError: fewer than two different functions parse.
    """
    draw = random.Random(seed)
    order = list(range(len(functions)))
    draw.shuffle(order)
    by_path = len({function.repo for function in functions}) == 1
    sources: list[str] = []
    groups: list[str] = []
    for number in order:
        if len(sources) == max_pairs // 2:
            break
        source = functions[number].source
        if source in sources or not _parses(source):
            continue
        sources.append(source)
        groups.append(functions[number].path if by_path else functions[number].repo)
    if len(sources) < 2:
        raise InputError("robustness takes at least two functions that parse and differ")
    own_N = np.arange(len(sources))
    return PairSet(
        "functions",
        sources,
        groups,
        np.concatenate([own_N, own_N]),
        np.concatenate([own_N, np.roll(own_N, 1)]),
        np.arange(2 * len(sources)) < len(sources),
        natural=False,
    )


def _parses(source: str) -> bool:
    try:
        augment.parse(source)
    except augment.ParseError:
        return False
    return True


def evaluate_robustness(
    pairs: PairSet,
    methods: Mapping[str, Method],
    attacks: Sequence[Attack],
    *,
    models: Sequence[str] = (),
    samples: int = SAMPLES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Return the AUROC of each method under each attack.

    A true pair takes the lowest similarity of N rewrites of its first program with the second, a
    false pair the highest.

    Args:
        pairs: the pairs to rank.
        methods: methods by name.
        attacks: the attacks on the first programs.
        models: methods whose paired differences from all others are reported.
        samples: number of bootstrap samples.
        seed: seed of the bootstrap and of the rewrites.
        progress: called after each attack on each method.

    Source: Jain et al., EMNLP 2021, section 4.1.
    """
    left = [pairs.groups[i] for i in pairs.first_P.tolist()]
    right = [pairs.groups[i] for i in pairs.second_P.tolist()]
    draws = Draws([*left, *right], samples=samples, seed=seed)
    attacked: list[int] = sorted(set(pairs.first_P.tolist()))
    rewrites: list[dict[int, list[str]]] = [
        dict(
            zip(
                attacked,
                one.rewriter([pairs.sources[i] for i in attacked], max(one.worst), seed),
                strict=True,
            )
        )
        for one in attacks
    ]
    report = Report(
        task=f"robustness, {pairs.name}", num_items=len(pairs.first_P), num_groups=len(draws.number)
    )
    measured: dict[str, dict[str, Sampled]] = {}
    for done, (name, method) in enumerate(methods.items()):

        def attacked_one(at: int, done: int = done) -> None:
            if progress is not None:
                progress(done * len(attacks) + at, len(methods) * len(attacks))

        measured[name] = {}
        for metric, scores_P in _scores(pairs, method, attacks, rewrites, attacked_one):
            measured[name][metric], _ = draws.areas(scores_P, pairs.positive_P, left, right)
            xs, ys = Ranking(scores_P, pairs.positive_P).curve()
            report.curves.append(EvaluationCurve(method=name, name=metric, xs=xs, ys=ys))
        for metric, sampled in measured[name].items():
            report.add_sampled(name, metric, sampled)
    report.add_differences(models, measured)
    return report


def _scores(
    pairs: PairSet,
    method: Method,
    attacks: Sequence[Attack],
    rewrites: Sequence[Mapping[int, Sequence[str]]],
    attacked: Callable[[int], None],
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each metric, and the scores of the pairs, float (P,)."""
    method.fit(pairs.sources)
    programs = method.read(pairs.sources)
    if pairs.natural:
        yield "natural", programs.similarities(pairs.first_P, programs, pairs.second_P)
    for at, (attack, texts) in enumerate(zip(attacks, rewrites, strict=True), start=1):
        scores_PK = rewritten_scores(method, programs, pairs.first_P, pairs.second_P, texts)
        for worst in attack.worst:
            scores_P = worst_of(scores_PK[:, :worst], pairs.positive_P)
            yield f"{attack.label}worst of {worst}", scores_P
        attacked(at)
