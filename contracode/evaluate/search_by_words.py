"""Search by words: find a function by the first sentence of its documentation.

The gallery of a query is all functions of its repository, without their comments. Each method
scores the functions of the gallery; rankings of two methods are fused by reciprocal ranks.

Legend: Q queries, N functions of a repository, D dimensions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from contracode.corpus.storage.rows import FunctionRecord
from contracode.evaluate.report import Progress, Report
from contracode.evaluate.resampling import Draws, Sampled
from contracode.inference.bag_model import BagModel
from contracode.inputs.bags.counting import summary_bag
from contracode.javascript.leaves import leaves
from contracode.javascript.leaves import words as code_words
from contracode.javascript.subtokens import subtokens
from contracode.support.errors import InputError

Scorer = Callable[["Gallery"], np.ndarray]
"""Scores each query against each function of a gallery: float (Q, N)."""

MIN_WORDS = 3
"""Minimum number of different words of a query."""

NAME_WEIGHT = 3
"""Number of repetitions of a function's name in the text that BM25 and TF-IDF index."""

RANK_OFFSET = 60
"""Constant of reciprocal rank fusion.

Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion Outperforms Condorcet and Individual
    Rank Learning Methods, SIGIR 2009.
"""


@dataclass(frozen=True, slots=True)
class Gallery:
    """The functions of one repository, and queries for some of them.

    Attributes:
        sources: the sources of N functions.
        names: their names.
        queries: Q sentences.
        right_Q: index of the function that each query describes.
        groups: file of each query's function, the group of the bootstrap.
    """

    sources: list[str]
    names: list[str]
    queries: list[str]
    right_Q: np.ndarray
    groups: list[str]


def galleries(rows: Iterable[FunctionRecord], *, limit: int | None = None) -> list[Gallery]:
    """Return a gallery for each repository that has queries.

    Args:
        rows: functions of any number of repositories.
        limit: maximum number of functions of a repository.

    Raises:
        InputError: no repository has two functions and documentation for one of them.
    """
    of_repository: defaultdict[str, list[FunctionRecord]] = defaultdict(list)
    for row in rows:
        if row.func_name and (limit is None or len(of_repository[row.repo]) < limit):
            of_repository[row.repo].append(row)
    found = [one for one in map(_gallery, of_repository.values()) if len(one.queries)]
    if not any(len(one.sources) > 1 for one in found):
        raise InputError("no repository has two functions, one with documentation of three words")
    return found


def _gallery(rows: Sequence[FunctionRecord]) -> Gallery:
    asked = [n for n, row in enumerate(rows) if len(summary_bag(row.docstring).keys_F) >= MIN_WORDS]
    return Gallery(
        sources=[row.code for row in rows],
        names=[row.func_name.rpartition(".")[2] for row in rows],
        queries=[_sentence(rows[number].docstring) for number in asked],
        right_Q=np.asarray(asked, np.int64),
        groups=[f"{rows[number].repo}/{rows[number].path}" for number in asked],
    )


def _sentence(documentation: str) -> str:
    """Return the first paragraph of a comment, without tags."""
    return documentation.split("\n@")[0].split("\n\n")[0].strip()


def bm25(gallery: Gallery) -> np.ndarray:
    """Score by BM25 (bm25s) over the words of the code and, `NAME_WEIGHT` times, of the name."""
    try:
        import bm25s
    except ImportError:
        raise InputError("BM25 needs `pip install 'contracode[evaluate]'`") from None
    index = bm25s.BM25()
    index.index(_documents(gallery), show_progress=False)
    rows = [
        [word for word in subtokens(query) if word in index.vocab_dict] for query in gallery.queries
    ]
    nothing_N = np.zeros(len(gallery.sources))
    return np.stack([index.get_scores(row) if row else nothing_N for row in rows])


def tf_idf(gallery: Gallery) -> np.ndarray:
    """Score by the cosine of TF-IDF vectors (scikit-learn) of the same words as `bm25`."""
    try:
        from sklearn.feature_extraction import text
    except ImportError:
        raise InputError("TF-IDF needs `pip install 'contracode[evaluate]'`") from None
    kind: Any = text.TfidfVectorizer  # the stubs take a string for the analyzer
    vectorizer = kind(analyzer=list, sublinear_tf=True)
    documents = vectorizer.fit_transform(_documents(gallery))
    queries = vectorizer.transform([subtokens(query) for query in gallery.queries])
    return np.asarray((queries @ documents.T).todense())


def _documents(gallery: Gallery) -> list[list[str]]:
    return [
        [*code_words(source), *NAME_WEIGHT * subtokens(name)]
        for source, name in zip(gallery.sources, gallery.names, strict=True)
    ]


def by_bags(model: BagModel, name_weight: float) -> Scorer:
    """Return a scorer that compares a query with a function and, with a weight, with its name."""

    def score(gallery: Gallery) -> np.ndarray:
        queries_QD = model.encode_queries(gallery.queries)
        code_ND = model.encode(gallery.sources, function_names=gallery.names)
        names_ND = model.encode_queries(gallery.names)
        return queries_QD @ code_ND.T + name_weight * (queries_QD @ names_ND.T)

    return score


def by_encoder(embed: Callable[[list[str]], np.ndarray]) -> Scorer:
    """Return a scorer by the cosine of an encoder's vectors of a query and of name and code."""

    def score(gallery: Gallery) -> np.ndarray:
        texts = [
            " ".join([name, *(leaf.text for leaf in leaves(source))])
            for name, source in zip(gallery.names, gallery.sources, strict=True)
        ]
        queries_QD, code_ND = (_unit(embed(one)) for one in (gallery.queries, texts))
        return queries_QD @ code_ND.T

    return score


def fused(*scores: np.ndarray) -> np.ndarray:
    """Return the sum of the reciprocal ranks of several scorings."""
    total = np.zeros(scores[0].shape)
    for one in scores:
        ranks = np.argsort(np.argsort(-one, axis=1, kind="stable"), axis=1) + 1
        total += 1 / (RANK_OFFSET + ranks)
    return total


def evaluate_words(
    found: Sequence[Gallery],
    methods: dict[str, Scorer],
    fusions: dict[str, tuple[str, str]],
    *,
    models: Sequence[str] = (),
    seed: int = 0,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Measure MRR, recall at 1 and recall at 10 of methods, and of fusions of two methods.

    Args:
        found: the galleries.
        methods: methods by name.
        fusions: name of a fusion -> names of its two methods.
        models: methods whose differences from the others are reported.
        seed: seed of the intervals.
        progress: called after each method and repository.
    """
    ranks: defaultdict[str, list[np.ndarray]] = defaultdict(list)
    steps = len(found) * len(methods)
    done = 0
    for gallery in found:
        scores: dict[str, np.ndarray] = {}
        for name, scorer in methods.items():
            scores[name] = scorer(gallery)
            done += 1
            progress(done, steps)
        for name, (one, other) in fusions.items():
            scores[name] = fused(scores[one], scores[other])
        for name, scored in scores.items():
            ranks[name].append(ranks_of(scored, gallery.right_Q))
    groups = [group for gallery in found for group in gallery.groups]
    draws = Draws(groups, seed=seed)
    measured: dict[str, dict[str, Sampled]] = {}
    report = Report(task="words", num_items=len(groups), num_groups=len(set(groups)))
    for name, parts in ranks.items():
        ranks_Q = np.concatenate(parts)
        values = {"MRR": 1 / ranks_Q, "R@1": ranks_Q <= 1, "R@10": ranks_Q <= 10}
        measured[name] = {
            metric: draws.mean(np.asarray(value, np.float64), groups)
            for metric, value in values.items()
        }
        for metric, sampled in measured[name].items():
            report.add_sampled(name, metric, sampled)
    report.add_differences(models, measured)
    return report


def ranks_of(scores_QN: np.ndarray, right_Q: np.ndarray) -> np.ndarray:
    """Return the rank of each query's function, from 1; tied functions have their mean rank."""
    own_Q1 = scores_QN[np.arange(len(right_Q)), right_Q][:, None]
    return 1 + (scores_QN > own_Q1).sum(axis=1) + ((scores_QN == own_Q1).sum(axis=1) - 1) / 2


def _unit(rows_ND: np.ndarray) -> np.ndarray:
    return rows_ND / np.maximum(np.linalg.norm(rows_ND, axis=1, keepdims=True), 1e-12)
